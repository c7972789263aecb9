import { Button, Group, NumberInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { CapacityPlan, CapacityView } from '@kkt/web-contract';
import {
  api,
  AppLink,
  Card,
  CardGrid,
  Chart,
  DataTable,
  EmptyState,
  ErrorState,
  PageHead,
  queryOf,
  QueryView,
  StateBadge,
  Tile,
  useFormats,
  useLanguage,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useMemo, useState } from 'react';
import { links } from '../links';
import { capacityTexts } from './texts-capacity';
import './ops.css';

/** Room of the farm: slots, registers, FNs, and what loads ask for. */
export function CapacityScreen(): ReactNode {
  const say = useTexts(capacityTexts);
  const query = useQuery({
    queryKey: ['capacity'],
    queryFn: ({ signal }) => api.get<CapacityView>('capacity', signal),
    refetchInterval: 60_000,
  });
  return (
    <>
      <PageHead title={say('title')} />
      <QueryView query={query}>
        {(capacity) => (
          <>
            <Totals capacity={capacity} />
            <Plan />
            <Fns fns={capacity.fns} />
            <Groups groups={capacity.groups} />
            <Days days={capacity.days} />
            <Racks racks={capacity.racks} />
          </>
        )}
      </QueryView>
    </>
  );
}

const freeOf = (rack: CapacityView['racks'][number]): number =>
  Math.max(0, rack.slots - rack.taken - rack.reserved);
const sum = <T,>(rows: readonly T[], of: (row: T) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);

function Totals({ capacity }: { capacity: CapacityView }): ReactNode {
  const say = useTexts(capacityTexts);
  const formats = useFormats();
  const { racks, fns } = capacity;
  const free = sum(racks, freeOf);
  const freeFns = sum(fns, (one) => one.free);
  const ending = sum(fns, (one) => one.ending90d);
  const toFull = capacity.days.at(-1)?.daysToFull ?? null;
  return (
    <CardGrid min={14}>
      <Tile
        name={say('freeSlots')}
        value={formats.number(free)}
        note={say('freeSlotsNote', {
          n: formats.number(sum(racks, (one) => one.slots)),
          reserved: formats.number(sum(racks, (one) => one.reserved)),
        })}
        tone={free === 0 ? 'bad' : 'good'}
      />
      <Tile name={say('spare')} value={formats.number(capacity.spareModules)} />
      <Tile
        name={say('fns')}
        value={formats.number(freeFns)}
        note={say('fnsNote', { n: formats.number(ending) })}
        tone={freeFns < ending ? 'bad' : 'good'}
      />
      <Tile
        name={say('toFull')}
        value={toFull === null ? say('unknown') : say('days', { n: toFull })}
        note={toFull === null ? say('unknownNote') : undefined}
        tone={toFull !== null && toFull < 90 ? 'warn' : 'mute'}
      />
    </CardGrid>
  );
}

function Plan(): ReactNode {
  const say = useTexts(capacityTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  const [perDay, setPerDay] = useState<string | number>(20_000);
  const [peak, setPeak] = useState<string | number>(60);
  const [pace, setPace] = useState<string | number>(800);
  const [p99, setP99] = useState<string | number>(10);
  const run = useMutation({
    mutationFn: () =>
      api.get<CapacityPlan>(
        `capacity/plan${queryOf({ receiptsPerDay: perDay, peakPerMinute: peak, paceMs: pace, p99S: p99 })}`,
      ),
  });
  const plan = run.data;
  const lacks = plan
    ? [
        plan.lacks.slots > 0 && say('lackSlots', { n: plan.lacks.slots }),
        plan.lacks.modules > 0 && say('lackModules', { n: plan.lacks.modules }),
        plan.lacks.fns > 0 && say('lackFns', { n: plan.lacks.fns }),
      ].filter((one): one is string => one !== false)
    : [];
  return (
    <Card title={say('plan')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          run.mutate();
        }}
      >
        <Group align="end">
          <NumberInput label={say('perDay')} value={perDay} onChange={setPerDay} min={1} />
          <NumberInput label={say('peak')} value={peak} onChange={setPeak} min={0.01} />
          <NumberInput label={say('pace')} value={pace} onChange={setPace} min={1} max={60_000} />
          <NumberInput label={say('p99')} value={p99} onChange={setP99} min={0.01} />
          <Button type="submit" loading={run.isPending}>
            {say('count')}
          </Button>
        </Group>
      </form>
      {run.isError && <ErrorState error={run.error} />}
      {plan && (
        <div role="status">
          <p style={{ fontSize: '1.25rem', margin: '0.75rem 0 0.25rem' }}>
            <strong>{say('need', { n: plan.optimal })}</strong>
          </p>
          <p className="kit-soft" style={{ margin: 0 }}>
            {say('needNote', {
              min: plan.minimum,
              p99: formats.duration(plan.predictedP99S * 1_000),
              use: formats.percent(plan.utilisation),
            })}
          </p>
          <p>
            {lacks.length === 0 ? (
              <StateBadge tone="good" shape="circle">
                {say('enough')}
              </StateBadge>
            ) : (
              <StateBadge tone="warn" shape="triangle">
                {say('lacks', { list: lacks.join(', ') })}
              </StateBadge>
            )}
          </p>
          <details>
            <summary>{say('arithmetic')}</summary>
            <ul>
              {plan.arithmetic.map((line) => (
                <li key={line.en}>{line[language]}</li>
              ))}
            </ul>
          </details>
        </div>
      )}
    </Card>
  );
}

function Fns({ fns }: { fns: CapacityView['fns'] }): ReactNode {
  const say = useTexts(capacityTexts);
  const formats = useFormats();
  return (
    <Card title={say('fnTable')} flush>
      <DataTable
        caption={say('fnTable')}
        rows={fns}
        rowKey={(row) => row.model}
        empty={<EmptyState title={say('fnNone')}>{say('fnNoneHint')}</EmptyState>}
        columns={[
          { key: 'model', title: say('model'), render: (row) => row.model },
          { key: 'free', title: say('free'), align: 'right', render: (row) => formats.number(row.free) },
          {
            key: 'reserved',
            title: say('reserved'),
            align: 'right',
            render: (row) => formats.number(row.reserved),
          },
          {
            key: 'ending',
            title: say('ending'),
            align: 'right',
            render: (row) => formats.number(row.ending90d),
          },
          {
            key: 'buy',
            title: say('buy'),
            align: 'right',
            render: (row) => formats.number(Math.max(0, row.ending90d - row.free - row.reserved)),
          },
        ]}
      />
    </Card>
  );
}

function Groups({ groups }: { groups: CapacityView['groups'] }): ReactNode {
  const say = useTexts(capacityTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  return (
    <Card title={say('groups')} flush>
      <DataTable
        caption={say('groups')}
        rows={groups}
        rowKey={(row) => row.groupCode}
        empty={<EmptyState title={say('groupsNone')}>{say('groupsNoneHint')}</EmptyState>}
        columns={[
          {
            key: 'group',
            title: say('group'),
            render: (row) => (
              <AppLink href={links.receipts({ group: row.groupCode })}>{row.groupCode}</AppLink>
            ),
          },
          { key: 'client', title: say('client'), render: (row) => row.clientName },
          {
            key: 'load',
            title: say('load'),
            align: 'right',
            render: (row) =>
              `${formats.number(row.receiptsPerDay)} / ${formats.number(row.peakPerMinute, 1)}`,
          },
          { key: 'have', title: say('have'), align: 'right', render: (row) => formats.number(row.registers) },
          {
            key: 'optimal',
            title: say('optimal'),
            align: 'right',
            render: (row) => (
              <span title={row.arithmetic.map((line) => line[language]).join('\n')}>
                {formats.number(row.optimal)}
              </span>
            ),
          },
          {
            key: 'verdict',
            title: say('verdict'),
            render: ({ optimal, registers, isDrifted }) =>
              optimal > registers ? (
                <StateBadge tone={isDrifted ? 'bad' : 'warn'} shape="triangle">
                  {say('more', { n: optimal - registers })}
                </StateBadge>
              ) : (
                <StateBadge tone="good" shape="circle">
                  {optimal < registers && isDrifted ? say('less', { n: registers - optimal }) : say('fits')}
                </StateBadge>
              ),
          },
        ]}
      />
    </Card>
  );
}

function Days({ days }: { days: CapacityView['days'] }): ReactNode {
  const say = useTexts(capacityTexts);
  const times = useMemo(() => days.map(({ day }) => Date.parse(`${day}T00:00:00+03:00`) / 1_000), [days]);
  const series = useMemo(
    () => [
      { label: say('chartFree'), tone: 'good' as const, values: days.map(({ freeSlots }) => freeSlots) },
      { label: say('chartRented'), tone: 'info' as const, values: days.map(({ rented }) => rented) },
    ],
    [days, say],
  );
  return (
    <Card title={say('chart')}>
      {days.length < 2 ? (
        <EmptyState title={say('chartNone')} />
      ) : (
        <Chart times={times} series={series} label={say('chart')} />
      )}
    </Card>
  );
}

function Racks({ racks }: { racks: CapacityView['racks'] }): ReactNode {
  const say = useTexts(capacityTexts);
  const formats = useFormats();
  return (
    <Card title={say('racks')} flush>
      <DataTable
        caption={say('racks')}
        rows={racks}
        rowKey={(row) => `${row.dc}/${row.rack}`}
        columns={[
          {
            key: 'rack',
            title: say('rack'),
            render: (row) => (
              <AppLink href={links.rack(row.dc, row.rack)}>
                {row.dc}/{row.rack}
              </AppLink>
            ),
          },
          { key: 'taken', title: say('taken'), align: 'right', render: (row) => formats.number(row.taken) },
          {
            key: 'reserved',
            title: say('reserved'),
            align: 'right',
            render: (row) => formats.number(row.reserved),
          },
          { key: 'free', title: say('free'), align: 'right', render: (row) => formats.number(freeOf(row)) },
        ]}
      />
    </Card>
  );
}
