import { StateBadge, useFormats, useTexts } from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { externalTexts } from './texts';

const dayMs = 86_400_000;
const moscowMs = 3 * 3_600_000;
export const soonDays = 60;

/** Whole days until a day by the calendar of Moscow; null when none is given. */
export function daysLeft(day: string | null, nowMs = Date.now()): number | null {
  if (day === null) return null;
  const today = Math.floor((nowMs + moscowMs) / dayMs);
  return Math.round(Date.parse(`${day}T00:00:00Z`) / dayMs) - today;
}

/** When an FN ends by what its owner wrote, with its urgency. */
export function useFnEnd(): (day: string | null) => ReactNode {
  const say = useTexts(externalTexts);
  const formats = useFormats();
  return (day) => {
    const left = daysLeft(day);
    if (day === null || left === null) return <span className="kit-soft">{say('unknown')}</span>;
    if (left > soonDays) return `${formats.date(day)}, ${say('left', { n: left })}`;
    return (
      <StateBadge tone={left < 0 ? 'bad' : 'warn'} shape={left < 0 ? 'cross' : 'triangle'}>
        {formats.date(day)}, {left < 0 ? say('ended') : say('left', { n: left })}
      </StateBadge>
    );
  };
}
