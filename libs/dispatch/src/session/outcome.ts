import type { FiscalProof } from '@kkt/contracts';
import type { DocumentRecord } from '@kkt/kkt-driver';
import type { DocumentComparer, OpenIntent } from '../ports';

/** FFD form that each kind of intent makes; a receipt makes 3 or, for a correction, 31. */
const formsByKind: Record<OpenIntent['kind'], readonly number[]> = {
  receipt: [3, 4, 31, 41],
  registration: [1, 11],
  open_shift: [2],
  close_shift: [5],
  settlement: [21],
  close_fn: [6],
};

/** What the FN's archive says about an intent. */
export type Outcome =
  | { is: 'made'; proof: FiscalProof }
  | { is: 'absent' }
  /** Neither: someone else wrote to the FN, or the FN is another one. Only a person may decide. */
  | { is: 'strange'; why: string };

/**
 * The decision at the heart of "exactly once": FD numbers of one FN have no gaps and only we write to it, so the
 * last number and the one document behind it decide. `next` is the document `fdBefore + 1` when the FN has one.
 */
export function decideOutcome(
  intent: Pick<OpenIntent, 'kind' | 'fnNumber' | 'fdBefore' | 'content'>,
  seen: { fnNumber: string; lastFdNumber: number; next?: FiscalProof },
  compare: DocumentComparer,
): Outcome {
  if (seen.fnNumber !== intent.fnNumber) {
    return { is: 'strange', why: `FN ${seen.fnNumber} is inserted, the intent was for ${intent.fnNumber}` };
  }
  const made = seen.lastFdNumber - intent.fdBefore;
  if (made === 0) return { is: 'absent' };
  if (made !== 1) {
    return {
      is: 'strange',
      why: `FN is at document ${seen.lastFdNumber}, the intent began at ${intent.fdBefore}`,
    };
  }
  const proof = seen.next;
  if (!proof) return { is: 'strange', why: `FN counts document ${seen.lastFdNumber} but does not give it` };
  if (!formsByKind[intent.kind].includes(proof.form)) {
    return {
      is: 'strange',
      why: `document ${proof.fdNumber} has form ${proof.form}, intent was ${intent.kind}`,
    };
  }
  if (intent.content && !compare.same(intent.content, proof)) {
    const parts = compare.difference(intent.content, proof).slice(0, 5).join('; ');
    return { is: 'strange', why: `document ${proof.fdNumber} differs from the receipt: ${parts}` };
  }
  return { is: 'made', proof };
}

const formOf = { receipt: [3, 4], correction: [31, 41] } as const;

/**
 * Whether the FN's short record is that of the receipt: number, form, settlement sign and total. Enough only behind a
 * good answer to the closing over a line that was quiet throughout; see docs/adr/0007.
 */
export function recordFits(
  { fdBefore, content }: Pick<OpenIntent, 'fdBefore' | 'content'>,
  record: DocumentRecord,
): boolean {
  return (
    content !== null &&
    content !== undefined &&
    record.fdNumber === fdBefore + 1 &&
    formOf[content.form].some((form) => form === record.form) &&
    record.sign === content.sign &&
    record.totalKop === content.totalKop
  );
}
