import { NativeSelect } from '@mantine/core';
import type { Condition, MinutePoint, Overview, RackTile } from '@kkt/web-contract';
import {
  AppLink,
  Card,
  CardGrid,
  Chart,
  conditionLook,
  DataTable,
  EmptyState,
  PageHead,
  QueryView,
  Shape,
  Tile,
  useFormats,
  useLiveQuery,
  useTexts,
  useUrlState,
  kitTexts,
} from '@kkt/web-kit';
import { type ReactNode, useMemo } from 'react';
import { links, objectLink } from '../links';
import { AlertLine } from '../parts/alert-line';
import { texts } from '../texts';
import { GiveScreen } from '../walls/give-screen';
import '../console.css';

/** E3: is the farm well, what is wrong, where to go. */
export function OverviewScreen(): ReactNode {
  const say = useTexts(texts);
  const query = useLiveQuery<Overview>('overview', 'overview');
  return (
    <>
      <PageHead
        title={say('overview.title')}
        live
        actions={
          <>
            <AppLink href={links.registers()}>{say('overview.registers')}</AppLink>
            <AppLink href="/wall/service">{say('overview.wallService')}</AppLink>
            <AppLink href="/wall/hardware">{say('overview.wallHardware')}</AppLink>
            <GiveScreen />
          </>
        }
      />
      <QueryView query={query}>{(overview) => <Content overview={overview} />}</QueryView>
    </>
  );
}

function Content({ overview }: { overview: Overview }): ReactNode {
  return (
    <>
      <HealthBanner overview={overview} />
      <Tiles overview={overview} />
      <CardGrid min={32}>
        <MinutesCard minutes={overview.minutes} />
        <RacksCard overview={overview} />
      </CardGrid>
      <CardGrid min={22}>
        <AlertsCard overview={overview} />
        <ErrorsCard overview={overview} />
        <FnCard overview={overview} />
      </CardGrid>
    </>
  );
}

const healthTone = { ok: 'good', attention: 'warn', trouble: 'bad' } as const;
const healthShape = { ok: 'circle', attention: 'triangle', trouble: 'cross' } as const;

const complaintLinks: Record<Overview['complaints'][number]['code'], string> = {
  alerts: '/alerts',
  in_doubt: links.receipts({ state: 'in_doubt' }),
  queue_old: '/queues',
  offline: links.registers({ condition: 'offline' }),
  stopped: links.registers({ condition: 'stopped' }),
  attention: links.registers({ condition: 'attention' }),
  unsent_old: links.registers({ unsent: '1' }),
  no_driver: '/queues',
};

function HealthBanner({ overview }: { overview: Overview }): ReactNode {
  const say = useTexts(texts);
  const formats = useFormats();
  const { health, complaints } = overview;
  return (
    <div className="kit-banner" data-tone={healthTone[health]} role="status">
      <strong>
        <Shape shape={healthShape[health]} />
        {say(`health.${health}`)}
      </strong>
      {complaints.length === 0 && <span>{say('health.okNote')}</span>}
      {complaints.map(({ code, count }) => {
        const text = say(`complaint.${code}`, { n: count, age: formats.duration(count * 1000) });
        const href = complaintLinks[code];
        return (
          <AppLink key={code} href={href}>
            {text}
          </AppLink>
        );
      })}
    </div>
  );
}

