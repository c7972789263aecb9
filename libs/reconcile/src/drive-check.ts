import { type Clock, FarmError, sleep } from '@kkt/contracts';
import type { DriveInScope, ReconciliationStore } from '@kkt/storage';
import type { ArchiveDesk } from './archive-desk';
import { compareDrive, persisting } from './compare';
import type { Comparison, DatabaseFacts, DriveFacts, FnFacts, OperatorFacts } from './facts';
import type { Gate } from './gate';
import type { OperatorDirectory } from './operator-client';

/** What came of one FN. */
export interface DriveVerdict extends Comparison {
  /** Where the comparison began. */
  fromFd: number;
  /** Why not every side was read; undefined when all were. */
  notRead?: string;
}

export interface DriveCheckParts {
  clock: Clock;
  store: Pick<ReconciliationStore, 'documents'>;
  desk: Pick<ArchiveDesk, 'read'>;
  operatorOf: OperatorDirectory;
  /** Limits what is read from the database and operators at once. */
  gate: Gate;
  settings: DriveCheckSettings;
  signal: AbortSignal;
}

export interface DriveCheckSettings {
  /** What differs is looked at again so often… */
  recheckTimes: number;
  /** …after this pause, in which what was under way settles. */
  recheckAfterMs: number;
  /** A document that the operator does not have after so long is late. */
  lateAfterMs: number;
  /** Offset of the registers' wall clock from UTC, minutes. */
  deviceUtcOffsetMin: number;
}

export const defaultDriveCheckSettings: DriveCheckSettings = {
  recheckTimes: 3,
  recheckAfterMs: 3_000,
  lateAfterMs: 86_400_000,
  deviceUtcOffsetMin: 180,
};

/** Rows of the database in one page. */
const databasePage = 5_000;
/** Numbers to be looked at again that lie closer are read as one range. */
const rangeJoin = 20;

interface Sides {
  fromFd: number;
  lastFdInFn?: number;
  fn?: Map<number, FnFacts>;
  database: Map<number, DatabaseFacts>;
  operator?: Map<number, OperatorFacts>;
}

/**
 * Reads one FN's documents in all three places and compares them. They are read one after another while the register
 * works, so what differs is read again a few times; only what persists is a difference.
 */
export async function checkDrive(
  drive: DriveInScope,
  fromFd: number,
  parts: DriveCheckParts,
): Promise<DriveVerdict> {
  const reasons = new Set<string>();
  const sides = await readSides(drive, fromFd, parts, reasons);
  let comparison = compareDrive(factsOf(drive, sides, parts));
  for (let time = 0; time < parts.settings.recheckTimes && comparison.differences.length > 0; time += 1) {
    await sleep(parts.clock, parts.settings.recheckAfterMs, parts.signal);
    await readAgain(drive, sides, comparison, parts, reasons);
    const again = compareDrive(factsOf(drive, sides, parts));
    comparison = { ...again, differences: persisting(comparison.differences, again.differences) };
  }
  const notRead = [...reasons].join(',');
  return { ...comparison, fromFd: sides.fromFd, ...(notRead ? { notRead } : {}) };
}

async function readSides(
  drive: DriveInScope,
  fromFd: number,
  parts: DriveCheckParts,
  reasons: Set<string>,
): Promise<Sides> {
  const { registerId, fnNumber, isInstalled } = drive;
  const sides: Sides = { fromFd, database: new Map() };
  const answer = isInstalled
    ? await parts.desk.read({ registerId, fnNumber, fromFd, toFd: null })
    : undefined;
  await parts.gate.run(async () => {
    if (answer?.isRead) {
      sides.fn = await answer.take();
      sides.lastFdInFn = answer.lastFd;
      // An FN that ends before what was proven of it has lost documents.
      sides.fromFd = Math.min(fromFd, answer.lastFd + 1);
    } else if (answer) reasons.add(answer.reason);
    sides.database = await databaseFrom(fnNumber, sides.fromFd, parts);
    sides.operator = await operatorFrom(drive, sides.fromFd, parts, reasons);
  });
  return sides;
}

