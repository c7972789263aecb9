import { type ReactNode, useEffect, useState } from 'react';
import { useFormats, useTexts } from '../i18n/language';
import { kitTexts } from '../texts';
import { Icon } from './icons';

/** A sum in roubles, figures of one width. */
export function Money({ kop }: { kop: number }): ReactNode {
  return <span className="kit-num">{useFormats().money(kop)}</span>;
}

/** A moment in Moscow; the reader's own zone in the tooltip. `short` leaves today's date out. */
export function DateTime({ at, short = false }: { at: string; short?: boolean }): ReactNode {
  const formats = useFormats();
  return (
    <time className="kit-num" dateTime={at} title={`${formats.dateTime(at)}\n${formats.ownZone(at)}`}>
      {short ? formats.time(at) : formats.dateTime(at)}
    </time>
  );
}

/** The wall clock on a document. */
export function LocalTime({ at }: { at: string }): ReactNode {
  const say = useTexts(kitTexts);
  return (
    <time className="kit-num" dateTime={at} title={say('time.local')}>
      {useFormats().local(at)}
    </time>
  );
}

/** A clock that makes its component look again every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** How long ago, kept true while it is on the screen. */
export function Ago({ at }: { at: string }): ReactNode {
  const formats = useFormats();
  const now = useNow(10_000);
  return (
    <time className="kit-num" dateTime={at} title={formats.dateTime(at)}>
      {formats.duration(Math.max(0, now - Date.parse(at)))}
    </time>
  );
}

/** An identifier that can be copied whole. `short` shows its end only. */
export function IdChip({ id, label, short = 0 }: { id: string; label?: string; short?: number }): ReactNode {
  const say = useTexts(kitTexts);
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <span className="kit-chip">
      <code title={id}>{short > 0 && id.length > short ? `…${id.slice(-short)}` : id}</code>
      <button
        type="button"
        aria-label={`${isCopied ? say('copy.done') : say('copy.do')}: ${label ?? id}`}
        onClick={() => void navigator.clipboard.writeText(id).then(() => setCopied(true))}
      >
        <Icon name={isCopied ? 'check' : 'copy'} size={15} />
      </button>
    </span>
  );
}
