import type { AlertDeskRow, AlertNextStep } from '@kkt/web-contract';
import { StateBadge, useFormats, useLanguage, useTexts } from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { alertTexts } from './texts';

/** Title of an alert's rule in the reader's language; its own words when no rule made it. */
export function useAlertTitle(): (alert: Pick<AlertDeskRow, 'title' | 'titleEn' | 'text'>) => string {
  const { language } = useLanguage();
  return ({ title, titleEn, text }) => (language === 'en' ? (titleEn ?? title) : title) ?? text;
}

/** Who is told next, when and how. */
export function NextStep({ next }: { next: AlertNextStep | null }): ReactNode {
  const say = useTexts(alertTexts);
  const formats = useFormats();
  if (!next) return <span className="kit-soft">{say('next.none')}</span>;
  const isCall = next.channels.includes('voice');
  const channels = next.channels.map((channel) => say.maybe(`channel.${channel}`, channel)).join(', ');
  const word = say.maybe(`who.${next.who}`, next.who);
  const who = next.names.length > 0 ? `${next.names.join(', ')} (${word})` : word;
  return (
    <span data-tone={isCall ? 'warn' : undefined} style={isCall ? { color: 'var(--kit-tone)' } : undefined}>
      {say('next.call', { at: formats.clock(Date.parse(next.at) / 1000), channels, who })}
    </span>
  );
}

/** Whose it is: taken, assigned, silenced, or nobody's yet. */
export function Owner({ alert }: { alert: AlertDeskRow }): ReactNode {
  const say = useTexts(alertTexts);
  return (
    <span className="alerts-lines">
      {alert.silenced && (
        <span>
          <StateBadge tone="info" shape="bars">
            {say('silenced')}
          </StateBadge>
        </span>
      )}
      {alert.ackedAt !== null ? (
        <span>
          <StateBadge tone="good" shape="circle">
            {say('acked', { who: alert.ackedBy ?? '—' })}
          </StateBadge>
        </span>
      ) : (
        alert.closedAt === null && (
          <span>
            <StateBadge tone={alert.severity <= 2 ? 'bad' : 'warn'} shape="ring">
              {say('nobody')}
            </StateBadge>
          </span>
        )
      )}
      {alert.assignedTo !== null && <span>{say('assigned', { who: alert.assignedTo })}</span>}
    </span>
  );
}

/** How much it hits: registers, clients, receipts. */
export function Hit({ alert }: { alert: AlertDeskRow }): ReactNode {
  const say = useTexts(alertTexts);
  const { affected, clients, receipts } = alert;
  if (affected + clients + receipts === 0) return '—';
  return (
    <span className="alerts-lines">
      {affected > 0 && <span>{say('registers', { n: affected })}</span>}
      {clients > 0 && <span>{say('clients', { n: clients })}</span>}
      {receipts > 0 && (
        <span data-tone="bad" style={{ color: 'var(--kit-tone)' }}>
          {say('receipts', { n: receipts })}
        </span>
      )}
    </span>
  );
}