function Tiles({ overview }: { overview: Overview }): ReactNode {
  const say = useTexts(texts);
  const formats = useFormats();
  const { minutes, queue, operators, registers, alertCounts } = overview;
  // The last minute that is over: the present one is not full yet.
  const last = minutes.at(-2);
  const failed = minutes.reduce((sum, point) => sum + point.failed, 0);
  const unsent = operators.reduce((sum, { unsent: n }) => sum + n, 0);
  const rented = Object.entries(registers).reduce(
    (sum, [condition, n]) => (condition === 'stock' ? sum : sum + n),
    0,
  );
  const works = registers.works ?? 0;
  const alerts = alertCounts.reduce((sum, n) => sum + n, 0);
  const urgent = alertCounts[0] + alertCounts[1];
  return (
    <CardGrid min={10}>
      <Tile
        name={say('tile.doubt')}
        value={formats.number(queue.inDoubt)}
        note={say('tile.doubtNote', { n: queue.working })}
        tone={queue.inDoubt > 0 ? 'warn' : 'good'}
        href={links.receipts({ state: 'in_doubt' })}
      />
      <Tile
        name={say('tile.rate')}
        value={formats.number(last?.done ?? 0)}
        note={say('tile.rateNote', { failed })}
        tone={failed > 0 ? 'warn' : 'good'}
        href={links.receipts(failed > 0 ? { state: 'failed' } : {})}
      />
      <Tile
        name={say('tile.queue')}
        value={formats.number(queue.waiting)}
        note={
          queue.waiting > 0
            ? say('tile.queueNote', { age: formats.duration(queue.oldestS * 1000) })
            : say('tile.queueEmpty')
        }
        tone={queue.oldestS > 60 ? 'bad' : queue.oldestS > 10 ? 'warn' : 'good'}
        href="/queues"
      />
      <Tile
        name={say('tile.unsent')}
        value={formats.number(unsent)}
        note={say('tile.unsentNote')}
        tone={operators.some(({ oldestS }) => oldestS > 600) ? 'warn' : 'good'}
        href="/operators"
      />
      <Tile
        name={say('tile.registers')}
        value={formats.number(works)}
        note={say('tile.registersNote', { n: rented })}
        tone={works === rented ? 'good' : works < rented * 0.95 ? 'bad' : 'warn'}
        href={links.registers()}
      />
      <Tile
        name={say('tile.alerts')}
        value={formats.number(alerts)}
        note={say('tile.alertsNote', { n: urgent })}
        tone={urgent > 0 ? 'bad' : alerts > 0 ? 'warn' : 'good'}
        href="/alerts"
      />
    </CardGrid>
  );
}

/** Registered and refused receipts by minute. */
export function MinutesCard({ minutes }: { minutes: readonly MinutePoint[] }): ReactNode {
  const say = useTexts(texts);
  const times = useMemo(() => minutes.map(({ minute }) => minute), [minutes]);
  const series = useMemo(
    () => [
      { label: say('chart.done'), tone: 'good' as const, values: minutes.map(({ done }) => done) },
      { label: say('chart.failed'), tone: 'bad' as const, values: minutes.map(({ failed }) => failed) },
    ],
    [minutes, say],
  );
  const total = (name: 'done' | 'failed'): number => minutes.reduce((sum, point) => sum + point[name], 0);
  return (
    <Card title={say('chart.title')}>
      <Chart
        times={times}
        series={series}
        label={say('chart.label', { done: total('done'), failed: total('failed') })}
      />
    </Card>
  );
}

const partOrder: readonly Condition[] = [
  'stopped',
  'offline',
  'attention',
  'swap',
  'paused',
  'registering',
  'works',
  'stock',
];

/** Racks of the chosen data centre, with the registers of each state one click away. */
function RacksCard({ overview }: { overview: Overview }): ReactNode {
  const say = useTexts(texts);
  const [{ dc }, set] = useUrlState();
  const centres = [...new Set(overview.racks.map((rack) => rack.dc))];
  const racks = overview.racks.filter((rack) => dc === undefined || rack.dc === dc);
  return (
    <Card
      title={say('racks.title')}
      side={
        centres.length > 1 ? (
          <NativeSelect
            aria-label={say('registers.dc')}
            value={dc ?? ''}
            onChange={(event) => set({ dc: event.currentTarget.value || undefined })}
            data={[
              { value: '', label: say('racks.everyDc') },
              ...centres.map((code) => ({ value: code, label: code })),
            ]}
          />
        ) : undefined
      }
    >
      <ByCondition registers={overview.registers} />
      {racks.length === 0 ? (
        <EmptyState title={say('racks.empty')}>{say('racks.emptyHint')}</EmptyState>
      ) : (
        <div className="console-racks">
          {racks.map((rack) => (
            <Rack key={`${rack.dc}/${rack.rack}`} rack={rack} />
          ))}
        </div>
      )}
    </Card>
  );
}

