/**
 * Codes in blocks by cause; recovery branches on the code, never on text.
 * - `WIRE-*`    bytes did not get through; a retry may be considered
 * - `DOUBT-*`   the device may have done it: ask the device first
 * - `DEVICE-*`  the device or the FN refused: final for this attempt
 * - `CLIENT-*`  the request is wrong: tell the client which field
 * - `OFD-*`     the operator's side
 * - `SYS-*`     our own fault or a lost resource
 */
export type FarmErrorCode = `${'WIRE' | 'DOUBT' | 'DEVICE' | 'CLIENT' | 'OFD' | 'SYS'}-${string}`;

/** Facts that help a person or a test; never secrets, tokens or buyers' contacts. */
export type ErrorContext = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The one error class of the farm: a stable code, a sentence for people, facts for the log. */
export class FarmError extends Error {
  constructor(
    readonly code: FarmErrorCode,
    message: string,
    readonly context: ErrorContext = {},
    options?: ErrorOptions,
  ) {
    super(`${message} (${code})`, options);
    this.name = 'FarmError';
  }
}

const hasBlock = (error: unknown, block: string): error is FarmError =>
  error instanceof FarmError && error.code.startsWith(`${block}-`);

/** Bytes were lost or damaged on the way; nothing is known to have been executed. */
export const isWireFault = (error: unknown): error is FarmError => hasBlock(error, 'WIRE');
/** The device may have executed the command: ask it before anything else. */
export const isInDoubt = (error: unknown): error is FarmError => hasBlock(error, 'DOUBT');
/** The device or the FN said no. */
export const isDeviceRefusal = (error: unknown): error is FarmError => hasBlock(error, 'DEVICE');
/** The request itself is wrong. */
export const isClientFault = (error: unknown): error is FarmError => hasBlock(error, 'CLIENT');
