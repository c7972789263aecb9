import { ActionIcon } from '@mantine/core';
import type { AlertDetails } from '@kkt/web-contract';
import {
  AppLink,
  Card,
  DataTable,
  DateTime,
  EmptyState,
  Facts,
  QueryView,
  Shape,
  useFormats,
  useLanguage,
  useLiveQuery,
  useTexts,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links, objectLink } from '../links';
import { AlertObject, Priority } from '../parts/alert-line';
import { texts } from '../texts';
import { AlertActions } from './alert-actions';
import { alertTexts } from './texts';
import { Hit, NextStep, Owner, useAlertTitle } from './words';

const shownRegisters = 600;

/** One alert whole: cause, what to do, whom it hits, what was done and said. */
export function AlertCard({ id, onClose }: { id: string; onClose(): void }): ReactNode {
  const query = useLiveQuery<AlertDetails>(`alert:${id}`, `alerts/${id}`);
  return (
    <div>
      <QueryView query={query}>{(alert) => <Inside alert={alert} onClose={onClose} />}</QueryView>
    </div>
  );
}

function Inside({ alert, onClose }: { alert: AlertDetails; onClose(): void }): ReactNode {
  const say = useTexts(alertTexts);
  const { language } = useLanguage();
  const titleOf = useAlertTitle();
  return (
    <>
      <Card
        title={
          <>
            <Priority severity={alert.severity} /> {titleOf(alert)}
          </>
        }
        side={
          <ActionIcon variant="subtle" color="gray" aria-label={say('one.close')} onClick={onClose}>
            <Shape shape="cross" />
          </ActionIcon>
        }
      >
        <p style={{ margin: '0 0 0.75rem' }}>{alert.text}</p>
        <AlertActions alert={alert} />
        <Facts
          rows={[
            [say('one.cause'), alert.cause],
            [say('one.action'), language === 'en' ? (alert.actionEn ?? alert.action) : alert.action],
            [
              say('object'),
              objectLink(alert) ? (
                <AlertObject key="o" alert={alert} href={objectLink(alert)} />
              ) : (
                (alert.object ?? `${alert.objectKind} ${alert.objectId}`)
              ),
            ],
            [say('hit'), <Hit key="h" alert={alert} />],
            [say('one.opened'), <DateTime key="d" at={alert.openedAt} />],
            [say('one.closedAt'), alert.closedAt && <DateTime key="c" at={alert.closedAt} />],
            [say('state'), <Owner key="w" alert={alert} />],
            [say('one.note'), alert.ackNote],
            [say('one.next'), alert.closedAt === null && <NextStep key="n" next={alert.next} />],
            [say('one.route'), alert.route && say.maybe(`route.${alert.route}`, alert.route)],
            [say('one.rule'), <code key="r">{alert.class}</code>],
            [say('one.public'), alert.public && alert.public[language]],
          ]}
        />
      </Card>
      <Registers alert={alert} />
      <Receipts alert={alert} />
      <Journal alert={alert} />
      <Messages alert={alert} />
    </>
  );
}

function Registers({ alert }: { alert: AlertDetails }): ReactNode {
  const say = useTexts(alertTexts);
  const common = useTexts(texts);
  const formats = useFormats();
  const { registers } = alert;
  return (
    <Card title={say('one.registers')} side={formats.number(registers.length)}>
      {registers.length === 0 ? (
        <EmptyState title={say('one.noRegisters')}>{say('one.noRegistersHint')}</EmptyState>
      ) : (
        <div className="alerts-registers" role="region" aria-label={say('one.registers')} tabIndex={0}>
          {registers.slice(0, shownRegisters).map((one) => (
            <span key={one.id}>
              <Shape shape={one.online ? 'circle' : 'cross'} tone={one.online ? 'good' : 'bad'} />{' '}
              <AppLink href={links.register(one.id)}>{one.serial}</AppLink>{' '}
              <span className="kit-soft">
                {one.dc !== null &&
                  common('place.text', {
                    dc: one.dc,
                    rack: one.rack ?? '',
                    assembly: one.assembly ?? '',
                    slot: one.slot ?? '',
                  })}
              </span>
            </span>
          ))}
          {registers.length > shownRegisters && (
            <span className="kit-soft">{say('one.more', { n: registers.length - shownRegisters })}</span>
          )}
        </div>
      )}
    </Card>
  );
}

function Receipts({ alert }: { alert: AlertDetails }): ReactNode {
  const say = useTexts(alertTexts);
  const formats = useFormats();
  const rows = alert.hit.filter(({ receipts }) => receipts > 0);
  if (rows.length === 0) return null;
  return (
    <Card title={say('one.hit')} flush>
      <DataTable
        caption={say('one.hit')}
        rows={rows}
        rowKey={(row) => row.groupCode}
        columns={[
          {
            key: 'group',
            title: say('object'),
            render: (row) => (
              <AppLink href={links.receipts({ group: row.groupCode })}>{row.groupCode}</AppLink>
            ),
          },
          { key: 'client', title: say('hit'), render: (row) => row.clientName },
          {
            key: 'receipts',
            title: say('one.hit'),
            align: 'right',
            render: (row) =>
              `${formats.number(row.receipts)}${row.inDoubt > 0 ? `, ${say('one.doubt', { n: row.inDoubt })}` : ''}`,
          },
        ]}
      />
    </Card>
  );
}

function Journal({ alert }: { alert: AlertDetails }): ReactNode {
  const say = useTexts(alertTexts);
  return (
    <Card title={say('one.journal')}>
      {alert.events.map((event, index) => (
        <div key={index} className="alerts-event">
          <DateTime at={event.at} short />
          <span>
            <strong>
              {event.kind === 'assigned' && event.note === null
                ? say('event.unassigned')
                : say.maybe(`event.${event.kind}`, event.kind)}
            </strong>
            {event.who !== null && ` · ${event.who}`}
            {event.note !== null && ` · ${event.note}`}
          </span>
        </div>
      ))}
    </Card>
  );
}

function Messages({ alert }: { alert: AlertDetails }): ReactNode {
  const say = useTexts(alertTexts);
  return (
    <Card title={say('one.messages')}>
      {alert.messages.length === 0 ? (
        <EmptyState title={say('one.noMessages')}>{say('one.noMessagesHint')}</EmptyState>
      ) : (
        alert.messages.map((message) => (
          <div key={message.id} className="alerts-event">
            <DateTime at={message.at} short />
            <span>
              <strong>{say.maybe(`channel.${message.channel}`, message.channel)}</strong> · {message.to} ·{' '}
              {say.maybe(`message.${message.state}`, message.state)}
            </span>
          </div>
        ))
      )}
    </Card>
  );
}
