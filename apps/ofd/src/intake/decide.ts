import { ANSWER_CODE, type AnswerName } from '@kkt/ofd-protocol';

/** What the operator knows of the KKT behind an FN, at the moment of the decision. */
export interface DriveFacts {
  rnm: string;
  inn: string;
  kktState: 'active' | 'unpaid' | 'not_activated' | 'closed';
  /** The first FD number this operator waits for. */
  firstFd: number;
  /** The newest stored FD number. */
  lastFd: number | null;
  /** The FN gave its closing report. */
  closed: boolean;
}

export interface DocumentFacts {
  fdNumber: number;
  form: number;
  rnm?: string;
  /** FFD 1.05 lets a receipt go without it. */
  inn?: string;
  /** A report (form 11) that the KKT's operator is another one now. */
  changesOperator?: boolean;
  /** Format-logic control found something. */
  hasViolations: boolean;
}

export type Verdict =
  /** Store and confirm with this code. */
  | { kind: 'store'; code: number }
  /** Stored before: send the same confirmation again. */
  | { kind: 'repeat' }
  /** Not stored. */
  | { kind: 'refuse'; answer: AnswerName; reason: string };

const refuse = (answer: AnswerName, reason: string): Verdict => ({ kind: 'refuse', answer, reason });

const REGISTRATION_REPORTS = new Set([1, 11]);

/**
 * What to do with one document. `stored` says whether a document with this FN and FD number exists and is the same.
 * A document that was confirmed once is confirmed again whatever happened to the contract since: the FN waits for it.
 */
export function decide(
  document: DocumentFacts,
  drive: DriveFacts | undefined,
  stored: 'none' | 'same' | 'other',
): Verdict {
  if (!drive) return refuse('unknownKkt', 'No KKT is registered with this FN');
  if (stored === 'same') return { kind: 'repeat' };
  if (stored === 'other') return refuse('conflict', 'Another document with this number is stored');
  if (document.rnm !== drive.rnm) return refuse('wrongFn', 'The FN belongs to a KKT with another number');
  if (document.inn !== undefined && document.inn !== drive.inn)
    return refuse('wrongFn', 'The FN belongs to a KKT of another enterprise');
  if (drive.kktState === 'closed') return refuse('closed', 'The KKT was closed');
  if (drive.kktState === 'not_activated') return refuse('notActivated', 'The KKT was not activated');
  if (drive.kktState === 'unpaid') return refuse('unpaid', 'The service is not paid');
  if (drive.closed) return refuse('closed', 'The FN was closed by its report');
  const expected = drive.lastFd === null ? drive.firstFd : drive.lastFd + 1;
  if (document.fdNumber !== expected && !startsChain(document, drive)) {
    return refuse('outOfOrder', `Document ${expected} is expected`);
  }
  return {
    kind: 'store',
    code: document.hasViolations ? ANSWER_CODE.formatLogicFailed : ANSWER_CODE.accepted,
  };
}

/**
 * A KKT that came from another operator begins here with its registration report, whatever its number; one that comes
 * back says so with a report that the operator has changed: what lies between is with the other.
 */
const startsChain = (document: DocumentFacts, drive: DriveFacts): boolean =>
  REGISTRATION_REPORTS.has(document.form) &&
  (drive.lastFd === null
    ? document.fdNumber > drive.firstFd
    : document.changesOperator === true && document.fdNumber > drive.lastFd);
