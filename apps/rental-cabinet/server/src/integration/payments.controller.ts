import { randomBytes } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { FarmError, type TaxSystem } from '@kkt/contracts';
import { taxSystemWords } from '@kkt/domain';
import {
  type ConnectionCheck,
  type ConnectionSettings,
  factsOfConnection,
  type ItemWithoutOrder,
  type ProviderName,
  providerNames,
  providers,
  sealSecrets,
} from '@kkt/payments';
import { isNetwork } from '@kkt/security';
import {
  CabinetReadStore,
  IntegrationStore,
  type PaymentConnection,
  PaymentConnectionStore,
  PaymentEventStore,
  PaymentStore,
  type PaymentView,
} from '@kkt/storage';
import type { PaymentEventRow, PaymentsView, ProviderView, ShopPaymentView } from '@kkt/web-contract';
import { moment, momentOrNull, notFound } from '@kkt/web-server';
import { type CabinetParts, PARTS } from '../parts';
import { type Caller, CallerOf, sightOf } from '../session/session.guard';
import { noteOf } from '../session/audit-note';
import { ChangeDto, ConnectDto, DismissDto, EventsQuery, IdParam, type SettingsDto } from './payments-dtos';
import { PAYMENTS, type CabinetPayments } from './payments.token';

const rows = 50;

function checkSecrets(provider: ProviderName, secrets: Record<string, unknown>): Record<string, string> {
  const { required, optional = [] } = providers[provider].secrets;
  const known = [...required, ...optional];
  for (const [name, value] of Object.entries(secrets))
    if (!known.includes(name) || typeof value !== 'string' || value.length > 10_000)
      throw new FarmError('CLIENT-SECRETS', `Такого секрета у провайдера нет: ${name}`, {
        field: `secrets.${name}`,
      });
  const filled = Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== '')) as Record<
    string,
    string
  >;
  const missing = required.find((name) => !filled[name]);
  if (missing !== undefined)
    throw new FarmError('CLIENT-SECRETS', 'Заполните: без этого уведомления нельзя проверить', {
      field: `secrets.${missing}`,
    });
  return filled;
}

function settingsOf(
  provider: ProviderName,
  dto: SettingsDto,
  secrets: Record<string, string>,
): ConnectionSettings {
  const strange = dto.addresses?.find((network) => !isNetwork(network));
  if (strange !== undefined)
    throw new FarmError('CLIENT-NETWORK', `${strange} — не сеть`, { field: 'settings.addresses' });
  const { itemWithoutOrder: item } = dto;
  const mapped: ItemWithoutOrder | undefined = item && {
    name: item.name,
    vat: item.vat,
    method: item.method,
    subject: item.subject,
    ...(item.taxSystem && { taxSystem: (2 ** taxSystemWords.indexOf(item.taxSystem)) as TaxSystem }),
    ...(item.contact && { contact: item.contact }),
  };
  const settings: ConnectionSettings = {
    mode: dto.mode,
    partialRefund: dto.partialRefund,
    ...(dto.addresses && dto.addresses.length > 0 && { addresses: dto.addresses }),
    ...(mapped && { itemWithoutOrder: mapped }),
    ...(provider === 'robokassa' && { hash: dto.hash ?? 'sha256' }),
    ...(provider === 'sber' && { checksum: dto.checksum ?? 'hmac' }),
    ...(provider === 'tbank' && dto.amountIsWhatIsLeft && { amountIsWhatIsLeft: true }),
  };
  const needed = settings.checksum === 'rsa' ? 'callbackCertificate' : 'callbackKey';
  if (provider === 'sber' && !secrets[needed])
    throw new FarmError('CLIENT-SECRETS', 'Заполните: этим проверяются уведомления', {
      field: `secrets.${needed}`,
    });
  return settings;
}

const paymentView = (row: PaymentView): ShopPaymentView => ({
  id: row.id,
  provider: row.provider,
  connectionId: row.connectionId,
  groupCode: row.groupCode,
  providerPaymentId: row.providerPaymentId,
  orderNo: row.orderNo,
  currency: row.currency,
  paidMinor: row.paidMinor,
  incomeKop: row.incomeKop,
  returnedKop: row.returnedKop,
  parkReason: row.parkReason,
  parkText: row.parkText,
  parkedAt: momentOrNull(row.parkedAt),
  receipts: row.receipts,
  createdAt: moment(row.createdAt),
});

