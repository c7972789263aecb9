import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import { formatKop, kopOf } from '@kkt/domain';
import type { ReceiptReport } from '@kkt/storage';
import { ApiKeyGuard, Caller, Needs } from '../access/api-key.guard';
import type { Principal } from '../access/scopes';
import { checkDto, mustBe } from '../dto/check-dto';
import { ReceiptBody } from '../dto/receipt-body';
import type { AcceptedView, JudgementView, ReceiptPageView, ReceiptView } from '../dto/views';
import { cursorOf, isUuid, readCursor } from '../http/cursor';
import { notFound } from '../http/problem';
import { headerOf, type HttpReply, type HttpRequest } from '../http/types';
import { OwnApi } from '../own-api';
import { requestHash } from './canonical';
import { Explainer } from './explainer';
import { documentLimit, paymentsOf, sampleDocument, textWarnings, vatTotalsOf } from './judgement';
import { ReceiptQuery } from './queries';
import { type Accepted, externalIdOf, ReceiptDesk } from './receipt-desk';
import { briefView, receiptView } from './receipt-view';

const usualPage = 50;

/** Writes the answer to an accepted receipt: where it is, and whether it was there before. */
export function answerAccepted(reply: HttpReply, { view, isRepeat }: Accepted): AcceptedView {
  reply.header('location', `/v1/receipts/${view.id}`);
  if (isRepeat) reply.header('idempotent-replayed', 'true');
  return view;
}

/** A receipt of the caller's; unknown and foreign ones alike are not found. */
export async function ownReceipt(api: OwnApi, id: string, caller: Principal): Promise<ReceiptReport> {
  const report = isUuid(id) ? await api.receipts.report(id.toLowerCase()) : undefined;
  if (!report || report.clientId !== caller.clientId) throw notFound();
  if (caller.groupCode !== null && caller.groupCode !== report.groupCode) throw notFound();
  return report;
}

@Controller('v1')
@UseGuards(ApiKeyGuard)
export class ReceiptsController {
  private readonly desk: ReceiptDesk;
  private readonly explainer: Explainer;

  constructor(private readonly api: OwnApi) {
    this.desk = new ReceiptDesk(api);
    this.explainer = new Explainer(api.queue, api.directory, api.clock);
  }

  @Post('receipts')
  @HttpCode(202)
  @Needs('receipt:write')
  async create(
    @Body() sent: unknown,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
    @Caller() caller: Principal,
  ): Promise<AcceptedView> {
    const externalId = externalIdOf(headerOf(request, 'idempotency-key'));
    const body = mustBe(ReceiptBody, sent);
    const judged = await this.desk.judge(body, caller);
    const order = {
      externalId,
      bodyHash: requestHash(sent),
      operation: body.operation,
      callbackUrl: body.callback_url ?? undefined,
    };
    return answerAccepted(reply, await this.desk.accept(judged, order, caller));
  }

  /** The same judgement, with nothing accepted. */
  @Post('receipts::validate')
  @HttpCode(200)
  @Needs('receipt:write')
  async validate(@Body() sent: unknown, @Caller() caller: Principal): Promise<JudgementView> {
    const none = { warnings: [], total: null, payments: [], vat_totals: [], tlv_bytes: null };
    const checked = checkDto(ReceiptBody, sent);
    if (!checked.ok)
      return {
        valid: false,
        errors: checked.problems as JudgementView['errors'],
        ...none,
        tlv_limit_bytes: 32_768,
      };
    const judged = await this.desk.judge(checked.value, caller);
    if (!judged.ok) {
      const tlv_limit_bytes = judged.group ? documentLimit(3, judged.group.group) : 32_768;
      return { valid: false, errors: judged.problems as JudgementView['errors'], ...none, tlv_limit_bytes };
    }
    const { content, draft, group } = judged;
    const document = sampleDocument(content, group.group, `${this.api.wall.today()}T12:00:00`);
    return {
      valid: true,
      errors: [],
      warnings: textWarnings(draft, content, group.facts) as JudgementView['warnings'],
      total: formatKop(content.totalKop),
      payments: paymentsOf(content),
      vat_totals: vatTotalsOf(content),
      tlv_bytes: document.bytes.length,
      tlv_limit_bytes: document.limitBytes,
    };
  }

  @Get('receipts')
  @Needs('receipt:read')
  @Header('cache-control', 'no-store')
  async list(@Query() sent: Record<string, unknown>, @Caller() caller: Principal): Promise<ReceiptPageView> {
    const query = mustBe(ReceiptQuery, sent);
    const groupCode = caller.groupCode ?? query.group ?? undefined;
    if (query.group && caller.groupCode !== null && query.group !== caller.groupCode)
      return { items: [], next: null };
    const { rows, next } = await this.api.history.search(
      {
        clientId: caller.clientId,
        groupCode,
        state: query.state,
        operation: query.operation,
        from: query.from ? new Date(query.from) : undefined,
        to: query.to ? new Date(query.to) : undefined,
        minKop: query.min_total ? kopOf(query.min_total) : undefined,
        maxKop: query.max_total ? kopOf(query.max_total) : undefined,
        externalId: query.external_id,
        fnNumber: query.fn_number,
        fdNumber: query.fd_number ? Number(query.fd_number) : undefined,
        fiscalSign: query.fiscal_sign ? Number(query.fiscal_sign) : undefined,
      },
      query.limit ? Number(query.limit) : usualPage,
      query.cursor ? cursorIn(query.cursor) : undefined,
    );
    return { items: rows.map(briefView), next: next && cursorOf(next.acceptedAt, next.id) };
  }

  @Get('receipts/:id')
  @Needs('receipt:read')
  @Header('cache-control', 'no-store')
  async one(@Param('id') id: string, @Caller() caller: Principal): Promise<ReceiptView> {
    const report = await ownReceipt(this.api, id, caller);
    const [waiting, family] = await Promise.all([
      this.explainer.explain(report),
      this.api.queue.family(report.id),
    ]);
    const origin = family.find(({ receiptId }) => receiptId === report.id);
    return {
      ...receiptView(report, waiting, this.api.link),
      origin: origin ? { id: origin.originalId, kind: origin.kind } : null,
      derived: family
        .filter(({ originalId }) => originalId === report.id)
        .map(({ receiptId, kind }) => ({ id: receiptId, kind })),
    };
  }
}

const cursorIn = (text: string): { acceptedAt: string; id: string } => {
  const { at, id } = readCursor(text);
  return { acceptedAt: at, id };
};
