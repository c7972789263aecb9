import type { Clock, Ids, Log } from '@kkt/contracts';
import { Sealer } from '@kkt/security';
import type { Database } from '@kkt/storage';
import { createClients } from '../clients';
import { PaypalCertificates } from '../clients/certificates';
import { createAskProvider } from '../clients/http';
import { sealPurpose } from './connections';
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
}

/** Everything about payments over one database. */
export function createPayments(options: PaymentOptions): Payments {
  const { database, clock, ids, log, wakeGroup, emulatorUrl } = options;
  const sealer = new Sealer(options.secretKey, sealPurpose);
  const ask = createAskProvider({ emulatorUrl });
  const clients = createClients(ask, clock);
  const certificates = new PaypalCertificates({ ask, clock, isEmulated: emulatorUrl !== undefined });
  const desk = new PaymentDesk({ database, sealer, clients, certificates, clock, ids, log, wakeGroup });
  return { desk, sealer, reconciler: new PaymentReconciler({ database, sealer, clients, desk, clock, log }) };
}
