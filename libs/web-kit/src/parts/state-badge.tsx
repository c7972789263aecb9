import type { Condition, ReceiptStateWord } from '@kkt/web-contract';
import type { ReactNode } from 'react';
import { useTexts } from '../i18n/language';
import { kitTexts } from '../texts';

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'mute';
export type ShapeName = 'circle' | 'triangle' | 'square' | 'cross' | 'ring' | 'diamond' | 'bars' | 'question';

const shapes: Record<ShapeName, string> = {
  circle: 'M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1z',
  triangle: 'M6 .8L11.6 11H.4z',
  square: 'M1.5 1.5h9v9h-9z',
  cross: 'M2.6 1L6 4.4 9.4 1 11 2.6 7.6 6 11 9.4 9.4 11 6 7.6 2.6 11 1 9.4 4.4 6 1 2.6z',
  ring: 'M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1zm0 2a3 3 0 1 1 0 6 3 3 0 0 1 0-6z',
  diamond: 'M6 .5L11.5 6 6 11.5.5 6z',
  bars: 'M2 1.5h3v9H2zM7 1.5h3v9H7z',
  question:
    'M6 .5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM5.3 8.4h1.4v1.3H5.3zm.1-1c0-1.6 1.5-1.6 1.5-2.7 0-.6-.4-.9-1-.9-.6 0-1 .4-1 1H3.6c0-1.4 1-2.3 2.4-2.3s2.4.8 2.4 2.1c0 1.5-1.7 1.7-1.7 2.8z',
};

/** The picture of a state, so that colour is never alone. */
export const Shape = ({ shape, tone }: { shape: ShapeName; tone?: Tone }): ReactNode => (
  <svg className="kit-shape" data-tone={tone} viewBox="0 0 12 12" aria-hidden="true" focusable="false">
    <path d={shapes[shape]} fillRule="evenodd" />
  </svg>
);

/** A state as shape, colour and word. */
export const StateBadge = ({
  tone,
  shape,
  children,
}: {
  tone: Tone;
  shape: ShapeName;
  children: ReactNode;
}): ReactNode => (
  <span className="kit-badge" data-tone={tone}>
    <Shape shape={shape} />
    {children}
  </span>
);

export const conditionLook: Record<Condition, { tone: Tone; shape: ShapeName }> = {
  works: { tone: 'good', shape: 'circle' },
  attention: { tone: 'warn', shape: 'triangle' },
  offline: { tone: 'bad', shape: 'cross' },
  stopped: { tone: 'bad', shape: 'square' },
  paused: { tone: 'info', shape: 'bars' },
  swap: { tone: 'info', shape: 'diamond' },
  registering: { tone: 'info', shape: 'diamond' },
  stock: { tone: 'mute', shape: 'ring' },
  closed: { tone: 'mute', shape: 'cross' },
};

export const receiptLook: Record<ReceiptStateWord, { tone: Tone; shape: ShapeName }> = {
  queued: { tone: 'info', shape: 'ring' },
  working: { tone: 'info', shape: 'diamond' },
  in_doubt: { tone: 'warn', shape: 'question' },
  done: { tone: 'good', shape: 'circle' },
  failed: { tone: 'bad', shape: 'cross' },
};

export function ConditionBadge({ condition }: { condition: Condition }): ReactNode {
  const say = useTexts(kitTexts);
  return <StateBadge {...conditionLook[condition]}>{say(`condition.${condition}`)}</StateBadge>;
}

export function ReceiptBadge({ state }: { state: ReceiptStateWord }): ReactNode {
  const say = useTexts(kitTexts);
  return <StateBadge {...receiptLook[state]}>{say(`receipt.${state}`)}</StateBadge>;
}