/** Reads anew the numbers that differ, and what came after them. */
async function readAgain(
  drive: DriveInScope,
  sides: Sides,
  { differences }: Comparison,
  parts: DriveCheckParts,
  reasons: Set<string>,
): Promise<void> {
  const { registerId, fnNumber } = drive;
  if (sides.fn) {
    for (const { fromFd, toFd } of rangesOf(differences)) {
      const answer = await parts.desk.read({ registerId, fnNumber, fromFd, toFd });
      if (!answer.isRead) {
        // What it said before is too old to accuse anybody.
        reasons.add(answer.reason);
        sides.fn = undefined;
        sides.lastFdInFn = undefined;
        break;
      }
      sides.lastFdInFn = answer.lastFd;
      for (let number = fromFd; number <= toFd; number += 1) sides.fn.delete(number);
      for (const [number, facts] of await answer.take()) sides.fn.set(number, facts);
    }
  }
  const first = Math.min(...differences.map(({ fdNumber }) => fdNumber));
  await parts.gate.run(async () => {
    renew(sides.database, await databaseFrom(fnNumber, first, parts), first);
    if (!sides.operator) return;
    const operator = await operatorFrom(drive, first, parts, reasons);
    if (operator) renew(sides.operator, operator, first);
    else sides.operator = undefined;
  });
}

function renew<Facts>(side: Map<number, Facts>, read: ReadonlyMap<number, Facts>, fromFd: number): void {
  for (const number of side.keys()) if (number >= fromFd) side.delete(number);
  for (const [number, facts] of read) side.set(number, facts);
}

function rangesOf(
  differences: readonly { fdNumber: number; toFd: number }[],
): { fromFd: number; toFd: number }[] {
  const ranges: { fromFd: number; toFd: number }[] = [];
  for (const { fdNumber, toFd } of [...differences].sort((a, b) => a.fdNumber - b.fdNumber)) {
    const last = ranges.at(-1);
    if (last && fdNumber - last.toFd <= rangeJoin) last.toFd = Math.max(last.toFd, toFd);
    else ranges.push({ fromFd: fdNumber, toFd });
  }
  return ranges;
}

async function databaseFrom(
  fnNumber: string,
  fromFd: number,
  { store, signal }: DriveCheckParts,
): Promise<Map<number, DatabaseFacts>> {
  const found = new Map<number, DatabaseFacts>();
  for (let next = fromFd; ;) {
    signal.throwIfAborted();
    const page = await store.documents(fnNumber, next, databasePage);
    for (const record of page) found.set(record.fdNumber, record);
    const last = page.at(-1);
    if (!last || page.length < databasePage) return found;
    next = last.fdNumber + 1;
  }
}

/** What all operators of this FN hold together: each has the documents of its time. */
async function operatorFrom(
  { fnNumber, ofdInn, formerOfdInns = [] }: DriveInScope,
  fromFd: number,
  { operatorOf, signal }: DriveCheckParts,
  reasons: Set<string>,
): Promise<Map<number, OperatorFacts> | undefined> {
  const found = new Map<number, OperatorFacts>();
  for (const inn of new Set([ofdInn, ...formerOfdInns])) {
    const client = inn === null ? undefined : operatorOf(inn);
    if (!client) {
      reasons.add('no_client_for_operator');
      return undefined;
    }
    try {
      const documents = await client.documents(fnNumber, fromFd, signal);
      for (const document of documents) found.set(document.fdNumber, document);
    } catch (error) {
      if (!(error instanceof FarmError) || !error.code.startsWith('OFD-')) throw error;
      reasons.add(error.code);
      return undefined;
    }
  }
  return found;
}

function factsOf(
  { isInstalled }: DriveInScope,
  sides: Sides,
  { clock, settings }: DriveCheckParts,
): DriveFacts {
  const lateMs = clock.nowMs() - settings.lateAfterMs + settings.deviceUtcOffsetMin * 60_000;
  return { ...sides, isInstalled, lateBefore: new Date(lateMs).toISOString().slice(0, 19) };
}
