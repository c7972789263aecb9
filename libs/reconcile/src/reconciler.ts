import { type Clock, FarmError, type Ids, type Log, sleep } from '@kkt/contracts';
import type {
  AlertStore,
  ArchiveReadStore,
  DriveInScope,
  NotRead,
  ReconciliationDepth,
  ReconciliationOutcome,
  ReconciliationStore,
  ReconciliationTotals,
} from '@kkt/storage';
import { actionFor } from './actions';
import { ArchiveDesk } from './archive-desk';
import {
  checkDrive,
  defaultDriveCheckSettings,
  type DriveCheckSettings,
  type DriveVerdict,
} from './drive-check';
import { isLostSettlement } from './facts';
import { Gate } from './gate';
import type { OperatorDirectory } from './operator-client';

export interface ReconcilerPorts {
  clock: Clock;
  ids: Ids;
  log: Log;
  store: ReconciliationStore;
  archive: ArchiveReadStore;
  alerts: Pick<AlertStore, 'raise' | 'close'>;
  operatorOf: OperatorDirectory;
  settings?: DriveCheckSettings;
}

export interface RunOptions {
  startedBy: string;
  depth?: ReconciliationDepth;
  /** One register only. */
  serial?: string;
  /** A register that does not get on for so long is given up. */
  idleTimeoutMs: number;
  signal?: AbortSignal;
  /** Called after each FN. */
  onDrive?: (told: DriveTold) => void;
}

/** One FN of a run, for people who watch. */
export interface DriveTold {
  serial: string;
  fnNumber: string;
  documents: number;
  findings: number;
  notRead?: string;
  /** This is the `done`-th FN of `of`. */
  done: number;
  of: number;
}

export interface RunReport {
  runId: string;
  outcome: ReconciliationOutcome;
  totals: ReconciliationTotals;
  notRead: NotRead[];
}

const heartbeatMs = 5_000;
/** FNs whose documents are in memory at once. */
const atOnce = 4;

/**
 * Accounts for every document of every FN: what the FN's archive, our database and the operator hold must be the same.
 * What is not becomes a finding with an action for a person; nothing is ever put right by itself.
 */
export class Reconciler {
  constructor(private readonly ports: ReconcilerPorts) {}

  /**
   * A run on demand, to its end.
   * @throws FarmError `CLIENT-REGISTER-UNKNOWN` for a serial that is not in the inventory
   */
  async run(options: RunOptions): Promise<RunReport> {
    const { ids, store } = this.ports;
    const { serial, depth = 'full', startedBy } = options;
    const drives = await store.drives(serial);
    if (serial !== undefined && drives.length === 0)
      throw new FarmError('CLIENT-REGISTER-UNKNOWN', 'No rented register has this serial number', { serial });
    const runId = ids.uuid();
    await store.begin({ id: runId, startedBy, depth });
    return this.carryOut(runId, { ...options, depth }, drives);
  }

  /** Tonight's run, when it is due and nobody else has it in hand. */
  async runNightly(options: Omit<RunOptions, 'depth' | 'serial'>): Promise<RunReport | undefined> {
    const { ids, store } = this.ports;
    const runId = ids.uuid();
    const depth = await store.beginNightly({ id: runId, startedBy: options.startedBy });
    if (!depth) return undefined;
    return this.carryOut(runId, { ...options, depth }, await store.drives());
  }

