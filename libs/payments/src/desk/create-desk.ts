import { type Clock, FarmError, type Ids, type Log } from '@kkt/contracts';
import { Sealer } from '@kkt/security';
import type { Database, PaymentConnection } from '@kkt/storage';
import { createClients } from '../clients';
import { PaypalCertificates } from '../clients/certificates';
import { question } from '../clients/client';
import { createAskProvider } from '../clients/http';
import { providers } from '../providers';
import { factsOfConnection, sealPurpose } from './connections';
import { PaymentDesk } from './payment-desk';
import { PaymentReconciler } from './reconciler';

export interface PaymentOptions {
  database: Database;
  /** SECRET_KEY, 32 bytes. */
  secretKey: Buffer;
  clock: Clock;
  ids: Ids;
  log: Log;
  wakeGroup: (groupId: number) => void;
  /** Providers are asked here instead, for demonstrations and tests; it names its own authority for certificates. */
  emulatorUrl?: string;
}

export interface Payments {
  desk: PaymentDesk;
  reconciler: PaymentReconciler;
  sealer: Sealer;
  /** Asks the provider with the connection's secrets; tells whether it let us in. */
  check(row: PaymentConnection): Promise<ConnectionCheck>;
}

/** Whether a provider takes a connection's secrets. */
export type ConnectionCheck =
  | { ok: true; /** Payments it lists of the last day, where it lists them. */ payments: number | null }
  | { ok: false; reason: 'cannot-be-asked' | 'refused' | 'no-answer' };

/** Everything about payments over one database. */
export function createPayments(options: PaymentOptions): Payments {
  const { database, clock, ids, log, wakeGroup, emulatorUrl } = options;
  const sealer = new Sealer(options.secretKey, sealPurpose);
  const ask = createAskProvider({ emulatorUrl });
  const clients = createClients(ask, clock);
  const certificates = new PaypalCertificates({ ask, clock, isEmulated: emulatorUrl !== undefined });
  const desk = new PaymentDesk({ database, sealer, clients, certificates, clock, ids, log, wakeGroup });
  const check = async (row: PaymentConnection): Promise<ConnectionCheck> => {
    const connection = factsOfConnection(sealer, row);
    if (!providers[connection.provider].canReread(connection))
      return { ok: false, reason: 'cannot-be-asked' };
    const client = clients[connection.provider];
    try {
      const list = client.fetchSince && (await client.fetchSince(clock.nowMs() - 86_400_000, connection));
      // A payment that cannot be: a provider that lets us in says that it knows none.
      if (!list) await client.fetchPayment(question('NONE0000'), connection, Buffer.alloc(0));
      return { ok: true, payments: list?.length ?? null };
    } catch (error) {
      const isAnswered = error instanceof FarmError && typeof error.context.status === 'number';
      return { ok: false, reason: isAnswered ? 'refused' : 'no-answer' };
    }
  };
  return {
    desk,
    sealer,
    check,
    reconciler: new PaymentReconciler({ database, sealer, clients, desk, clock, log }),
  };
}
