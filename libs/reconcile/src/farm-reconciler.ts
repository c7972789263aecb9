import { type Log, systemClock, systemIds } from '@kkt/contracts';
import { AlertStore, ArchiveReadStore, type Database, ReconciliationStore } from '@kkt/storage';
import { ReferenceOperatorClient } from './operator-client';
import { Reconciler } from './reconciler';

export interface FarmReconcilerSettings {
  /** INN of the reference operator. */
  ofdInn: string;
  ofdApiKey?: string | undefined;
  /** Port of its JSON API, on this machine. */
  ofdPortalPort: number;
}

/** The reconciler of a real farm, on the system's clock; it knows the reference operator. */
export function farmReconciler(database: Database, settings: FarmReconcilerSettings, log: Log): Reconciler {
  const reference = new ReferenceOperatorClient({
    baseUrl: `http://127.0.0.1:${settings.ofdPortalPort}`,
    apiKey: settings.ofdApiKey,
  });
  return new Reconciler({
    clock: systemClock,
    ids: systemIds,
    log,
    store: new ReconciliationStore(database),
    archive: new ArchiveReadStore(database),
    alerts: new AlertStore(database),
    operatorOf: (ofdInn) => (ofdInn === settings.ofdInn ? reference : undefined),
  });
}
