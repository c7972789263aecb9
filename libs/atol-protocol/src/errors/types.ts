/** Whose side a refusal comes from. */
export type ErrorCause =
  | 'receipt' // the receipt's own content
  | 'state' // mode, open receipt or shift
  | 'clock'
  | 'fn' // the fiscal drive
  | 'ofd' // documents not taken by the operator
  | 'registration'
  | 'settings'
  | 'hardware' // paper, power, mechanics
  | 'protocol'; // our command was wrong: a bug or an old firmware

/**
 * What the driver may do with the receipt in hand.
 * - `fixReceipt`    final: the client must change it
 * - `retry`         put the register in order (mode, shift, open receipt) and try again
 * - `wait`          try the same register later
 * - `otherRegister` this register cannot take it, another of the group may
 * - `engineer`      stop the register and call a person
 */
export type ErrorAction = 'fixReceipt' | 'retry' | 'wait' | 'otherRegister' | 'engineer';

/** A row: code, stable name, English, Russian, cause, action, number in the ATOL driver's (libfptr) list. */
export type ErrorRow = readonly [
  code: number,
  name: string,
  en: string,
  ru: string,
  cause: ErrorCause,
  action: ErrorAction,
  driverError: number,
];
