import type { ClientRegister } from '@kkt/web-contract';
import { useFormats, useNow, useTexts } from '@kkt/web-kit';
import { texts } from '../texts';

/** The shift of a register in words. */
export function useShiftText(): (register: ClientRegister) => string | null {
  const say = useTexts(texts);
  const formats = useFormats();
  const now = useNow(60_000);
  return ({ shift }) => {
    if (!shift) return null;
    if (!shift.open) return say('register.shiftClosed');
    const left =
      shift.expiresAt === null ? '—' : formats.duration(Math.max(0, Date.parse(shift.expiresAt) - now));
    return say('register.shiftOpen', { number: String(shift.number ?? ''), left });
  };
}

/** What has not reached the operator, in words. */
export function useUnsentText(): (register: ClientRegister) => string | null {
  const say = useTexts(texts);
  const formats = useFormats();
  return ({ unsent, firstUnsentAt }) => {
    if (unsent === null) return null;
    if (unsent === 0) return say('register.unsentNone');
    return say('register.unsentSome', {
      n: unsent,
      time: firstUnsentAt === null ? '—' : formats.time(firstUnsentAt),
    });
  };
}
