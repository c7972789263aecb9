import { FarmError, type ErrorContext } from '@kkt/contracts';

/** Bytes that came from the other side and do not fit their layout. The driver asks again or gives up; nothing was decided. */
export const malformed = (what: string, context: ErrorContext = {}): FarmError =>
  new FarmError('WIRE-MALFORMED', what, context);

/** A value our own side tried to send and the layout cannot carry: a bug or an unchecked input, never a line fault. */
export const unencodable = (what: string, context: ErrorContext = {}): FarmError =>
  new FarmError('SYS-UNENCODABLE', what, context);
