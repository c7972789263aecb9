import { FarmError, type ErrorContext } from '@kkt/contracts';

/** Whose bytes are being read: the block of the error code. */
export type TlvOrigin = 'CLIENT' | 'DEVICE' | 'OFD';

/**
 * What may be wrong with TLV bytes or values:
 * `TRUNCATED` a value runs past its parent; `TOO-LONG` input or value over the limit; `TOO-DEEP`, `TOO-MANY` nesting
 * or node count over the limit; `VALUE` bytes or a value the type of the tag does not allow.
 */
export type TlvFault = 'TRUNCATED' | 'TOO-LONG' | 'TOO-DEEP' | 'TOO-MANY' | 'VALUE';

export function tlvError(
  origin: TlvOrigin,
  fault: TlvFault,
  message: string,
  context: ErrorContext,
): FarmError {
  return new FarmError(`${origin}-TLV-${fault}`, message, context);
}
