import { FarmError, type ErrorContext, type FarmErrorCode } from '@kkt/contracts';

/** Bytes from outside are either understood or explained; parsing them never throws. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; error: FarmError };

export const parsed = <T>(value: T): Parsed<T> => ({ ok: true, value });

export const notParsed = (code: FarmErrorCode, message: string, context?: ErrorContext): Parsed<never> => ({
  ok: false,
  error: new FarmError(code, message, context),
});

/** For callers to whom an unreadable value is a fault of their own. */
export function orThrow<T>(result: Parsed<T>): T {
  if (!result.ok) throw result.error;
  return result.value;
}
