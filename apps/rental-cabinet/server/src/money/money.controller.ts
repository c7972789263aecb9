import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put, Query, Res } from '@nestjs/common';
import { addDays, runningBalance } from '@kkt/billing';
import { FarmError } from '@kkt/contracts';
import { billingIn, CardDesk, paperFile } from '@kkt/rental-desk';
import {
  BillingStore,
  CardPaymentStore,
  CardRefundStore,
  MoneyReadStore,
  RequisitesStore,
} from '@kkt/storage';
import type {
  CardPaymentView,
  CardRefundView,
  MoneyView,
  OperationsView,
  PaperBrief,
  RequisitesView,
} from '@kkt/web-contract';
import { type HttpReply, notFound } from '@kkt/web-server';
import { type CabinetParts, PARTS } from '../parts';
import { type Caller, CallerOf } from '../session/session.guard';
import { noteOf } from '../session/audit-note';
import {
  AmountDto,
  CardDto,
  MonthDto,
  PaperParams,
  PaymentParams,
  PeriodDto,
  RenewalDto,
  RequisitesDto,
  SettingsDto,
} from './money-dtos';
import { agreed, cardConsent } from './consents';
import { MoneyService } from './money.service';

const shownPayments = 50;

/** C13: a client's balance, operations, papers and payments. */
@Controller('api/money')
export class MoneyController {
  constructor(
    @Inject(PARTS) private readonly parts: CabinetParts,
    @Inject(MoneyService) private readonly money: MoneyService,
  ) {}

  @Get()
  read(@CallerOf() caller: Caller): Promise<MoneyView> {
    caller.access.must('money:read');
    return this.money.read(caller);
  }

  /** Movements of the balance in a period, each with the balance after it. */
  @Get('operations')
  async operations(@CallerOf() caller: Caller, @Query() { from, to }: PeriodDto): Promise<OperationsView> {
    caller.access.must('money:read');
    const store = new BillingStore(this.parts.database);
    const { openingKop, lines } = await store.statement(caller.clientId, from, to);
    return {
      from,
      to,
      openingKop,
      closingKop: lines.at(-1)?.balanceKop ?? openingKop,
      lines: runningBalance(openingKop, lines),
    };
  }

  @Get('papers')
  async papers(@CallerOf() caller: Caller): Promise<{ papers: PaperBrief[] }> {
    caller.access.must('money:read');
    const rows = await new MoneyReadStore(this.parts.database).papers(caller.clientId);
    return {
      papers: rows.map(({ clientId: _client, lines: _lines, openingKop: _opening, ...brief }) => brief),
    };
  }

  @Get('papers/:number/file.pdf')
  async pdf(
    @CallerOf() caller: Caller,
    @Param() { number }: PaperParams,
    @Res() reply: HttpReply,
  ): Promise<void> {
    caller.access.must('money:read');
    const file = await paperFile(this.parts.database, caller.clientId, number);
    if (!file) throw notFound('paper');
    reply.header('content-disposition', `attachment; filename="${file.name}"`);
    reply.type('application/pdf').send(file.body);
  }

  @Post('invoices')
  async invoice(@CallerOf() caller: Caller, @Body() { amountKop }: AmountDto): Promise<{ number: string }> {
    caller.access.must('money:write');
    const text = 'Аренда контрольно-кассовой техники: пополнение лицевого счёта';
    const lines = [{ text, count: 1, priceKop: amountKop, sumKop: amountKop }];
    return this.parts.database.transaction(async (sql) => {
      const billing = billingIn(sql, this.parts);
      const { number } = await billing.invoice(caller.clientId, lines, this.money.today);
      await noteOf(sql, caller, 'invoice.make', number, { amountKop });
      return { number };
    });
  }

  /** The act of a month that is over; the same one again when it was made before. */
  @Post('acts')
  async act(@CallerOf() caller: Caller, @Body() { month }: MonthDto): Promise<{ number: string }> {
    caller.access.must('money:read');
    const from = `${month}-01`;
    const to = addDays(`${addDays(from, 31).slice(0, 7)}-01`, -1);
    if (to >= this.money.today)
      throw new FarmError('CLIENT-PAPER', 'Акт делается за месяц, который уже кончился', { field: 'month' });
    return this.parts.database.transaction(async (sql) => {
      const act = await billingIn(sql, this.parts).act(caller.clientId, from, to, to);
      if (!act) throw new FarmError('CLIENT-PAPER', 'За этот месяц услуг не было', { field: 'month' });
      await noteOf(sql, caller, 'act.ask', act.number, { from, to });
      return { number: act.number };
    });
  }