/** Payment providers: connections, what they told, what waits for a person, orders that wait for their payment. */
@Controller('api/payments')
export class PaymentsController {
  private readonly connections: PaymentConnectionStore;
  private readonly payments: PaymentStore;

  constructor(
    @Inject(PARTS) private readonly parts: CabinetParts,
    @Inject(PAYMENTS) private readonly desk: CabinetPayments,
    @Inject(CabinetReadStore) private readonly cabinet: CabinetReadStore,
  ) {
    this.connections = new PaymentConnectionStore(parts.database);
    this.payments = new PaymentStore(parts.database);
  }

  @Get()
  async read(@CallerOf() caller: Caller): Promise<PaymentsView> {
    if (!caller.access.canSomewhere('integration:read')) caller.access.must('integration:read');
    const { clientId } = caller;
    const codes = await this.codes(caller, 'integration:read');
    const [connections, orders, parked, latest] = await Promise.all([
      this.connections.ofClient(clientId),
      new IntegrationStore(this.parts.database).waitingOrders(sightOf(caller, 'integration:read'), rows),
      this.payments.list({ clientId, parked: true, limit: rows }),
      this.payments.list({ clientId, parked: false, limit: rows }),
    ]);
    return {
      providers: providerNames.map((name): ProviderView => {
        const { required, optional = [] } = providers[name].secrets;
        return { name, required: [...required], optional: [...optional] };
      }),
      connections: connections.filter(({ groupCode }) => codes.has(groupCode)).map((row) => this.viewOf(row)),
      orders: orders.map((row) => ({ ...row, createdAt: moment(row.createdAt) })),
      parked: parked.filter(({ groupCode }) => codes.has(groupCode)).map(paymentView),
      latest: latest.filter(({ groupCode }) => codes.has(groupCode)).map(paymentView),
    };
  }

  @Post('connections')
  async connect(@CallerOf() caller: Caller, @Body() body: ConnectDto): Promise<{ id: string }> {
    const groups = await this.cabinet.groups(sightOf(caller, 'integration:write'));
    if (!groups.some(({ code }) => code === body.group)) {
      if (!caller.access.canSomewhere('integration:write')) caller.access.must('integration:write');
      throw new FarmError('CLIENT-GROUP', 'Такой группы касс нет', { field: 'group' });
    }
    const secrets = checkSecrets(body.provider, body.secrets);
    const settings = settingsOf(body.provider, body.settings, secrets);
    const id = this.parts.ids.uuid();
    await this.parts.database.transaction(async (sql) => {
      const [group] = await sql.query<{ id: number }>('select id from register_groups where code = $1', [
        body.group,
      ]);
      await new PaymentConnectionStore(sql).add({
        id,
        clientId: caller.clientId,
        groupId: group?.id ?? 0,
        provider: body.provider,
        name: body.name.trim(),
        callbackKey: randomBytes(24).toString('base64url'),
        secrets: sealSecrets(this.desk.sealer, id, secrets),
        settings,
      });
      await noteOf(sql, caller, 'payments.connect', id, { provider: body.provider, mode: settings.mode });
    });
    return { id };
  }

  @Put('connections/:id')
  @HttpCode(204)
  async change(@CallerOf() caller: Caller, @Param() { id }: IdParam, @Body() body: ChangeDto): Promise<void> {
    const row = await this.own(caller, id, 'integration:write');
    const provider = row.provider as ProviderName;
    const before = factsOfConnection(this.desk.sealer, row);
    const secrets = body.secrets ? checkSecrets(provider, body.secrets) : { ...before.secrets };
    const settings = body.settings && settingsOf(provider, body.settings, secrets);
    await this.parts.database.transaction(async (sql) => {
      const store = new PaymentConnectionStore(sql);
      await store.change(id, {
        name: body.name,
        ...(body.secrets && { secrets: sealSecrets(this.desk.sealer, id, secrets) }),
        settings,
      });
      if (body.state) await store.setState(id, body.state, null);
      await noteOf(sql, caller, 'payments.change', id, {
        secrets: body.secrets !== undefined,
        settings: settings !== undefined,
        state: body.state ?? row.state,
      });
    });
  }

