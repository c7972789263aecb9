import {
  type DeskPorts,
  FnWatch,
  loadFnModels,
  OperatorAnnouncer,
  OperatorMoveDesk,
  referenceOperatorDoor,
  WorkflowMachine,
} from '@kkt/fn-desk';
import { Duty } from './duty';
import type { WorkerSettings } from './tokens';

const advanceEveryMs = 500;
const announceEveryMs = 2_000;
const overdueEveryMs = 60_000;
const dailyLookEveryMs = 10 * 60_000;

/** Workflows around FNs go on by themselves, their terms are watched, ends of FNs are foretold and told. */
export function fnLifeDuties(
  given: Omit<DeskPorts, 'models'>,
  operator: Pick<WorkerSettings, 'ofdInn' | 'ofdApiKey' | 'ofdPortalPort'>,
): Duty[] {
  const ports: DeskPorts = { ...given, models: loadFnModels() };
  const { clock, log } = given;
  const machine = new WorkflowMachine(ports);
  const watch = new FnWatch(ports);
  const moves = new OperatorMoveDesk(ports);
  const door = referenceOperatorDoor({
    baseUrl: `http://127.0.0.1:${operator.ofdPortalPort}`,
    apiKey: operator.ofdApiKey,
  });
  // Other operators have no adapter yet: their desks are told by mail.
  const announcer = new OperatorAnnouncer(ports, (ofdInn) => (ofdInn === operator.ofdInn ? door : undefined));
  const duty = (name: string, everyMs: number, run: () => Promise<unknown>): Duty =>
    new Duty({
      name,
      everyMs,
      clock,
      log,
      run: async () => {
        await run();
        return false;
      },
    });
  return [
    duty('move FN workflows on', advanceEveryMs, () => machine.sweep()),
    duty('announce registers to operators', announceEveryMs, () => announcer.sweep()),
    duty('apply for changes of operator', announceEveryMs, () => moves.sweep()),
    duty('watch the terms of FN work', overdueEveryMs, () => watch.overdue()),
    duty('look at the ends of FNs', dailyLookEveryMs, () => watch.daily()),
  ];
}
