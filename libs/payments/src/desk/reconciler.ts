import { type Clock, FarmError, type Log } from '@kkt/contracts';
import type { Sealer } from '@kkt/security';
import {
  type Database,
  type PaymentConnection,
  PaymentConnectionStore,
  PaymentEventStore,
  PaymentOrderStore,
  PaymentStore,
} from '@kkt/storage';
import type { ProviderClients } from '../clients';
import { question } from '../clients/client';
import type { ConnectionFacts, PaymentFacts } from '../core/types';
import { providers } from '../providers';
import { factsOfConnection } from './connections';
import type { PaymentDesk } from './payment-desk';

export interface ReconcilerParts {
  database: Database;
  sealer: Sealer;
  clients: ProviderClients;
  desk: PaymentDesk;
  clock: Clock;
  log: Log;
}

const atOnce = 50;
const asksAtOnce = 10;
const connectionEveryS = 3600;
const lookBackMs = 3 * 24 * 3600_000;
const paymentAgainInS = 6 * 3600;

/** Finds what no callback told: events left behind, orders that came late, payments and refunds nobody announced. */
export class PaymentReconciler {
  constructor(private readonly parts: ReconcilerParts) {}

  /** What needs no provider, or only about single events. True when more is due already. */
  async sweep(): Promise<boolean> {
    const { database, desk } = this.parts;
    const payments = new PaymentStore(database);
    const applied = await desk.applyDue(atOnce);
    for (const id of await payments.unparkable(atOnce)) await this.guarded(id, () => desk.settlePayment(id));
    for (const id of await payments.withFailedReceipts(atOnce))
      await this.guarded(id, () => desk.settlePayment(id));
    return applied === atOnce;
  }

  /** Asks providers. True when more is due already. */
  async poll(): Promise<boolean> {
    const orders = await this.pollOrders();
    const payments = await this.pollPayments();
    const connection = await this.pollConnection();
    return orders === asksAtOnce || payments === asksAtOnce || connection;
  }

  forgetOld(): Promise<number> {
    return new PaymentEventStore(this.parts.database).forgetOld(1_000);
  }

  /** Orders that nobody paid, as far as we were told. */
  private async pollOrders(): Promise<number> {
    const { database, clients } = this.parts;
    const orders = await new PaymentOrderStore(database).claimUnpaid(asksAtOnce);
    for (const order of orders)
      for (const row of await new PaymentConnectionStore(database).ofGroup(order.groupId))
        await this.ask(row, (connection) =>
          clients[connection.provider].fetchOrder?.(order.orderNo, connection),
        );
    return orders.length;
  }

  /** Payments whose refunds may have come unannounced, and refunds whose payment did not come. */
  private async pollPayments(): Promise<number> {
    const { database, clients } = this.parts;
    const payments = await new PaymentStore(database).claimForPoll(asksAtOnce, paymentAgainInS);
    for (const payment of payments) {
      const row = await new PaymentConnectionStore(database).byId(payment.connectionId);
      if (!row) continue;
      await this.ask(row, async (connection) => {
        const client = clients[connection.provider];
        const asked = { ...question(payment.providerPaymentId), orderNo: payment.orderNo ?? undefined };
        const facts = await client.fetchPayment(asked, connection, Buffer.alloc(0));
        return facts ? [facts] : [];
      });
    }
    return payments.length;
  }

  /** What a provider lists of the last three days; nothing from before the connection. */
  private async pollConnection(): Promise<boolean> {
    const { database, clients, clock } = this.parts;
    const row = await new PaymentConnectionStore(database).claimForPoll(connectionEveryS);
    if (!row) return false;
    const sinceMs = Math.max(row.createdAt.getTime(), clock.nowMs() - lookBackMs);
    await this.ask(row, (connection) => clients[connection.provider].fetchSince?.(sinceMs, connection));
    return true;
  }

  private async ask(
    row: PaymentConnection,
    run: (connection: ConnectionFacts) => Promise<PaymentFacts[]> | undefined,
  ): Promise<void> {
    const { sealer, desk, log } = this.parts;
    await this.guarded(row.id, async () => {
      const connection = factsOfConnection(sealer, row);
      if (row.state === 'disabled' || !providers[connection.provider].canReread(connection)) return;
      for (const facts of (await run(connection)) ?? []) {
        if (facts.paidMinor === 0 && !facts.refundedMinor) continue;
        if (await desk.learn(row, facts))
          log.info(
            { connectionId: row.id, provider: row.provider },
            'asking found money that no callback told',
          );
      }
    });
  }

  /** One provider that does not answer, or one payment that cannot be settled, must not hold up the others. */
  private async guarded(id: string, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.parts.log.warn(
        { err: error, id, code: error instanceof FarmError ? error.code : undefined },
        'a payment could not be reconciled now',
      );
    }
  }
}