  private async carryOut(
    runId: string,
    options: RunOptions & { depth: ReconciliationDepth },
    drives: readonly DriveInScope[],
  ): Promise<RunReport> {
    const { clock, store, archive, log, alerts } = this.ports;
    const startedMs = clock.monotonicMs();
    const totals = { registers: 0, documents: 0, findings: 0, notRead: 0, seconds: 0 };
    const notRead: NotRead[] = [];
    const finish = async (outcome: ReconciliationOutcome): Promise<RunReport> => {
      totals.registers = new Set(drives.map(({ registerId }) => registerId)).size;
      totals.notRead = notRead.length;
      totals.seconds = Math.round((clock.monotonicMs() - startedMs) / 100) / 10;
      await store.finish(runId, outcome, totals, notRead);
      log.info({ runId, outcome, ...totals }, 'reconciliation ended');
      return { runId, outcome, totals, notRead };
    };

    const ended = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, ended.signal]) : ended.signal;
    const desk = new ArchiveDesk({ clock, store: archive, runId, idleTimeoutMs: options.idleTimeoutMs });
    const gate = new Gate(atOnce);
    let done = 0;
    const one = async (drive: DriveInScope): Promise<void> => {
      const fromFd = options.depth === 'new' ? drive.provenUpTo + 1 : 1;
      const verdict = await checkDrive(drive, fromFd, {
        clock,
        store,
        desk,
        operatorOf: this.ports.operatorOf,
        gate,
        settings: this.ports.settings ?? defaultDriveCheckSettings,
        signal,
      });
      await this.keep(runId, drive, verdict);
      done += 1;
      totals.documents += verdict.documents;
      totals.findings += verdict.differences.length;
      if (verdict.notRead)
        notRead.push({ serial: drive.serial, fnNumber: drive.fnNumber, reason: verdict.notRead });
      options.onDrive?.({
        serial: drive.serial,
        fnNumber: drive.fnNumber,
        documents: verdict.documents,
        findings: verdict.differences.length,
        notRead: verdict.notRead,
        done,
        of: drives.length,
      });
    };
    try {
      signal.throwIfAborted();
      await archive.forgetExpired();
      const work = Promise.all(drives.map(one));
      // None of these ends by itself before the work does, unless it fails.
      await Promise.race([work, desk.serve(signal), this.beat(runId, signal), rejectOn(signal)]);
      await work;
      const outcome = totals.findings + notRead.length > 0 ? 'differences' : 'clean';
      if (options.serial === undefined) await this.tell(alerts, totals, notRead.length);
      return await finish(outcome);
    } catch (error) {
      log.error({ runId, err: (error as Error).message }, 'reconciliation broke off');
      await finish('broken_off').catch((lost: Error) =>
        log.warn({ err: lost.message }, 'its end was not stored'),
      );
      throw error;
    } finally {
      ended.abort(new FarmError('SYS-STOPPED', 'The reconciliation has ended'));
    }
  }

  /** Stores what was found in one FN, and calls a person when a receipt is missing from the database. */
  private async keep(runId: string, drive: DriveInScope, verdict: DriveVerdict): Promise<void> {
    const { store, alerts } = this.ports;
    const { registerId, fnNumber, serial } = drive;
    const findings = verdict.differences.map((difference) => ({
      ...difference,
      action: actionFor(difference),
    }));
    const isWhole = verdict.notRead === undefined;
    await store.saveFindings({ runId, registerId, fnNumber }, findings, isWhole ? verdict.fromFd : undefined);
    if (isWhole) await store.proven(fnNumber, verdict.provenUpTo, runId);
    const lost = verdict.differences.filter(isLostSettlement);
    if (lost.length > 0) {
      await alerts.raise({
        class: 'receipt_missing_in_database',
        objectKind: 'register',
        objectId: registerId,
        severity: 1,
        text: `Касса ${serial}: в ФН ${fnNumber} есть чеки, которых нет в базе: ФД ${numbersOf(lost)}`,
        facts: { fnNumber, count: lost.length, firstFd: lost[0]?.fdNumber ?? null, runId },
      });
    } else if ((await store.openOf(registerId)).lostReceipts === 0)
      await alerts.close('receipt_missing_in_database', 'register', registerId);
  }

  private async tell(
    alerts: ReconcilerPorts['alerts'],
    { findings, documents }: ReconciliationTotals,
    notRead: number,
  ): Promise<void> {
    if (findings + notRead === 0) return alerts.close('reconciliation', 'farm', 'farm');
    await alerts.raise({
      class: 'reconciliation',
      objectKind: 'farm',
      objectId: 'farm',
      severity: 2,
      text: `Сверка ФН, базы и оператора: расхождений ${findings}, не прочитано касс ${notRead}`,
      facts: { findings, notRead, documents },
    });
  }

  private async beat(runId: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.ports.store.seen(runId);
      await sleep(this.ports.clock, heartbeatMs, signal).catch(() => undefined);
    }
  }
}

const mostNumbers = 5;

const numbersOf = (differences: readonly { fdNumber: number }[]): string => {
  const shown = differences.slice(0, mostNumbers).map(({ fdNumber }) => fdNumber);
  const more = differences.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` и ещё ${more}` : ''}`;
};

const rejectOn = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
