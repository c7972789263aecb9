import {
  type Actor,
  type DeskPorts,
  LedgerDesk,
  loadFnModels,
  RegistrationDesk,
  RenewalDesk,
  WorkflowDesk,
} from '@kkt/fn-desk';
import { correlationId } from '@kkt/observability';
import type { ConsoleParts } from '../parts';
import type { Caller } from '../session/session.guard';

/** The desks of fiscal drives behind the console's door. */
export interface FnDesks {
  ports: DeskPorts;
  ledger: LedgerDesk;
  workflows: WorkflowDesk;
  registrations: RegistrationDesk;
  renewals: RenewalDesk;
}

/** Nest injection token of {@link FnDesks}. */
export const FN_DESKS = Symbol('FnDesks');

export function createFnDesks({ database, clock, ids, log }: ConsoleParts): FnDesks {
  const ports: DeskPorts = { database, clock, ids, log, models: loadFnModels() };
  return {
    ports,
    ledger: new LedgerDesk(ports),
    workflows: new WorkflowDesk(ports),
    registrations: new RegistrationDesk(ports),
    renewals: new RenewalDesk(ports),
  };
}

export const actorOf = (caller: Caller): Actor => ({
  kind: 'staff',
  id: caller.staffId,
  name: caller.name,
  requestId: correlationId(),
});