  @Post('reconciliations')
  async reconcile(@CallerOf() caller: Caller, @Body() { from, to }: PeriodDto): Promise<{ number: string }> {
    caller.access.must('money:read');
    if (to > this.money.today)
      throw new FarmError('CLIENT-PAPER', 'Конец периода ещё не наступил', { field: 'to' });
    return this.parts.database.transaction(async (sql) => {
      const billing = billingIn(sql, this.parts);
      const { number } = await billing.reconciliation(caller.clientId, from, to, this.money.today);
      await noteOf(sql, caller, 'reconciliation.make', number, { from, to });
      return { number };
    });
  }

  @Get('cards')
  async cards(
    @CallerOf() caller: Caller,
  ): Promise<{ payments: CardPaymentView[]; refunds: CardRefundView[] }> {
    caller.access.must('money:read');
    const { database } = this.parts;
    const [payments, refunds] = await Promise.all([
      new CardPaymentStore(database).list(caller.clientId, shownPayments),
      new CardRefundStore(database).list(caller.clientId, shownPayments),
    ]);
    return {
      payments: await Promise.all(payments.map((row) => this.money.cardView(row))),
      refunds: await Promise.all(refunds.map((row) => this.money.refundView(row))),
    };
  }

  @Post('cards')
  async pay(@CallerOf() caller: Caller, @Body() body: CardDto): Promise<CardPaymentView> {
    caller.access.must('money:write');
    const { amountKop, receiptEmail, saveConsent } = body;
    const payment = await this.cardDesk().begin(
      {
        clientId: caller.clientId,
        amountKop,
        receiptEmail,
        returnUrl: `${this.parts.cabinetUrl}/money?payment=`,
        ...(saveConsent && { save: { by: caller.name, consent: agreed(cardConsent) } }),
      },
      (sql, id) => noteOf(sql, caller, 'card-payment.begin', id, { amountKop, saves: saveConsent ?? null }),
    );
    return this.money.cardView(payment);
  }

  /** What became of a payment: the acquirer is asked while it is open. */
  @Get('cards/:id')
  async card(@CallerOf() caller: Caller, @Param() { id }: PaymentParams): Promise<CardPaymentView> {
    caller.access.must('money:read');
    return this.money.cardView(await this.cardDesk().look(id, caller.clientId));
  }

  @Put('settings')
  @HttpCode(204)
  async settings(@CallerOf() caller: Caller, @Body() body: SettingsDto): Promise<void> {
    caller.access.must('money:write');
    await this.parts.database.transaction(async (sql) => {
      await new RequisitesStore(sql).setSettings(caller.clientId, body);
      await noteOf(sql, caller, 'money.settings', caller.clientId, { warnBelowKop: body.warnBelowKop });
    });
  }

  @Put('rentals/:id')
  @HttpCode(204)
  async renewal(
    @CallerOf() caller: Caller,
    @Param() { id }: PaymentParams,
    @Body() { renewsItself }: RenewalDto,
  ): Promise<void> {
    caller.access.must('money:write');
    await this.parts.database.transaction(async (sql) => {
      const isSet = await new MoneyReadStore(sql).setRenewal(caller.clientId, id, renewsItself);
      if (!isSet) throw notFound('rental');
      await noteOf(sql, caller, 'rental.renewal', id, { renewsItself });
    });
  }

  @Get('requisites')
  async requisites(@CallerOf() caller: Caller): Promise<RequisitesView> {
    caller.access.must('money:read');
    const own = await new RequisitesStore(this.parts.database).client(caller.clientId);
    return {
      inn: caller.clientInn,
      fullName: own?.fullName ?? caller.clientName,
      kpp: own?.kpp ?? null,
      ogrn: own?.ogrn ?? null,
      address: own?.address ?? '',
      bankName: own?.bankName ?? null,
      bik: own?.bik ?? null,
      account: own?.account ?? null,
      headPost: own?.headPost ?? '',
      headName: own?.headName ?? '',
      actsOn: own?.actsOn ?? '',
    };
  }

  @Put('requisites')
  @HttpCode(204)
  async setRequisites(@CallerOf() caller: Caller, @Body() body: RequisitesDto): Promise<void> {
    caller.access.must('money:write');
    await this.parts.database.transaction(async (sql) => {
      await new RequisitesStore(sql).setClient(caller.clientId, body);
      await noteOf(sql, caller, 'requisites.change', caller.clientId, { ...body });
    });
  }

  private cardDesk(): CardDesk {
    const { acquirer } = this.parts;
    if (!acquirer) throw new FarmError('CLIENT-NO-CARDS', 'Картой сейчас не принимаем: закажите счёт');
    return new CardDesk(this.parts, acquirer, this.parts.cabinetUrl);
  }
}
