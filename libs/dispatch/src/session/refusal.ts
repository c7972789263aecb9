import { FarmError, isDeviceRefusal } from '@kkt/contracts';
import type { VoidOutcome } from '@kkt/storage';

/** What to do after an attempt that is proven to have made no document. */
export interface AfterVoid {
  outcome: VoidOutcome;
  /** The register should be left alone for a while, or until a person looks. */
  register: 'go-on' | 'pause' | 'leave-dispatch' | 'stop';
  reason: string;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/**
 * Reads the device's refusal. `context.recovery` comes from the table of device errors:
 * `fix-receipt` ends the receipt with the driver's number; everything else is the register's trouble, and the
 * receipt goes back to its place in the queue, to be taken by another register or later.
 */
export function afterVoid(error: unknown, attempts: number, maxAttempts: number): AfterVoid {
  const reason =
    error instanceof FarmError ? error.code : error instanceof Error ? error.message : 'interrupted';
  const exhausted: VoidOutcome = {
    then: 'fail',
    refusal: {
      code: 2,
      type: 'driver',
      text: `Касса не зарегистрировала чек за ${attempts} попыток (${reason})`,
    },
  };
  const again: VoidOutcome = attempts >= maxAttempts ? exhausted : { then: 'requeue', reason };
  if (!isDeviceRefusal(error)) return { outcome: again, register: 'go-on', reason };

  const driverCode = number(error.context.driverCode) ?? 15;
  const words = text(error.context.textRu) ?? error.message;
  switch (text(error.context.recovery)) {
    case 'fix-receipt':
      return {
        outcome: { then: 'fail', refusal: { code: driverCode, type: 'driver', text: words } },
        register: 'go-on',
        reason,
      };
    case 'other-register':
      return { outcome: again, register: 'leave-dispatch', reason };
    case 'engineer':
      return { outcome: again, register: 'pause', reason };
    default:
      return { outcome: again, register: 'pause', reason };
  }
}
