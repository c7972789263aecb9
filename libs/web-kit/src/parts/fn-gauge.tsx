import type { FnView } from '@kkt/web-contract';
import type { ReactNode } from 'react';
import { useFormats, useTexts } from '../i18n/language';
import { kitTexts } from '../texts';
import type { Tone } from './state-badge';

const dayMs = 86_400_000;

/** How near an FN's end is: by documents or by its term, whichever comes first. */
export function fnTone(fill: number | null, validUntil: string | null, now = Date.now()): Tone {
  const daysLeft = validUntil === null ? Infinity : (Date.parse(validUntil) - now) / dayMs;
  if ((fill ?? 0) >= 0.98 || daysLeft < 3) return 'bad';
  if ((fill ?? 0) >= 0.9 || daysLeft < 60) return 'warn';
  return 'good';
}

/** Fill of an FN as a bar, with the documents left and the end of its term. */
export function FnGauge({
  fn,
}: {
  fn: Pick<FnView, 'capacityDocuments' | 'documentsLeft' | 'validUntil'>;
}): ReactNode {
  const say = useTexts(kitTexts);
  const formats = useFormats();
  const { capacityDocuments, documentsLeft, validUntil } = fn;
  const fill =
    capacityDocuments && documentsLeft !== null
      ? Math.min(1, Math.max(0, 1 - documentsLeft / capacityDocuments))
      : null;
  const text =
    fill === null
      ? say('fn.unknown')
      : say('fn.fill', { percent: formats.percent(fill, fill < 0.1 ? 1 : 0) });
  return (
    <span className="kit-gauge" data-tone={fnTone(fill, validUntil)}>
      <span
        className="kit-bar"
        role="meter"
        aria-label={say('fn.label')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round((fill ?? 0) * 100)}
        aria-valuetext={text}
      >
        <span style={{ width: `${(fill ?? 0) * 100}%` }} />
      </span>
      <span className="kit-gauge-text">
        <span>
          {documentsLeft === null
            ? text
            : say('fn.left', {
                percent: formats.percent(fill ?? 0, (fill ?? 0) < 0.1 ? 1 : 0),
                n: documentsLeft,
              })}
        </span>
        {validUntil !== null && (
          <span className="kit-num">{say('fn.until', { date: formats.date(validUntil) })}</span>
        )}
      </span>
    </span>
  );
}
