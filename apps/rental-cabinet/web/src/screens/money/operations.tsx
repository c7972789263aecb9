import type { OperationsView, OperationView } from '@kkt/web-contract';
import {
  Card,
  Chart,
  DataTable,
  EmptyState,
  FilterBar,
  Money,
  QueryView,
  useFormats,
  useTexts,
  useUrlState,
} from '@kkt/web-kit';
import { type ReactNode, useCallback, useMemo } from 'react';
import { moneyTexts } from './texts';
import { dayBefore, moscowToday, useOperations } from './use-money';

const shownDays = 90;
const dayMs = 86_400_000;

/** Movements of the balance with what is left after each; the balance by days as a chart. */
export function Operations(): ReactNode {
  const say = useTexts(moneyTexts);
  const [{ from, to }] = useUrlState();
  const today = moscowToday();
  const query = useOperations(from ?? dayBefore(today, shownDays), to ?? today);
  return (
    <Card title={say('operations')} flush>
      <div style={{ padding: '0 1rem' }}>
        <FilterBar
          fields={[
            { name: 'from', label: say('from'), kind: 'date' },
            { name: 'to', label: say('to'), kind: 'date' },
          ]}
        />
      </div>
      <QueryView query={query}>{(view) => <Table view={view} />}</QueryView>
    </Card>
  );
}

function Table({ view }: { view: OperationsView }): ReactNode {
  const say = useTexts(moneyTexts);
  const formats = useFormats();
  const rows = useMemo(() => view.lines.map((line, at) => ({ ...line, at })).reverse(), [view.lines]);
  return (
    <>
      {view.lines.length > 0 && <BalanceChart view={view} />}
      <p className="kit-soft" style={{ padding: '0 1rem' }}>
        {say('opening', { sum: formats.money(view.openingKop) })}
      </p>
      <DataTable
        caption={say('operations')}
        rows={rows}
        rowKey={({ at }) => at}
        empty={<EmptyState title={say('operationsNone')}>{say('operationsHint')}</EmptyState>}
        columns={[
          { key: 'day', title: say('col.day'), render: (row) => formats.date(row.day) },
          { key: 'text', title: say('col.text'), render: (row) => row.text },
          {
            key: 'amount',
            title: say('col.amount'),
            align: 'right',
            render: (row) => <Money kop={row.amountKop} />,
          },
          {
            key: 'balance',
            title: say('col.balance'),
            align: 'right',
            render: (row) => <Money kop={row.balanceKop} />,
          },
        ]}
      />
    </>
  );
}

/** The balance at the end of each day of the period. */
function balances(lines: readonly OperationView[], openingKop: number, from: string, to: string) {
  const byDay = new Map(lines.map(({ day, balanceKop }) => [day, balanceKop]));
  const times: number[] = [];
  const values: number[] = [];
  let balanceKop = openingKop;
  for (let at = Date.parse(`${from}T00:00:00Z`); at <= Date.parse(`${to}T00:00:00Z`); at += dayMs) {
    balanceKop = byDay.get(new Date(at).toISOString().slice(0, 10)) ?? balanceKop;
    times.push(at / 1_000);
    values.push(balanceKop / 100);
  }
  return { times, values };
}

function BalanceChart({ view }: { view: OperationsView }): ReactNode {
  const say = useTexts(moneyTexts);
  const formats = useFormats();
  const { times, values } = useMemo(() => balances(view.lines, view.openingKop, view.from, view.to), [view]);
  const series = useMemo(() => [{ label: say('balance'), tone: 'info' as const, values }], [say, values]);
  const formatTime = useCallback(
    (unixS: number) => formats.date(new Date(unixS * 1_000).toISOString()).slice(0, 5),
    [formats],
  );
  return (
    <div style={{ padding: '0 1rem' }}>
      <Chart
        times={times}
        series={series}
        label={say('chart')}
        height={160}
        formatTime={formatTime}
        formatValue={(value) => formats.number(value)}
      />
    </div>
  );
}
