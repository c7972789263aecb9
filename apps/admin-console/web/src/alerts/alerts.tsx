import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { AlertDeskRow, DutyView } from '@kkt/web-contract';
import {
  Ago,
  api,
  AppLink,
  Card,
  CardGrid,
  DataTable,
  DateTime,
  EmptyState,
  PageHead,
  QueryView,
  Tile,
  TabStrip,
  useFormats,
  useLiveQuery,
  useTexts,
  useUrlState,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { AlertObject, Priority } from '../parts/alert-line';
import { objectLink } from '../links';
import './alerts.css';
import { AlertCard } from './alert-card';
import { HandOver } from './hand-over';
import { Rules } from './rules';
import { Silences } from './silences';
import { alertTexts } from './texts';
import { Hit, NextStep, Owner } from './words';

const tabs = ['open', 'closed', 'silences', 'rules'] as const;

/** E10: what is wrong by urgency, who has it, whom it hits, who is called next. */
export function AlertsScreen(): ReactNode {
  const say = useTexts(alertTexts);
  const [state, setState] = useUrlState();
  const tab = tabs.find((one) => one === state.state) ?? 'open';
  const open = useLiveQuery<{ alerts: AlertDeskRow[] }>('alerts', 'alerts');
  const closed = useQuery({
    queryKey: ['alerts', 'closed'],
    queryFn: ({ signal }) => api.get<{ alerts: AlertDeskRow[] }>('alerts?state=closed', signal),
    enabled: tab === 'closed',
  });
  const duty = useQuery({
    queryKey: ['duty'],
    queryFn: ({ signal }) => api.get<DutyView>('duty?days=7', signal),
    refetchInterval: 30_000,
  });
  return (
    <>
      <PageHead title={say('title')} live={tab === 'open'} />
      {open.data && <Glance alerts={open.data.alerts} duty={duty.data} />}
      <Tabs
        value={tab}
        onChange={(next) =>
          setState({ state: next === 'open' ? undefined : (next ?? undefined), id: undefined })
        }
        keepMounted={false}
      >
        <TabStrip chosen={tab}>
          {tabs.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {say(`tab.${one}`)}
              {one === 'open' && open.data && open.data.alerts.length > 0 && ` (${open.data.alerts.length})`}
            </Tabs.Tab>
          ))}
        </TabStrip>
        <Tabs.Panel value="open">
          <QueryView query={open}>
            {({ alerts }) => (
              <div className="alerts-split">
                <div>
                  <AlertList
                    alerts={alerts}
                    chosen={state.id}
                    empty={<EmptyState title={say('none')}>{say('noneHint')}</EmptyState>}
                  />
                  <HandOver duty={duty.data} />
                </div>
                <Chosen
                  id={state.id}
                  onClose={() => setState({ id: undefined })}
                  isHint={alerts.length > 0}
                />
              </div>
            )}
          </QueryView>
        </Tabs.Panel>
        <Tabs.Panel value="closed">
          <QueryView query={closed}>
            {({ alerts }) => (
              <div className="alerts-split">
                <AlertList
                  alerts={alerts}
                  chosen={state.id}
                  isClosed
                  empty={<EmptyState title={say('noneClosed')}>{say('noneClosedHint')}</EmptyState>}
                />
                <Chosen
                  id={state.id}
                  onClose={() => setState({ id: undefined })}
                  isHint={alerts.length > 0}
                />
              </div>
            )}
          </QueryView>
        </Tabs.Panel>
        <Tabs.Panel value="silences">
          <Silences />
        </Tabs.Panel>
        <Tabs.Panel value="rules">
          <Rules />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function Chosen(props: { id: string | undefined; onClose(): void; isHint: boolean }): ReactNode {
  const say = useTexts(alertTexts);
  const { id, onClose, isHint } = props;
  if (id !== undefined && /^[0-9]{1,15}$/.test(id)) return <AlertCard key={id} id={id} onClose={onClose} />;
  if (!isHint) return <div />;
  return (
    <Card>
      <EmptyState title={say('one.pick')}>{say('one.pickHint')}</EmptyState>
    </Card>
  );
}

/** Seen first: how many of each priority, the next call, who has duty. */
function Glance({
  alerts,
  duty,
}: {
  alerts: readonly AlertDeskRow[];
  duty: DutyView | undefined;
}): ReactNode {
  const say = useTexts(alertTexts);
  const formats = useFormats();
  const calls = alerts.flatMap(({ next }) => (next ? [next] : []));
  const next = calls.sort((a, b) => a.at.localeCompare(b.at))[0];
  const now = duty?.now.filter(({ role }) => role === 'duty') ?? [];
  return (
    <CardGrid min={9}>
      {([1, 2, 3, 4] as const).map((severity) => {
        const of = alerts.filter((one) => one.severity === severity);
        const unacked = of.filter(({ ackedAt, silenced }) => ackedAt === null && !silenced).length;
        const tone = of.length === 0 ? 'good' : severity <= 2 ? 'bad' : severity === 3 ? 'warn' : 'info';
        return (
          <Tile
            key={severity}
            name={say('tile.p', { n: severity })}
            value={formats.number(of.length)}
            note={of.length === 0 ? say('tile.none') : say('tile.unacked', { n: unacked })}
            tone={tone}
          />
        );
      })}
      <Tile
        name={say('tile.next')}
        value={next ? formats.clock(Date.parse(next.at) / 1000) : '—'}
        note={next ? <NextStep next={next} /> : say('tile.nextNone')}
        tone={next ? 'warn' : 'good'}
      />
      {duty && (
        <Tile
          name={say('tile.duty')}
          value={
            <span style={{ fontSize: '1.125rem' }}>
              {now.length > 0 ? now.map(({ name }) => name).join(', ') : say('tile.dutyNone')}
            </span>
          }
          note={now.length > 0 ? undefined : say('tile.dutyHint')}
          tone={now.length > 0 ? 'good' : 'bad'}
        />
      )}
    </CardGrid>
  );
}

function AlertList(props: {
  alerts: readonly AlertDeskRow[];
  chosen: string | undefined;
  empty: ReactNode;
  isClosed?: boolean;
}): ReactNode {
  const { alerts, chosen, empty, isClosed = false } = props;
  const say = useTexts(alertTexts);
  const formats = useFormats();
  return (
    <Card flush>
      <div className="alerts-list">
        <DataTable
          caption={say('title')}
          rows={alerts}
          rowKey={(row) => row.id}
          empty={empty}
          columns={[
            { key: 'p', title: say('rules.severity'), render: (row) => <Priority severity={row.severity} /> },
            {
              key: 'what',
              title: say('what'),
              render: (row) => (
                <span>
                  <AppLink
                    className="alerts-what"
                    href={`/alerts?${isClosed ? 'state=closed&' : ''}id=${row.id}`}
                    aria-current={row.id === chosen || undefined}
                  >
                    {row.text}
                  </AppLink>
                  <span className="kit-soft">
                    {row.object ?? <AlertObject alert={row} href={objectLink(row)} />}
                  </span>
                </span>
              ),
            },
            isClosed
              ? {
                  key: 'closed',
                  title: say('closed'),
                  render: (row) => (row.closedAt === null ? '—' : <DateTime at={row.closedAt} short />),
                }
              : { key: 'age', title: say('age'), align: 'right', render: (row) => <Ago at={row.openedAt} /> },
            { key: 'hit', title: say('hit'), render: (row) => <Hit alert={row} /> },
            { key: 'owner', title: say('state'), render: (row) => <Owner alert={row} /> },
            isClosed
              ? {
                  key: 'lasted',
                  title: say('lasted'),
                  align: 'right',
                  render: (row) =>
                    row.closedAt === null
                      ? '—'
                      : formats.duration(Date.parse(row.closedAt) - Date.parse(row.openedAt)),
                }
              : { key: 'next', title: say('next'), render: (row) => <NextStep next={row.next} /> },
          ]}
        />
      </div>
    </Card>
  );
}