  /** Asks the provider with what the connection knows. */
  @Post('connections/:id/check')
  @HttpCode(200)
  async check(@CallerOf() caller: Caller, @Param() { id }: IdParam): Promise<ConnectionCheck> {
    return this.desk.check(await this.own(caller, id, 'integration:write'));
  }

  /** What came to the callback addresses, the refused among it. */
  @Get('events')
  async events(@CallerOf() caller: Caller, @Query() { connection }: EventsQuery): Promise<PaymentEventRow[]> {
    if (!caller.access.canSomewhere('integration:read')) caller.access.must('integration:read');
    const codes = await this.codes(caller, 'integration:read');
    const mine = new Set(
      (await this.connections.ofClient(caller.clientId))
        .filter(({ groupCode }) => codes.has(groupCode))
        .map(({ id }) => id),
    );
    const found = await new PaymentEventStore(this.parts.database).latest({
      clientId: caller.clientId,
      connectionId: connection,
      limit: rows,
    });
    return found
      .filter(({ connectionId }) => mine.has(connectionId))
      .map((row) => ({ ...row, receivedAt: moment(row.receivedAt), seenAt: moment(row.seenAt) }));
  }

  /** A person has looked: a partial refund may be spread, a failed receipt is made anew. */
  @Post(':id/retry')
  @HttpCode(202)
  async retry(@CallerOf() caller: Caller, @Param() { id }: IdParam): Promise<void> {
    const payment = await this.payment(caller, id);
    await this.desk.settle(payment.id);
    await this.parts.database.transaction((sql) => noteOf(sql, caller, 'payment.retry', id, {}));
  }

  /** A person has dealt with it otherwise. */
  @Post(':id/dismiss')
  @HttpCode(204)
  async dismiss(
    @CallerOf() caller: Caller,
    @Param() { id }: IdParam,
    @Body() { reason }: DismissDto,
  ): Promise<void> {
    const payment = await this.payment(caller, id);
    await this.parts.database.transaction(async (sql) => {
      await new PaymentStore(sql).dismiss(payment.id, reason);
      await noteOf(sql, caller, 'payment.dismiss', id, { reason });
    });
  }

  private async payment(caller: Caller, id: string): Promise<PaymentView> {
    const [found] = await this.payments.list({ clientId: caller.clientId, id, limit: 1 });
    const read = await this.codes(caller, 'integration:read');
    if (!found || !read.has(found.groupCode)) throw notFound('payment');
    if (!(await this.codes(caller, 'integration:write')).has(found.groupCode))
      caller.access.must('integration:write');
    return found;
  }

  private async own(caller: Caller, id: string, right: 'integration:write'): Promise<PaymentConnection> {
    const row = await this.connections.byId(id);
    const read = await this.codes(caller, 'integration:read');
    if (row?.clientId !== caller.clientId || !read.has(row.groupCode)) throw notFound('connection');
    if (!(await this.codes(caller, right)).has(row.groupCode)) caller.access.must(right);
    return row;
  }

  private async codes(caller: Caller, right: 'integration:read' | 'integration:write'): Promise<Set<string>> {
    return new Set((await this.cabinet.groups(sightOf(caller, right))).map(({ code }) => code));
  }

  private viewOf(row: PaymentConnection): PaymentsView['connections'][number] {
    const provider = row.provider as ProviderName;
    const settings = row.settings as ConnectionSettings;
    const item = settings.itemWithoutOrder;
    return {
      id: row.id,
      provider,
      groupCode: row.groupCode,
      name: row.name,
      state: row.state,
      stateReason: row.stateReason,
      callbackUrl: `${this.parts.apiUrl}/cb/${provider}/${row.callbackKey}`,
      canReconcile: providers[provider].canReread(factsOfConnection(this.desk.sealer, row)),
      mode: settings.mode,
      partialRefund: settings.partialRefund,
      itemWithoutOrder: item
        ? {
            name: item.name,
            vat: item.vat,
            method: item.method,
            subject: item.subject,
            contact: item.contact ?? null,
          }
        : null,
      createdAt: moment(row.createdAt),
    };
  }
}
