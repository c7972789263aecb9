import type { DriverView, GroupQueueView, QueuesView } from '@kkt/web-contract';
import {
  AppLink,
  Card,
  CardGrid,
  DataTable,
  DateTime,
  EmptyState,
  PageHead,
  QueryView,
  StateBadge,
  Tile,
  useFormats,
  useLiveQuery,
  useTexts,
  useWords,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../links';
import { texts } from '../texts';
import { MinutesCard } from './overview';

/** E7: what waits, why, and who works. */
export function QueuesScreen(): ReactNode {
  const say = useTexts(texts);
  const query = useLiveQuery<QueuesView>('queues', 'queues');
  return (
    <>
      <PageHead title={say('queues.title')} live />
      <QueryView query={query}>{(view) => <Queues view={view} />}</QueryView>
    </>
  );
}

function Queues({ view }: { view: QueuesView }): ReactNode {
  const say = useTexts(texts);
  const formats = useFormats();
  const { totals } = view;
  return (
    <>
      <CardGrid min={10}>
        <Tile
          name={say('queues.doubt')}
          value={formats.number(totals.inDoubt)}
          tone={totals.inDoubt > 0 ? 'warn' : 'good'}
          href={links.receipts({ state: 'in_doubt' })}
        />
        <Tile
          name={say('queues.waiting')}
          value={formats.number(totals.waiting)}
          note={
            totals.waiting > 0
              ? say('tile.queueNote', { age: formats.duration(totals.oldestS * 1000) })
              : say('tile.queueEmpty')
          }
          tone={totals.oldestS > 60 ? 'bad' : totals.oldestS > 10 ? 'warn' : 'good'}
          href={links.receipts({ state: 'queued' })}
        />
        <Tile
          name={say('queues.working')}
          value={formats.number(totals.working)}
          tone="info"
          href={links.receipts({ state: 'working' })}
        />
        <Tile
          name={say('callbacks.pending')}
          value={formats.number(view.callbacks.pending)}
          note={
            view.callbacks.pending > 0
              ? say('tile.queueNote', { age: formats.duration(view.callbacks.oldestS * 1000) })
              : undefined
          }
          tone={view.callbacks.oldestS > 600 ? 'warn' : 'mute'}
        />
      </CardGrid>
      <Card title={say('queues.groups')} flush>
        <Groups groups={view.groups} />
      </Card>
      <CardGrid min={30}>
        <MinutesCard minutes={view.minutes} />
        <Card title={say('queues.drivers')} flush>
          <Drivers drivers={view.drivers} />
        </Card>
      </CardGrid>
    </>
  );
}

function Groups({ groups }: { groups: readonly GroupQueueView[] }): ReactNode {
  const say = useTexts(texts);
  const words = useWords();
  const formats = useFormats();
  return (
    <DataTable
      caption={say('queues.groups')}
      rows={groups}
      rowKey={(row) => row.code}
      empty={<EmptyState title={say('queues.noGroups')}>{say('queues.noGroupsHint')}</EmptyState>}
      columns={[
        {
          key: 'group',
          title: say('queues.group'),
          render: (row) => (
            <span>
              <AppLink href={links.receipts({ group: row.code })}>{row.code}</AppLink>{' '}
              {row.paused && (
                <StateBadge tone="info" shape="bars">
                  {say('queues.paused')}
                </StateBadge>
              )}
            </span>
          ),
        },
        { key: 'client', title: say('queues.client'), render: (row) => row.clientName },
        {
          key: 'waiting',
          title: say('queues.waiting'),
          align: 'right',
          render: (row) => formats.number(row.waiting),
        },
        {
          key: 'oldest',
          title: say('queues.oldest'),
          align: 'right',
          render: (row) => (row.waiting === 0 ? '—' : formats.duration(row.oldestS * 1000)),
        },
        {
          key: 'why',
          title: say('queues.why'),
          render: (row) =>
            row.reasons.length === 0 ? (
              '—'
            ) : (
              <span>
                {row.reasons.map(({ reason, receipts }) => (
                  <span key={reason ?? ''} style={{ display: 'block' }}>
                    {reason === null ? say('queues.noReason') : words.problem(reason)}:{' '}
                    {formats.number(receipts)}
                  </span>
                ))}
              </span>
            ),
        },
        {
          key: 'working',
          title: say('queues.working'),
          align: 'right',
          render: (row) => formats.number(row.working),
        },
        {
          key: 'doubt',
          title: say('queues.doubt'),
          align: 'right',
          render: (row) =>
            row.inDoubt === 0 ? (
              '0'
            ) : (
              <StateBadge tone="warn" shape="question">
                {formats.number(row.inDoubt)}
              </StateBadge>
            ),
        },
        {
          key: 'registers',
          title: say('queues.registers'),
          align: 'right',
          render: (row) => (
            <span
              style={{ color: row.registersReady === 0 && row.waiting > 0 ? 'var(--kit-bad)' : undefined }}
            >
              {formats.number(row.registersReady)} / {formats.number(row.registersTotal)}
            </span>
          ),
        },
        {
          key: 'rate',
          title: say('queues.rate'),
          align: 'right',
          render: (row) => formats.number(row.finished5m),
        },
      ]}
    />
  );
}

function Drivers({ drivers }: { drivers: readonly DriverView[] }): ReactNode {
  const say = useTexts(texts);
  const formats = useFormats();
  return (
    <DataTable
      caption={say('queues.drivers')}
      rows={drivers}
      rowKey={(row) => row.driverId}
      empty={<EmptyState title={say('queues.noDrivers')}>{say('queues.noDriversHint')}</EmptyState>}
      columns={[
        {
          key: 'driver',
          title: say('queues.driver'),
          render: (row) => (
            <span>
              {row.driverId}{' '}
              {row.isAlive ? (
                <StateBadge tone="good" shape="circle">
                  {say('queues.alive')}
                </StateBadge>
              ) : (
                <StateBadge tone="bad" shape="cross">
                  {say('queues.silent')}
                </StateBadge>
              )}
            </span>
          ),
        },
        { key: 'host', title: say('queues.host'), render: (row) => `${row.host}, pid ${row.pid}` },
        {
          key: 'started',
          title: say('queues.started'),
          render: (row) => <DateTime at={row.startedAt} short />,
        },
        { key: 'seen', title: say('queues.seen'), render: (row) => <DateTime at={row.seenAt} short /> },
        {
          key: 'leases',
          title: say('queues.leases'),
          align: 'right',
          render: (row) => formats.number(row.leases),
        },
        { key: 'fence', title: say('queues.fence'), align: 'right', render: (row) => row.maxFence },
      ]}
    />
  );
}
