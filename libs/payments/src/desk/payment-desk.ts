import { type Clock, FarmError, type Ids, isClientFault, type Log } from '@kkt/contracts';
import type { Sealer } from '@kkt/security';
import {
  AlertStore,
  type Database,
  type NewPaymentEvent,
  type PaymentConnection,
  PaymentConnectionStore,
  PaymentEventStore,
  type PaymentRow,
  PaymentStore,
  type Sql,
} from '@kkt/storage';
import type { PaypalCertificates } from '../clients/certificates';
import type { ProviderClients } from '../clients';
import { addEvent, addFacts, contradiction, type Ledger } from '../core/decide';
import type {
  Ack,
  CallbackRequest,
  ConnectionFacts,
  PaymentEvent,
  PaymentFacts,
  Verdict,
} from '../core/types';
import { providers } from '../providers';
import { sha256Hex } from '../wire/digests';
import { factsOfConnection } from './connections';
import { ledgerOf, Settler, type SettleOptions } from './settler';

export interface PaymentDeskParts {
  database: Database;
  sealer: Sealer;
  clients: ProviderClients;
  certificates: PaypalCertificates;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Wakes the drivers of a group; never rejects. */
  wakeGroup: (groupId: number) => void;
}

/** What became of a callback: the answer, and the stored event that is to be applied now. */
export interface Taken {
  ack: Ack;
  eventId?: string;
}

/** An event is held this long by who applies it. */
const leaseS = 60;
const firstRetryS = 15;
const longestRetryS = 3600;

/** Texts PostgreSQL cannot keep: NUL and halves of surrogate pairs, as JSON writes them. */
const unstorable = /\\u0000|\\ud[89ab][0-9a-f]{2}(?!\\ud[c-f])/i;

/** The answer counts; what it leaves out of a payment, the callback tells. */
function told(ledger: Ledger, event: PaymentEvent, facts: PaymentFacts | undefined): Ledger {
  if (!facts) return addEvent(ledger, event);
  const isPaidTold = facts.paidMinor !== undefined || event.effect !== 'income';
  return addFacts(isPaidTold ? ledger : addEvent(ledger, event), facts);
}

const refusedAck: Ack = { status: 401, contentType: 'text/plain; charset=utf-8', body: '' };

/** Where every callback ends: believed or not, stored, applied to its payment, settled into receipts. */
export class PaymentDesk {
  private readonly settler: Settler;

  constructor(private readonly parts: PaymentDeskParts) {
    this.settler = new Settler(parts.clock, parts.ids);
  }

  /**
   * Checks a callback and stores it; durable when it resolves. A repeat gets the same answer and makes nothing.
   * Rejects when it could not be stored or, for PayPal, when the certificate could not be fetched: the provider repeats.
   */
  async take(row: PaymentConnection, request: CallbackRequest): Promise<Taken> {
    const connection = factsOfConnection(this.parts.sealer, row);
    const adapter = providers[connection.provider];
    const verdict = await this.judge(connection, request);
    const events = new PaymentEventStore(this.parts.database);
    const common = {
      connectionId: row.id,
      source: 'callback' as const,
      method: request.method,
      address: request.address,
      raw: request.method === 'GET' ? Buffer.from(request.query) : request.raw,
    };
    const digest = sha256Hex(Buffer.concat([Buffer.from(`${request.kind ?? ''}\n`), common.raw]));
    if (!verdict.genuine) {
      const { reason, detail } = verdict;
      await events.add({
        ...common,
        transportKey: `refused:${digest}`,
        kind: request.kind ?? '',
        verdict: reason,
        state: 'rejected',
        note: detail,
        normal: null,
      });
      this.parts.log.warn(
        {
          event: 'payment-callback-refused',
          connectionId: row.id,
          provider: row.provider,
          reason,
          address: request.address,
        },
        'a payment callback is not believed',
      );
      return { ack: refusedAck };
    }
    const event = this.parse(connection, request);
    if (!event) {
      await events.add({
        ...common,
        transportKey: `unread:${digest}`,
        kind: request.kind ?? '',
        verdict: verdict.by,
        state: 'rejected',
        note: 'unreadable',
        normal: null,
      });
      this.parts.log.warn(
        { event: 'payment-callback-unread', connectionId: row.id, provider: row.provider },
        'a genuine payment callback cannot be understood',
      );
      return { ack: { ...refusedAck, status: 400 } };
    }
    const fate = this.fateOf(row, connection, event, verdict);
    // Two refunds of one payment may come in the very same bytes; what is refunded in all is asked each time.
    const isAppliedAgain = adapter.tellsRefundsInAll === true && event.effect === 'return';
    const stored = await events.add(
      {
        ...common,
        transportKey: event.eventId ?? digest,
        kind: event.kind,
        verdict: verdict.by,
        ...fate,
        normal: event,
      },
      isAppliedAgain,
    );
    if (!stored.isNew)
      this.parts.log.info({ connectionId: row.id, eventId: stored.id }, 'a payment callback came again');
    return {
      ack: adapter.ack(event),
      ...((stored.isNew || isAppliedAgain) && fate.state === 'new' && { eventId: stored.id }),
    };
  }

