import type { ReactNode } from 'react';
import { useFormats, useTexts } from '../i18n/language';
import { useLiveStatus } from '../live/live';
import { kitTexts } from '../texts';
import { useNow } from './values';

/** Older than this, what is on the screen may no longer be true. */
const staleMs = 8_000;

/** Age of the data on the page: green while the server keeps talking, red when it fell silent. */
export function LiveDot(): ReactNode {
  const say = useTexts(kitTexts);
  const formats = useFormats();
  const { heardAt, isAway, topics } = useLiveStatus();
  const now = useNow(1_000);
  if (topics === 0) return null;
  const ageMs = Math.max(0, now - heardAt);
  const isStale = heardAt > 0 && (ageMs > staleMs || (isAway && ageMs > 3_000));
  if (heardAt === 0) {
    return (
      <span className="kit-live" data-tone="mute">
        {say('live.connecting')}
      </span>
    );
  }
  return (
    <span
      className="kit-live"
      data-tone={isStale ? 'bad' : 'good'}
      role="status"
      aria-live={isStale ? 'assertive' : 'off'}
    >
      {isStale ? say('live.stale', { age: formats.duration(ageMs) }) : say('live.fresh')}
    </span>
  );
}
