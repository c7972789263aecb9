import type { TimelineEvent } from '@kkt/web-contract';
import type { ReactNode } from 'react';
import { useFormats, useTexts } from '../i18n/language';
import type { TextValues } from '../i18n/icu';
import { Shape, type ShapeName, type Tone } from '../parts/state-badge';
import { DateTime } from '../parts/values';
import { kitTexts } from '../texts';

const looks: Record<TimelineEvent['kind'], { tone: Tone; shape: ShapeName }> = {
  accepted: { tone: 'info', shape: 'ring' },
  refused: { tone: 'bad', shape: 'cross' },
  attempt: { tone: 'info', shape: 'diamond' },
  attempt_void: { tone: 'warn', shape: 'triangle' },
  fn_lost: { tone: 'bad', shape: 'square' },
  stuck: { tone: 'warn', shape: 'question' },
  doubt: { tone: 'warn', shape: 'question' },
  registered: { tone: 'good', shape: 'circle' },
  failed: { tone: 'bad', shape: 'cross' },
  ofd_sent: { tone: 'info', shape: 'diamond' },
  ofd_answered: { tone: 'info', shape: 'circle' },
  ofd_confirmed: { tone: 'good', shape: 'circle' },
  callback_due: { tone: 'info', shape: 'ring' },
  callback_delivered: { tone: 'good', shape: 'circle' },
  callback_gave_up: { tone: 'bad', shape: 'cross' },
};

const valuesOf = (facts: TimelineEvent['facts']): TextValues =>
  Object.fromEntries(
    Object.entries(facts).flatMap(([key, value]) =>
      value === null ? [] : [[key, typeof value === 'boolean' ? String(value) : value] as const],
    ),
  );

/** Fiscal numbers are names, not amounts: no spaces between thousands. */
const asNames = (values: TextValues): TextValues =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, key === 'attempts' ? value : String(value)]),
  );

/** The life of a receipt, each step with the time since the one before. */
export function ReceiptTimeline({ events }: { events: readonly TimelineEvent[] }): ReactNode {
  const say = useTexts(kitTexts);
  const formats = useFormats();
  return (
    <ol className="kit-line">
      {events.map((event, index) => {
        const before = events[index - 1];
        const facts = asNames(valuesOf(event.facts));
        const values =
          facts.note === undefined
            ? facts
            : { ...facts, note: say.maybe(`problem.${facts.note}`, String(facts.note)) };
        const note = say.maybe(`timeline.${event.kind}.note`, '', values);
        return (
          <li key={`${event.kind}-${event.at}-${index}`}>
            <Shape {...looks[event.kind]} />
            <strong>{say(`timeline.${event.kind}`, values)}</strong>
            <span className="kit-line-when">
              <DateTime at={event.at} short />
              {before && (
                <span className="kit-soft">
                  {' '}
                  +{formats.duration(Date.parse(event.at) - Date.parse(before.at))}
                </span>
              )}
            </span>
            {note !== '' && <span className="kit-line-note">{note}</span>}
          </li>
        );
      })}
    </ol>
  );
}
