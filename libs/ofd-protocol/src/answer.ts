import { FarmError } from '@kkt/contracts';
import { parseConfirmation, type Confirmation } from './confirmation';
import { CONFIRMATION_CODE, type OfdContainer } from './container';
import { meaningOf, type AnswerMeaning } from './service-codes';
import type { OfdMessage } from './stream-parser';

/** The document an answer is waited for. */
export interface SentDocument {
  fnNumber: string;
  fdNumber: number;
}

/** What the operator's message is to the sender of one document. */
export type OfdAnswer =
  /** For the FN: it checks tag 1078, and only then the document is delivered. Sealed: only the FN can read it. */
  | { kind: 'confirmation'; container: OfdContainer; confirmation?: Confirmation; meaning?: AnswerMeaning }
  /** The operator says no: a confirmation that no FN would take. */
  | { kind: 'refusal'; container: OfdContainer; confirmation: Confirmation; meaning: AnswerMeaning }
  /** Header only: the other side is there. */
  | { kind: 'link-alive' }
  /** An answer for another FN or document: never given to this FN. */
  | { kind: 'foreign'; error: FarmError }
  /** Not a confirmation at all. */
  | { kind: 'unreadable'; error: FarmError };

/** Sorts a whole message from the operator; works on encrypted answers by their open header. */
export function classifyAnswer(sent: SentDocument, message: OfdMessage): OfdAnswer {
  const { container } = message;
  if (!container) return { kind: 'link-alive' };
  const got = { fnNumber: container.fnNumber, fdNumber: container.fdNumber };
  if (container.documentCode !== CONFIRMATION_CODE) {
    const error = new FarmError('OFD-NOT-CONFIRMATION', 'The operator sent another kind of document', {
      documentCode: container.documentCode,
      ...got,
    });
    return { kind: 'unreadable', error };
  }
  if (got.fnNumber !== sent.fnNumber || got.fdNumber !== sent.fdNumber) {
    return { kind: 'foreign', error: foreign(sent, got) };
  }
  const read = parseConfirmation(container);
  if (!read.ok) {
    return read.error.code === 'OFD-SEALED'
      ? { kind: 'confirmation', container }
      : { kind: 'unreadable', error: read.error };
  }
  const confirmation = read.value;
  if (confirmation.fnNumber !== sent.fnNumber || confirmation.fdNumber !== sent.fdNumber) {
    return { kind: 'foreign', error: foreign(sent, confirmation) };
  }
  const meaning = meaningOf(confirmation.code);
  const signed = confirmation.operatorSign !== undefined;
  return signed || meaning.remedy === 'none'
    ? { kind: 'confirmation', container, confirmation, meaning }
    : { kind: 'refusal', container, confirmation, meaning };
}

function foreign(sent: SentDocument, got: SentDocument): FarmError {
  return new FarmError('OFD-FOREIGN', 'The operator answered about another document', {
    sentFn: sent.fnNumber,
    sentFd: sent.fdNumber,
    gotFn: got.fnNumber,
    gotFd: got.fdNumber,
  });
}
