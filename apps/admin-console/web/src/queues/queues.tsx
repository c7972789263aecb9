import { Button, Tabs } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { DriverView, GroupQueueView, QueuesView } from '@kkt/web-contract';
import {
  api,
  AppLink,
  Card,
  CardGrid,
  ConfirmDanger,
  DataTable,
  DateTime,
  EmptyState,
  PageHead,
  QueryView,
  StateBadge,
  Tile,
  TabStrip,
  useFormats,
  useLiveQuery,
  useTexts,
  useUrlState,
  useWords,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { links } from '../links';
import { texts } from '../texts';
import { MinutesCard } from '../screens/overview';
import '../alerts/alerts.css';
import { Doubt } from './doubt';
import { GroupRegisters } from './group-registers';
import { queueTexts } from './texts';

/** E7: what waits, why, and who works. */
export function QueuesScreen(): ReactNode {
  const say = useTexts(texts);
  const query = useLiveQuery<QueuesView>('queues', 'queues');
  return (
    <>
      <PageHead title={say('queues.title')} live />
      <QueryView query={query}>{(view) => <Parts view={view} />}</QueryView>
    </>
  );
}

function Parts({ view }: { view: QueuesView }): ReactNode {
  const say = useTexts(queueTexts);
  const [state, setState] = useUrlState();
  const tab = state.tab === 'doubt' ? 'doubt' : 'queues';
  return (
    <Tabs
      value={tab}
      onChange={(next) => setState({ tab: next === 'doubt' ? 'doubt' : undefined })}
      keepMounted={false}
    >
      <TabStrip chosen={tab}>
        <Tabs.Tab value="queues">{say('tab.queues')}</Tabs.Tab>
        <Tabs.Tab value="doubt">
          {say('tab.doubt')}
          {view.totals.inDoubt > 0 && ` (${view.totals.inDoubt})`}
        </Tabs.Tab>
      </TabStrip>
      <Tabs.Panel value="queues">
        <Queues view={view} />
      </Tabs.Panel>
      <Tabs.Panel value="doubt">
        <Doubt />
      </Tabs.Panel>
    </Tabs>
  );
}

function Queues({ view }: { view: QueuesView }): ReactNode {
  const say = useTexts(texts);
  const formats = useFormats();
  const own = useTexts(queueTexts);
  const [state] = useUrlState();
  const { totals } = view;
  const hour = view.minutes.reduce(
    (sum, { done, failed }) => ({ done: sum.done + done, failed: sum.failed + failed }),
    { done: 0, failed: 0 },
  );
  return (
    <>
      <CardGrid min={10}>
        <Tile
          name={say('queues.doubt')}
          value={formats.number(totals.inDoubt)}
          tone={totals.inDoubt > 0 ? 'warn' : 'good'}
          href="/queues?tab=doubt"
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
          name={own('failed.title')}
          value={formats.number(hour.failed)}
          note={own('failed.note', { n: formats.number(hour.done) })}
          tone={hour.failed === 0 ? 'good' : 'warn'}
          href={links.receipts({ state: 'failed' })}
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
      {state.group !== undefined && state.group !== '' && (
        <GroupRegisters key={state.group} code={state.group} />
      )}
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
  const own = useTexts(queueTexts);
  const words = useWords();
  const formats = useFormats();
  const [state, setState] = useUrlState();
  const { staff } = useMember();
  const [asked, setAsked] = useState<GroupQueueView>();
  const mayAct = staff.role === 'engineer' || staff.role === 'lead';
  return (
    <>
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
            key: 'load',
            title: own('load'),
            align: 'right',
            render: (row) => <Load group={row} />,
          },
          {
            key: 'do',
            title: '',
            render: (row) => (
              <span style={{ display: 'inline-flex', flexWrap: 'wrap', gap: '0.375rem' }}>
                <Button
                  size="compact-xs"
                  variant={state.group === row.code ? 'filled' : 'default'}
                  onClick={() => setState({ group: state.group === row.code ? undefined : row.code })}
                >
                  {own(state.group === row.code ? 'group.hide' : 'group.show')}
                </Button>
                {mayAct && (
                  <Button size="compact-xs" variant="default" onClick={() => setAsked(row)}>
                    {own(row.paused ? 'group.resume' : 'group.pause')}
                  </Button>
                )}
              </span>
            ),
          },
        ]}
      />
      {asked && <PauseDialog group={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}

const busyShare = 0.8;

/** What the group makes now against what its ready registers can. */
function Load({ group }: { group: GroupQueueView }): ReactNode {
  const say = useTexts(queueTexts);
  const formats = useFormats();
  const { capacityPerMin, finished5m } = group;
  const now = finished5m / 5;
  if (capacityPerMin === null || capacityPerMin === 0)
    return <span className="kit-soft">{say('load.unknown')}</span>;
  const share = now / capacityPerMin;
  const tone = share > 1 ? 'bad' : share > busyShare ? 'warn' : 'good';
  return (
    <span data-tone={tone}>
      <strong style={{ color: 'var(--kit-tone)' }}>{formats.percent(share)}</strong>
      <span className="kit-soft" style={{ display: 'block' }}>
        {say('load.value', {
          now: formats.number(now, now < 10 ? 1 : 0),
          capacity: formats.number(capacityPerMin, capacityPerMin < 10 ? 1 : 0),
        })}
      </span>
    </span>
  );
}

function PauseDialog({ group, onClose }: { group: GroupQueueView; onClose(): void }): ReactNode {
  const say = useTexts(queueTexts);
  const queries = useQueryClient();
  const action = group.paused ? 'resume' : 'pause';
  return (
    <ConfirmDanger
      title={say(`group.${action}Title`)}
      word={group.code}
      wordLabel={say('group.code')}
      action={say(`group.${action}`)}
      onClose={onClose}
      onConfirm={async ({ word, reason }) => {
        await api.post(`groups/${encodeURIComponent(group.code)}/${action}`, { word, reason });
        await queries.invalidateQueries({ queryKey: ['live', 'queues'] });
      }}
    >
      {say(`group.${action}Text`)}
    </ConfirmDanger>
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