  /** Applies events that are due: the one named, or up to `limit`. Resolves with how many were taken. */
  async applyDue(limit: number, eventId?: string): Promise<number> {
    const { database, log } = this.parts;
    const events = new PaymentEventStore(database);
    const due = await events.claim(limit, leaseS, eventId);
    for (const event of due) {
      try {
        await this.apply(event.id, event.connectionId, event.normal as PaymentEvent, event.raw);
      } catch (error) {
        const inS = Math.min(longestRetryS, firstRetryS * 2 ** Math.min(event.attempts, 10));
        log.warn({ err: error, eventId: event.id, inS }, 'a payment event is put off');
        await events.putOff(event.id, inS, error instanceof FarmError ? error.code : 'SYS');
      }
    }
    return due.length;
  }

  /** Settles a payment anew: its order came, a person acts, or a receipt of it failed. */
  async settlePayment(paymentId: string, options: SettleOptions = {}): Promise<void> {
    const groupId = await this.parts.database.transaction(async (sql) => {
      const payment = await new PaymentStore(sql).lockById(paymentId);
      const connection = payment && (await new PaymentConnectionStore(sql).byId(payment.connectionId));
      return payment && connection ? this.settler.settle(sql, payment, connection, options) : undefined;
    });
    if (groupId !== undefined) this.parts.wakeGroup(groupId);
  }

  /** Takes in what a provider answered to a question of ours; nothing happens when it was known. */
  async learn(row: PaymentConnection, facts: PaymentFacts): Promise<boolean> {
    const mode = (row.settings as ConnectionFacts['settings']).mode;
    if (facts.isTest && mode === 'live') return false;
    let isNews = false;
    await this.inPayment(row.id, facts.paymentId, facts.currency, async (sql, payment, connection) => {
      const before = JSON.stringify([ledgerOf(payment), payment.parkReason]);
      this.note(payment, facts, addFacts(ledgerOf(payment), facts));
      isNews =
        JSON.stringify([ledgerOf(payment), payment.parkReason]) !== before || Boolean(facts.isRefundUnclear);
      if (facts.providerFiscalizes) await this.suspend(sql, connection);
      if (!isNews) {
        await new PaymentStore(sql).save(payment, payment.waitsForPayment ? 120 : 6 * 3600);
        return undefined;
      }
      await new PaymentEventStore(sql).add({
        ...this.ownEvent(row.id, 'reconciliation', facts),
        transportKey: `asked:${sha256Hex(JSON.stringify(facts))}`,
      });
      return this.settler.settle(sql, payment, connection, { isRefundUnclear: facts.isRefundUnclear });
    });
    return isNews;
  }

  /** A refund that the shop tells itself, because its provider does not. */
  async declareRefund(paymentId: string, refund: { id: string; amountKop: number }): Promise<void> {
    const known = await new PaymentStore(this.parts.database).byId(paymentId);
    if (!known) throw new FarmError('CLIENT-NOT-FOUND', 'No such payment');
    await this.inPayment(
      known.connectionId,
      known.providerPaymentId,
      known.currency,
      async (sql, payment, connection) => {
        payment.refunds = { ...payment.refunds, [`shop:${refund.id}`]: refund.amountKop };
        await new PaymentEventStore(sql).add({
          ...this.ownEvent(payment.connectionId, 'shop', { refund, paymentId: payment.providerPaymentId }),
          transportKey: `shop:${payment.providerPaymentId}:${refund.id}`,
        });
        return this.settler.settle(sql, payment, connection, { isAsked: true, isRefundUnclear: false });
      },
    );
  }

  private async judge(connection: ConnectionFacts, request: CallbackRequest): Promise<Verdict> {
    const { clock, certificates } = this.parts;
    return providers[connection.provider].verify(request, connection, {
      nowMs: clock.nowMs(),
      certificate: (url, of) => certificates.get(url, of),
    });
  }

  private parse(connection: ConnectionFacts, request: CallbackRequest): PaymentEvent | undefined {
    try {
      const event = providers[connection.provider].parse(request, connection);
      const isStorable = !unstorable.test(JSON.stringify(event));
      return isStorable && event.paymentId.length <= 128 && (event.orderNo?.length ?? 0) <= 128
        ? event
        : undefined;
    } catch (error) {
      if (isClientFault(error)) return undefined;
      throw error;
    }
  }

  private fateOf(
    row: PaymentConnection,
    connection: ConnectionFacts,
    event: PaymentEvent,
    verdict: Verdict,
  ): Pick<NewPaymentEvent, 'state' | 'note'> {
    if (row.state === 'disabled') return { state: 'ignored', note: 'the connection is switched off' };
    if (event.isTest && connection.settings.mode === 'live')
      return { state: 'ignored', note: 'a test payment' };
    const isProof = event.providerFiscalizes && verdict.genuine && verdict.by === 'signature';
    if (event.effect === 'none' && !isProof) return { state: 'ignored', note: 'no money moved' };
    return { state: 'new' };
  }

