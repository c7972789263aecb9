import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Put,
  Query,
  UseGuards,
} from '@nestjs/common';
import { formatKop, kopOf } from '@kkt/domain';
import { type ProviderName, providers } from '@kkt/payments';
import { PaymentEventStore, PaymentStore, type PaymentView } from '@kkt/storage';
import type { KnownGroup } from '../access/directory';
import { ApiKeyGuard, Caller, Needs } from '../v1/access/api-key.guard';
import type { Principal } from '../v1/access/scopes';
import { mustBe } from '../v1/dto/check-dto';
import { cursorOf, isUuid, readCursor, readNumberCursor } from '../v1/http/cursor';
import { notFound, Problem } from '../v1/http/problem';
import { OwnApi } from '../v1/own-api';
import {
  ConnectionBody,
  ConnectionChangeBody,
  DismissBody,
  OrderBody,
  OrderQuery,
  PaymentEventsQuery,
  PaymentRefundBody,
  PaymentsQuery,
} from './bodies';
import { Connections } from './connections';
import { Orders } from './orders';
import { PaymentDoors } from './payment-doors';
import type {
  ConnectionListView,
  ConnectionView,
  KnownOrderView,
  OrderView,
  PaymentEventListView,
  PaymentListView,
  PaymentStateView,
} from './views';

const usualPage = 50;
const orderForm = /^[\x21-\x7e\u0400-\u04ff]{1,64}$/;

/** A payment as the shop sees it. */
const viewOf = (payment: PaymentView): PaymentStateView => ({
  id: payment.id,
  provider: payment.provider,
  connection: payment.connectionId,
  group: payment.groupCode,
  provider_payment_id: payment.providerPaymentId,
  order_no: payment.orderNo,
  currency: payment.currency,
  paid_minor: payment.paidMinor,
  receipted: formatKop(payment.incomeKop),
  returned: formatKop(payment.returnedKop),
  waits_for_payment: payment.waitsForPayment,
  parked:
    payment.parkReason === null
      ? null
      : {
          reason: payment.parkReason,
          text: payment.parkText,
          since: payment.parkedAt?.toISOString() ?? null,
        },
  receipts: payment.receipts.map(({ effect, receiptId, kop, state }) => ({
    effect,
    receipt_id: receiptId,
    sum: formatKop(kop),
    state,
  })),
  created_at: payment.createdAt.toISOString(),
});

/** Payments that providers tell us: orders beforehand, connections, what waits for a person. */
@Controller('v1/payments')
@UseGuards(ApiKeyGuard)
export class PaymentsController {
  private readonly orders: Orders;
  private readonly connections: Connections;
  private readonly payments: PaymentStore;

  constructor(
    @Inject(OwnApi) private readonly api: OwnApi,
    @Inject(PaymentDoors) private readonly doors: PaymentDoors,
  ) {
    this.orders = new Orders(api, (id) => doors.payments.desk.settlePayment(id));
    this.connections = new Connections(api, doors.payments, doors.publicBaseUrl);
    this.payments = new PaymentStore(api.database);
  }

  @Put('orders/:orderNo')
  @HttpCode(200)
  @Needs('payment:write')
  async putOrder(
    @Param('orderNo') orderNo: string,
    @Body() sent: unknown,
    @Caller() caller: Principal,
  ): Promise<OrderView> {
    if (!orderForm.test(orderNo))
      throw new Problem('bad-request', {
        detail: 'Номер заказа: до 64 знаков, латиница или кириллица, без пробелов',
        detail_en: 'An order number has at most 64 Latin or Cyrillic characters and no spaces',
      });
    const body = mustBe(OrderBody, sent);
    return this.orders.put(orderNo, body, await this.groupOf(body.group, caller));
  }

  @Get('orders/:orderNo')
  @Needs('payment:read')
  @Header('cache-control', 'no-store')
  async getOrder(
    @Param('orderNo') orderNo: string,
    @Query() sent: Record<string, unknown>,
    @Caller() caller: Principal,
  ): Promise<KnownOrderView> {
    const { group } = mustBe(OrderQuery, sent);
    const order = await this.orders.find(orderNo, await this.groupOf(group, caller));
    if (!order) throw notFound();
    return order;
  }

  @Post('connections')
  @HttpCode(201)
  @Needs('payment:manage')
  async addConnection(@Body() sent: unknown, @Caller() caller: Principal): Promise<ConnectionView> {
    const body = mustBe(ConnectionBody, sent);
    return this.connections.add(body, await this.groupOf(body.group, caller));
  }

  @Get('connections')
  @Needs('payment:read')
  @Header('cache-control', 'no-store')
  async listConnections(@Caller() caller: Principal): Promise<ConnectionListView> {
    return { items: await this.connections.list(caller.clientId, caller.groupCode) };
  }

  @Patch('connections/:id')
  @Needs('payment:manage')
  async changeConnection(
    @Param('id') id: string,
    @Body() sent: unknown,
    @Caller() caller: Principal,
  ): Promise<ConnectionView> {
    const row = isUuid(id) ? await this.connections.byId(id.toLowerCase()) : undefined;
    const isForeign = row?.clientId !== caller.clientId;
    if (!row || isForeign || (caller.groupCode !== null && caller.groupCode !== row.groupCode))
      throw notFound();
    return this.connections.change(row, mustBe(ConnectionChangeBody, sent));
  }

  @Get()
  @Needs('payment:read')
  @Header('cache-control', 'no-store')
  async list(@Query() sent: Record<string, unknown>, @Caller() caller: Principal): Promise<PaymentListView> {
    return this.listed(caller, mustBe(PaymentsQuery, sent), false);
  }

