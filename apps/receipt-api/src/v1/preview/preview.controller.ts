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
import { type Paper, printedForm, toHtml } from '@kkt/documents';
import { buildQr } from '@kkt/ffd';
import { ApiKeyGuard, Caller, Needs } from '../access/api-key.guard';
import type { Principal } from '../access/scopes';
import { mustBe } from '../dto/check-dto';
import { ReceiptBody } from '../dto/receipt-body';
import type { PreviewView } from '../dto/views';
import { Problem } from '../http/problem';
import type { HttpReply, HttpRequest } from '../http/types';
import { OwnApi } from '../own-api';
import { sampleDocument, sampleNumbers, textWarnings } from '../receipts/judgement';
import { PreviewQuery, PrintQuery } from '../receipts/queries';
import { ReceiptDesk } from '../receipts/receipt-desk';
import { ownReceipt } from '../receipts/receipts.controller';
import { type Form, formTypes, formWanted } from './forms';

const note = 'ПРЕДВАРИТЕЛЬНЫЙ ПРОСМОТР, НЕ ФИСКАЛЬНЫЙ ДОКУМЕНТ';

/** What a receipt will look like, and what a registered one looks like. */
@Controller('v1')
@UseGuards(ApiKeyGuard)
export class PreviewController {
  private readonly desk: ReceiptDesk;

  constructor(private readonly api: OwnApi) {
    this.desk = new ReceiptDesk(api);
  }

  @Post('receipts::preview')
  @HttpCode(200)
  @Needs('receipt:write')
  @Header('cache-control', 'no-store')
  async preview(
    @Body() sent: unknown,
    @Query() query: Record<string, unknown>,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
    @Caller() caller: Principal,
  ): Promise<PreviewView | string | Buffer> {
    const { format } = mustBe(PreviewQuery, query);
    const form = formWanted(request, format, ['json', 'html', 'pdf', 'png']);
    const judged = await this.desk.judge(mustBe(ReceiptBody, sent), caller);
    if (!judged.ok) throw new Problem('receipt-refused', { errors: judged.problems });
    const { content, draft, group } = judged;
    const at = `${this.api.wall.today()}T12:00:00`;
    const { bytes, limitBytes } = sampleDocument(content, group.group, at);
    const paper = printedForm(bytes, { note });
    if (form !== 'json') return this.file(form, paper, reply, caller);
    return {
      html: toHtml(paper),
      tlv_hex: bytes.toString('hex'),
      tlv_bytes: bytes.length,
      tlv_limit_bytes: limitBytes,
      qr: buildQr({ ...sampleNumbers, at, totalKop: content.totalKop, sign: content.sign }),
      warnings: textWarnings(draft, content, group.facts) as PreviewView['warnings'],
    };
  }

  /** The printed form of a registered receipt. */
  @Get('receipts/:id/print')
  @Needs('receipt:read')
  @Header('cache-control', 'no-store')
  async print(
    @Param('id') id: string,
    @Query() query: Record<string, unknown>,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
    @Caller() caller: Principal,
  ): Promise<string | Buffer> {
    const { format } = mustBe(PrintQuery, query);
    const form = formWanted(request, format, ['html', 'pdf', 'png']);
    const { proof } = await ownReceipt(this.api, id, caller);
    const document = proof && (await this.api.documents.find(proof.fnNumber, proof.fdNumber));
    if (!proof || !document)
      throw new Problem('state-conflict', {
        detail: 'Чек ещё не зарегистрирован',
        detail_en: 'The receipt is not registered',
      });
    reply.header(
      'content-disposition',
      `inline; filename="receipt-${proof.fnNumber}-${proof.fdNumber}.${form}"`,
    );
    return this.file(form, printedForm(document.tlv, { form: document.form }), reply, caller);
  }

  private async file(
    form: Exclude<Form, 'json'>,
    paper: Paper,
    reply: HttpReply,
    caller: Principal,
  ): Promise<string | Buffer> {
    const made = form === 'html' ? toHtml(paper) : await this.api.press.print(form, paper, caller.clientId);
    reply
      .header('content-type', form === 'html' ? 'text/html; charset=utf-8' : formTypes[form])
      .header('vary', 'accept')
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    return made;
  }
}