function ByCondition({ registers }: { registers: Overview['registers'] }): ReactNode {
  const kit = useTexts(kitTexts);
  const formats = useFormats();
  return (
    <p style={{ display: 'flex', flexWrap: 'wrap', gap: '0.25rem 1rem', margin: '0 0 0.75rem' }}>
      {partOrder
        .filter((condition) => registers[condition])
        .map((condition) => (
          <AppLink
            key={condition}
            href={links.registers({ condition })}
            data-tone={conditionLook[condition].tone}
          >
            <Shape shape={conditionLook[condition].shape} /> {kit(`condition.${condition}`)}:{' '}
            {formats.number(registers[condition] ?? 0)}
          </AppLink>
        ))}
    </p>
  );
}

function Rack({ rack }: { rack: RackTile }): ReactNode {
  const kit = useTexts(kitTexts);
  const formats = useFormats();
  const parts = partOrder.filter((condition) => rack.conditions[condition]);
  const worst = conditionLook[rack.worst];
  return (
    <AppLink className="console-rack" href={links.rack(rack.dc, rack.rack)} data-tone={worst.tone}>
      <span>
        <span>{rack.rack}</span>
        <span className="kit-soft">{rack.dc}</span>
      </span>
      <span className="console-parts" aria-hidden="true">
        {parts.map((condition) => (
          <span
            key={condition}
            data-tone={conditionLook[condition].tone}
            style={{ flexGrow: rack.conditions[condition] }}
          />
        ))}
      </span>
      <span className="console-counts">
        {parts.map((condition) => (
          <span
            key={condition}
            data-tone={conditionLook[condition].tone}
            title={kit(`condition.${condition}`)}
          >
            <Shape shape={conditionLook[condition].shape} />
            {formats.number(rack.conditions[condition] ?? 0)}
            <span className="kit-hidden">{kit(`condition.${condition}`)}</span>
          </span>
        ))}
      </span>
    </AppLink>
  );
}

function AlertsCard({ overview }: { overview: Overview }): ReactNode {
  const say = useTexts(texts);
  return (
    <Card title={say('alerts.title')} side={<AppLink href="/alerts">{say('all')}</AppLink>}>
      {overview.topAlerts.length === 0 ? (
        <EmptyState title={say('alerts.none')}>{say('alerts.noneHint')}</EmptyState>
      ) : (
        overview.topAlerts.map((alert) => <AlertLine key={alert.id} alert={alert} href={objectLink(alert)} />)
      )}
    </Card>
  );
}

function ErrorsCard({ overview }: { overview: Overview }): ReactNode {
  const say = useTexts(texts);
  const formats = useFormats();
  return (
    <Card
      title={say('errors.title')}
      flush
      side={<AppLink href={links.receipts({ state: 'failed' })}>{say('all')}</AppLink>}
    >
      <DataTable
        caption={say('errors.title')}
        rows={overview.errors}
        rowKey={(row) => `${row.type}/${row.code}`}
        empty={<EmptyState title={say('errors.empty')} />}
        columns={[
          {
            key: 'code',
            title: say('errors.code'),
            render: (row) => <span className="kit-mono">{row.code}</span>,
          },
          { key: 'text', title: say('errors.text'), render: (row) => row.text },
          {
            key: 'n',
            title: say('errors.count'),
            align: 'right',
            render: (row) => formats.number(row.receipts),
          },
        ]}
      />
    </Card>
  );
}

function FnCard({ overview }: { overview: Overview }): ReactNode {
  const say = useTexts(texts);
  const formats = useFormats();
  const tones = ['bad', 'warn', 'info'] as const;
  return (
    <Card title={say('fn.title')} side={<AppLink href="/stock?state=installed">{say('all')}</AppLink>}>
      <CardGrid min={8}>
        {overview.fnEnding.map(({ days, drives }, index) => (
          <Tile
            key={days}
            name={say('fn.days', { n: days })}
            value={formats.number(drives)}
            tone={drives > 0 ? (tones[index] ?? 'info') : 'good'}
          />
        ))}
        <Tile
          name={say('fn.full')}
          value={formats.number(overview.fnNearlyFull)}
          tone={overview.fnNearlyFull > 0 ? 'warn' : 'good'}
        />
        <Tile name={say('stock.spareModules')} value={formats.number(overview.stock.modules)} />
        <Tile name={say('stock.spareDrives')} value={formats.number(overview.stock.drives)} />
        <Tile
          name={say('callbacks.pending')}
          value={formats.number(overview.callbacks.pending)}
          tone={overview.callbacks.oldestS > 600 ? 'warn' : 'mute'}
        />
      </CardGrid>
    </Card>
  );
}