  /** What waits for a person or for the shop's order. */
  @Get('parked')
  @Needs('payment:read')
  @Header('cache-control', 'no-store')
  async parked(
    @Query() sent: Record<string, unknown>,
    @Caller() caller: Principal,
  ): Promise<PaymentListView> {
    return this.listed(caller, mustBe(PaymentsQuery, sent), true);
  }

  /** Everything that came to the callback addresses, the refused among them. */
  @Get('events')
  @Needs('payment:read')
  @Header('cache-control', 'no-store')
  async events(
    @Query() sent: Record<string, unknown>,
    @Caller() caller: Principal,
  ): Promise<PaymentEventListView> {
    if (caller.groupCode !== null) throw notFound();
    const { state, connection, cursor, limit } = mustBe(PaymentEventsQuery, sent);
    const size = limit ? Number(limit) : usualPage;
    if (connection !== undefined && !isUuid(connection)) throw notFound();
    const rows = await new PaymentEventStore(this.api.database).latest({
      clientId: caller.clientId,
      connectionId: connection?.toLowerCase(),
      state,
      beforeId: cursor === undefined ? undefined : readNumberCursor(cursor),
      limit: size + 1,
    });
    const shown = rows.slice(0, size);
    const last = shown.at(-1);
    return {
      next: rows.length > size && last ? cursorOf(last.id) : null,
      items: shown.map((row) => ({
        id: row.id,
        connection: row.connectionId,
        source: row.source,
        kind: row.kind,
        verdict: row.verdict,
        state: row.state,
        note: row.note,
        address: row.address,
        times: row.times,
        payment: row.paymentId,
        received_at: row.receivedAt.toISOString(),
        seen_at: row.seenAt.toISOString(),
      })),
    };
  }

  @Get(':id')
  @Needs('payment:read')
  @Header('cache-control', 'no-store')
  async one(@Param('id') id: string, @Caller() caller: Principal): Promise<PaymentStateView> {
    return viewOf(await this.own(id, caller));
  }

  /** A person has looked: a partial refund may be spread, a failed receipt is made anew. */
  @Post(':id/retry')
  @HttpCode(200)
  @Needs('payment:manage')
  async retry(@Param('id') id: string, @Caller() caller: Principal): Promise<PaymentStateView> {
    const payment = await this.own(id, caller);
    await this.doors.payments.desk.settlePayment(payment.id, { isAsked: true });
    return viewOf(await this.own(id, caller));
  }

  /** A person has dealt with it otherwise. */
  @Post(':id/dismiss')
  @HttpCode(200)
  @Needs('payment:manage')
  async dismiss(
    @Param('id') id: string,
    @Body() sent: unknown,
    @Caller() caller: Principal,
  ): Promise<PaymentStateView> {
    const { reason } = mustBe(DismissBody, sent);
    const payment = await this.own(id, caller);
    await this.payments.dismiss(payment.id, reason);
    return viewOf(await this.own(id, caller));
  }

  /** A refund that the provider does not tell. */
  @Post(':id/refunds')
  @HttpCode(200)
  @Needs('payment:write')
  async refund(
    @Param('id') id: string,
    @Body() sent: unknown,
    @Caller() caller: Principal,
  ): Promise<PaymentStateView> {
    const body = mustBe(PaymentRefundBody, sent);
    const payment = await this.own(id, caller);
    if (!providers[payment.provider as ProviderName].tellsRefundsInAll)
      throw new Problem('state-conflict', {
        detail: 'Этот провайдер сам сообщает о каждом возврате',
        detail_en: 'This provider tells of every refund itself',
      });
    const amountKop = kopOf(body.sum);
    if (amountKop === 0 || amountKop > payment.incomeKop - payment.returnedKop)
      throw new Problem('state-conflict', {
        detail: `Можно вернуть не больше ${formatKop(payment.incomeKop - payment.returnedKop)}`,
        detail_en: `At most ${formatKop(payment.incomeKop - payment.returnedKop)} can be returned`,
      });
    await this.doors.payments.desk.declareRefund(payment.id, { id: body.id, amountKop });
    return viewOf(await this.own(id, caller));
  }

  private async listed(caller: Principal, query: PaymentsQuery, parked: boolean): Promise<PaymentListView> {
    const size = query.limit ? Number(query.limit) : usualPage;
    const rows = await this.payments.list({
      clientId: caller.clientId,
      groupCode: caller.groupCode ?? undefined,
      parked,
      orderNo: query.order_no,
      provider: query.provider,
      before: query.cursor ? readCursor(query.cursor) : undefined,
      limit: size + 1,
    });
    const shown = rows.slice(0, size);
    const last = shown.at(-1);
    return {
      items: shown.map(viewOf),
      next: rows.length > size && last ? cursorOf(last.createdAtText, last.id) : null,
    };
  }

  private async own(id: string, caller: Principal): Promise<PaymentView> {
    const found = isUuid(id)
      ? await this.payments.list({ clientId: caller.clientId, id: id.toLowerCase(), limit: 1 })
      : [];
    const payment = found[0];
    if (!payment || (caller.groupCode !== null && payment.groupCode !== caller.groupCode)) throw notFound();
    return payment;
  }

  private async groupOf(code: string, caller: Principal): Promise<KnownGroup> {
    const group = await this.api.directory.group(code);
    const isOwn = group?.group.clientId === caller.clientId;
    if (!group || !isOwn || (caller.groupCode !== null && caller.groupCode !== code)) throw notFound();
    return group;
  }
}
