import type { AlertView } from '@kkt/web-contract';
import { Ago, AppLink, StateBadge, useTexts } from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { texts } from '../texts';

const looks = {
  1: { tone: 'bad', shape: 'cross' },
  2: { tone: 'bad', shape: 'triangle' },
  3: { tone: 'warn', shape: 'triangle' },
  4: { tone: 'info', shape: 'circle' },
} as const;

/** Priority as shape, colour and letter. */
export const Priority = ({ severity }: { severity: AlertView['severity'] }): ReactNode => (
  <StateBadge {...looks[severity]}>P{severity}</StateBadge>
);

/** What an alert is about, by name. */
export function AlertObject({ alert, href }: { alert: AlertView; href: string | undefined }): ReactNode {
  const say = useTexts(texts);
  const name = `${say.maybe(`object.${alert.objectKind}`, alert.objectKind)} ${alert.objectId}`;
  return href === undefined ? name : <AppLink href={href}>{name}</AppLink>;
}

/** An alert in a line of a list. */
export const AlertLine = ({ alert, href }: { alert: AlertView; href: string | undefined }): ReactNode => (
  <p style={{ display: 'flex', gap: '0.625rem', alignItems: 'baseline', margin: '0 0 0.5rem' }}>
    <Priority severity={alert.severity} />
    <span style={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>
      {href === undefined ? alert.text : <AppLink href={href}>{alert.text}</AppLink>}
    </span>
    <span className="kit-soft">
      <Ago at={alert.openedAt} />
    </span>
  </p>
);