  /** Asks the provider where the scheme needs it, then stores everything that follows in one transaction. */
  private async apply(
    eventId: string,
    connectionId: string,
    event: PaymentEvent,
    raw: Buffer,
  ): Promise<void> {
    const { database, sealer, clients, log } = this.parts;
    const events = new PaymentEventStore(database);
    const row = await new PaymentConnectionStore(database).byId(connectionId);
    if (!row) return;
    const connection = factsOfConnection(sealer, row);
    let facts: PaymentFacts | undefined;
    if (providers[connection.provider].mustReread(event, connection)) {
      facts = await clients[connection.provider].fetchPayment(event, connection, raw);
      const against = facts ? contradiction(event, facts) : 'the provider does not know it';
      if (against !== undefined) {
        log.warn(
          { event: 'payment-callback-contradicted', connectionId, eventId, provider: row.provider, against },
          'the provider does not bear out a payment callback',
        );
        return events.finish(eventId, { state: 'rejected', note: against });
      }
      if (facts?.isTest && connection.settings.mode === 'live')
        return events.finish(eventId, { state: 'ignored', note: 'a test payment' });
    }
    const known = facts;
    if (event.effect === 'none') {
      await database.transaction((sql) => this.suspend(sql, row));
      return events.finish(eventId, { state: 'applied', note: 'the provider issues receipts' });
    }
    await this.inPayment(
      connectionId,
      event.paymentId,
      known?.currency ?? event.currency,
      async (sql, payment, current) => {
        const own = new PaymentEventStore(sql);
        const ledger = ledgerOf(payment);
        this.note(payment, { ...event, ...known }, told(ledger, event, known));
        if (event.providerFiscalizes || known?.providerFiscalizes) await this.suspend(sql, current);
        const groupId = await this.settler.settle(sql, payment, current, {
          isRefundUnclear: known?.isRefundUnclear,
        });
        await own.finish(eventId, {
          state: 'applied',
          paymentId: payment.id,
          note: payment.parkReason ?? undefined,
        });
        return groupId;
      },
    );
  }

  /** Puts what is known into the payment's row. The first telling of number and contact stands. */
  private note(
    payment: PaymentRow,
    told: Pick<PaymentFacts, 'orderNo' | 'contact' | 'currency'>,
    ledger: Ledger,
  ): void {
    const isFirstMoney = payment.paidMinor === 0 && ledger.paidMinor > 0;
    Object.assign(payment, {
      paidMinor: ledger.paidMinor,
      refundedMinor: ledger.refundedMinor,
      refunds: ledger.refunds,
    });
    if (isFirstMoney) payment.currency = told.currency;
    payment.orderNo ??= told.orderNo ?? null;
    payment.contact ??= told.contact ?? null;
  }

  /** The provider proves to issue receipts itself: until a person looks at it, no second receipt is made. */
  private async suspend(sql: Sql, connection: PaymentConnection): Promise<void> {
    const text = 'провайдер сам выдаёт чеки';
    if (!(await new PaymentConnectionStore(sql).suspend(connection.id, text))) return;
    connection.state = 'suspended';
    await new AlertStore(sql).raise({
      class: 'payment_provider_fiscalizes',
      objectKind: 'group',
      objectId: connection.groupId,
      severity: 2,
      text: `Подключение «${connection.name}» приостановлено: ${text}, были бы два чека на одни деньги`,
      facts: { connectionId: connection.id, provider: connection.provider },
    });
  }

  /** Runs one transaction under the payment's lock; wakes the group that it returns. */
  private async inPayment(
    connectionId: string,
    providerPaymentId: string,
    currency: string,
    run: (sql: Sql, payment: PaymentRow, connection: PaymentConnection) => Promise<number | undefined>,
  ): Promise<void> {
    const { database, ids, wakeGroup } = this.parts;
    const groupId = await database.transaction(async (sql) => {
      const payment = await new PaymentStore(sql).lock({
        id: ids.uuid(),
        connectionId,
        providerPaymentId,
        currency,
      });
      const connection = await new PaymentConnectionStore(sql).byId(connectionId);
      return connection ? run(sql, payment, connection) : undefined;
    });
    if (groupId !== undefined) wakeGroup(groupId);
  }

  private ownEvent(
    connectionId: string,
    source: 'reconciliation' | 'shop',
    told: object,
  ): Omit<NewPaymentEvent, 'transportKey'> {
    return {
      connectionId,
      source,
      kind: source,
      verdict: source === 'shop' ? 'shop' : 'asked',
      state: 'applied',
      normal: told,
      method: '',
      address: '',
      raw: Buffer.alloc(0),
    };
  }
}
