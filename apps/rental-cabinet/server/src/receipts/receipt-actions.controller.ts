import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { IsUUID } from 'class-validator';
import { FarmError } from '@kkt/contracts';
import { Press, printedForm } from '@kkt/documents';
import { Deriver } from '@kkt/refunds';
import { buyerContact, resendReceipt } from '@kkt/notifications';
import { cabinetPrefix } from '@kkt/sales';
import { CabinetReadStore, CallbackStore, type ReceiptReport, ReceiptStore } from '@kkt/storage';
import type { DerivedPreview, MadeReceipt } from '@kkt/web-contract';
import { type HttpReply, notFound } from '@kkt/web-server';
import { type CabinetParts, PARTS } from '../parts';
import { type Caller, CallerOf, seesContacts, sightOf } from '../session/session.guard';
import { noteOf } from '../session/audit-note';
import { DerivedDto, derivedOf, MakeDto, ResendDto } from './derived-dtos';
import { ReceiptsService } from './receipts.service';

class ReceiptParams {
  @IsUUID()
  id!: string;
}

/** What a person does with one receipt: files of it, sending it again, receipts made from it. */
@Controller('api/receipts/:id')
export class ReceiptActionsController {
  private readonly deriver: Deriver;

  constructor(
    @Inject(PARTS) private readonly parts: CabinetParts,
    @Inject(ReceiptsService) private readonly receipts: ReceiptsService,
    @Inject(ReceiptStore) private readonly reports: ReceiptStore,
    @Inject(CabinetReadStore) private readonly cabinet: CabinetReadStore,
    @Inject(Press) private readonly press: Press,
  ) {
    this.deriver = new Deriver(parts);
  }

  @Get('receipt.pdf')
  async pdf(
    @CallerOf() caller: Caller,
    @Param() { id }: ReceiptParams,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<Buffer> {
    const document = await this.receipts.document(sightOf(caller, 'receipts:read'), id);
    if (!document || document.tlv.length === 0) throw notFound('printed form');
    const personal = seesContacts(caller) ? 'shown' : 'masked';
    const paper = printedForm(document.tlv, { form: document.form, personal });
    const file = await this.press.print('pdf', paper, caller.personId);
    const name = `chek-${document.fnNumber}-${document.fdNumber}.pdf`;
    reply.type('application/pdf').header('content-disposition', `attachment; filename="${name}"`);
    return file;
  }

  /** The receipt with everything known of it. */
  @Get('receipt.json')
  async json(
    @CallerOf() caller: Caller,
    @Param() { id }: ReceiptParams,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<string> {
    const found = await this.receipts.read(sightOf(caller, 'receipts:read'), id, seesContacts(caller));
    if (!found) throw notFound('receipt');
    reply.type('application/json').header('content-disposition', `attachment; filename="receipt-${id}.json"`);
    return JSON.stringify(found, null, 2);
  }

  /** Writes to the buyer again, or to another address that is given. */
  @Post('resend')
  @HttpCode(202)
  async resend(
    @CallerOf() caller: Caller,
    @Param() { id }: ReceiptParams,
    @Body() { contact }: ResendDto,
  ): Promise<void> {
    await this.mine(caller, id);
    const given = contact?.trim();
    const asked = given === undefined ? {} : given.includes('@') ? { email: given } : { phone: given };
    if (given !== undefined && !buyerContact(asked))
      throw new FarmError('CLIENT-CONTACT', 'Это не адрес почты и не номер телефона', { field: 'contact' });
    const { clientId, personId, name } = caller;
    const sent = await resendReceipt(
      this.parts.database,
      {
        id: this.parts.ids.uuid(),
        clientId,
        receiptId: id,
        ...asked,
        actor: { actorKind: 'person', actorId: personId, actorName: name },
      },
      { publicBaseUrl: this.parts.apiUrl, secretKey: this.parts.secretKey },
    );
    if (sent.kind === 'no-receipt') throw new FarmError('CLIENT-STATE', 'Чек ещё не зарегистрирован');
    if (sent.kind === 'no-contact')
      throw new FarmError('CLIENT-CONTACT', 'В чеке нет адреса покупателя: укажите его', {
        field: 'contact',
      });
    if (sent.kind === 'too-often')
      throw new FarmError('CLIENT-SLOW-DOWN', 'Этот чек только что отправляли', { field: 'contact' });
  }

  /** Tells the shop the result once more. */
  @Post('callback/replay')
  @HttpCode(202)
  async replay(@CallerOf() caller: Caller, @Param() { id }: ReceiptParams): Promise<void> {
    const sight = sightOf(caller, 'integration:read');
    if (!(await this.cabinet.seesReceipt(sight, id))) throw notFound('receipt');
    await this.parts.database.transaction(async (sql) => {
      if (!(await new CallbackStore(sql).resend(id)))
        throw new FarmError(
          'CLIENT-STATE',
          'У чека нет уведомления: магазин его не просил или результата ещё нет',
        );
      await noteOf(sql, caller, 'callback.replay', id, {});
    });
    this.parts.wake.callbacks();
  }

  /** What a refund or a correction would be; nothing is made. */
  @Post('derived/plan')
  @HttpCode(200)
  async plan(
    @CallerOf() caller: Caller,
    @Param() { id }: ReceiptParams,
    @Body() body: DerivedDto,
  ): Promise<DerivedPreview> {
    const preview = await this.deriver.preview(await this.mine(caller, id), derivedOf(body));
    if (!preview.ok)
      return {
        ok: false,
        problems: preview.problems.map(({ pointer, detail }) => ({ pointer, text: detail })),
      };
    const { content, operation, leftKop } = preview;
    return {
      ok: true,
      operation,
      totalKop: content.totalKop,
      leftKop,
      items: content.items.map(({ name, priceKop, quantityMicro, sumKop }) => ({
        name,
        priceKop,
        quantityMicro,
        sumKop,
      })),
      payments: content.payments,
    };
  }

  @Post('derived')
  @HttpCode(202)
  async make(
    @CallerOf() caller: Caller,
    @Param() { id }: ReceiptParams,
    @Body() body: MakeDto,
  ): Promise<MadeReceipt> {
    const report = await this.mine(caller, id);
    const wanted = derivedOf(body);
    const made = await this.deriver.make(report, wanted, `${cabinetPrefix}${body.key}`);
    if (!made.isRepeat)
      await this.parts.database.transaction((sql) =>
        noteOf(sql, caller, `receipt.${wanted.kind}`, made.id, { of: id }),
      );
    this.parts.wake.group(made.groupId);
    return { id: made.id };
  }

  /** A receipt of a group where the caller may make receipts; what he may only read is refused, the rest is not there. */
  private async mine(caller: Caller, id: string): Promise<ReceiptReport> {
    if (!(await this.cabinet.seesReceipt(sightOf(caller, 'receipts:read'), id))) throw notFound('receipt');
    if (!(await this.cabinet.seesReceipt(sightOf(caller, 'receipts:make'), id)))
      throw new FarmError('CLIENT-FORBIDDEN', 'Недостаточно прав: receipts:make', { right: 'receipts:make' });
    const report = await this.reports.report(id);
    if (!report) throw notFound('receipt');
    return report;
  }
}
