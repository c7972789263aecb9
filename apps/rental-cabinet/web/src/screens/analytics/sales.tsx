import type { AnalyticsView, SalesPart } from '@kkt/web-contract';
import { Card, CardGrid, Chart, DataTable, EmptyState, Tile, useFormats, useTexts } from '@kkt/web-kit';
import { type CSSProperties, type ReactNode, useCallback, useMemo } from 'react';
import { links } from '../../links';
import { Heat } from './heat';
import { analyticsTexts } from './texts';

type Step = 'hour' | 'day' | 'month';
const unixS = (local: string): number =>
  Date.parse(`${local.length === 10 ? `${local}T00` : local}:00:00+03:00`) / 1000;

/** Everything about the period at once. */
export function Sales({ view, by }: { view: AnalyticsView; by: Step }): ReactNode {
  const say = useTexts(analyticsTexts);
  const channel = (part: SalesPart): string => say.maybe(`channel.${part.key}`, part.key);
  const subject = (part: { key: string }): string =>
    say.maybe(`subject.${part.key}`, say('subject.other', { n: part.key }));
  const place = (part: SalesPart): string => (part.key === '' ? say('noShop') : part.key);
  return (
    <>
      <Figures view={view} />
      <Card title={say('chart')}>
        <Revenue view={view} by={by} />
      </Card>
      <CardGrid min={24}>
        <Parts title={say('shops')} parts={view.byShop} nameOf={place} hint={say('noShopHint')} />
        <Parts title={say('regions')} parts={view.byRegion} nameOf={place} hint={say('noShopHint')} />
        <Parts title={say('channels')} parts={view.byChannel} nameOf={channel} />
        <Parts title={say('categories')} parts={view.byCategory} nameOf={subject} />
      </CardGrid>
      <CardGrid min={28}>
        <Goods view={view} />
        <div>
          <Card title={say('heat')} side={<span className="kit-soft">{say('heatNote')}</span>}>
            <Heat cells={view.heat} />
          </Card>
          <Forecast days={view.forecast} />
        </div>
      </CardGrid>
    </>
  );
}

function Figures({ view }: { view: AnalyticsView }): ReactNode {
  const say = useTexts(analyticsTexts);
  const formats = useFormats();
  const { figures: now, figuresBefore: before, period } = view;
  const change = (value: number, was: number, write: (value: number) => string): string => {
    if (was === 0) return say('beforeNone');
    const share = value / was - 1;
    const percent = Math.round(share * 100);
    return say('before', {
      value: write(was),
      change: percent === 0 ? say('same') : `${percent > 0 ? '+' : '−'}${formats.percent(Math.abs(share))}`,
    });
  };
  const tile = (
    name: 'revenue' | 'receipts' | 'average' | 'returns' | 'failed',
    value: number,
    was: number,
    write: (value: number) => string,
    href?: string,
  ): ReactNode => (
    <Tile
      key={name}
      name={say(name)}
      value={write(value)}
      note={change(value, was, write)}
      tone={name === 'failed' && value > 0 ? 'warn' : 'info'}
      href={href}
    />
  );
  const money = (kop: number): string => formats.money(kop);
  const number = (value: number): string => formats.number(value);
  return (
    <CardGrid min={10}>
      {tile(
        'revenue',
        now.revenueKop,
        before.revenueKop,
        money,
        links.receipts({ ...period, state: 'done' }),
      )}
      {tile('receipts', now.receipts, before.receipts, number, links.receipts({ ...period, state: 'done' }))}
      {tile('average', now.averageKop, before.averageKop, money)}
      {tile('returns', now.returnsKop, before.returnsKop, money)}
      {tile('failed', now.failed, before.failed, number, links.receipts({ ...period, state: 'failed' }))}
    </CardGrid>
  );
}

/** Beginnings of every span of the period, so that empty ones show as nothing sold. */
function spans({ from, to }: { from: string; to: string }, by: Step): string[] {
  if (by === 'month') {
    const list: string[] = [];
    for (let at = `${from.slice(0, 7)}-01`; at <= to;) {
      list.push(`${at}T00`);
      const [year = 0, month = 1] = at.split('-').map(Number);
      at = month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
    }
    return list;
  }
  const stepMs = by === 'hour' ? 3_600_000 : 86_400_000;
  const end = Math.min(Date.parse(`${to}T23:59:59Z`), Date.now() + 3 * 3_600_000);
  const list: string[] = [];
  for (let at = Date.parse(`${from}T00:00:00Z`); at <= end; at += stepMs)
    list.push(new Date(at).toISOString().slice(0, 13));
  return list;
}

function Revenue({ view, by }: { view: AnalyticsView; by: Step }): ReactNode {
  const say = useTexts(analyticsTexts);
  const formats = useFormats();
  const { period, before, series, seriesBefore } = view;
  const own = useMemo(() => spans(period, by), [period, by]);
  const times = useMemo(() => own.map(unixS), [own]);
  const data = useMemo(() => {
    const valueOf = (points: AnalyticsView['series']) =>
      new Map(points.map((one) => [one.at, one.revenueKop]));
    const [now, earlier] = [valueOf(series), valueOf(seriesBefore)];
    const past = spans(before, by);
    return [
      {
        label: say('now'),
        tone: 'info' as const,
        kind: 'bars' as const,
        values: own.map((at) => now.get(at) ?? 0),
      },
      {
        label: say('earlier', { from: formats.date(before.from), to: formats.date(before.to) }),
        tone: 'mute' as const,
        values: own.map((_, index) => {
          const at = past[index];
          return at === undefined ? null : (earlier.get(at) ?? 0);
        }),
      },
    ];
  }, [own, series, seriesBefore, before, by, say, formats]);
  const formatValue = formats.roubles;
  const formatTime = useCallback(
    (at: number) => {
      const date = formats.date(new Date(at * 1000).toISOString());
      return by === 'hour'
        ? `${date.slice(0, 5)} ${formats.clock(at)}`
        : by === 'day'
          ? date.slice(0, 5)
          : date.slice(3);
    },
    [by, formats],
  );
  return (
    <Chart
      times={times}
      series={data}
      height={260}
      label={say('chartLabel', { from: formats.date(period.from), to: formats.date(period.to) })}
      formatValue={formatValue}
      formatTime={formatTime}
    />
  );
}

function Parts(props: {
  title: string;
  parts: readonly SalesPart[];
  nameOf(part: SalesPart): string;
  hint?: string;
}): ReactNode {
  const say = useTexts(analyticsTexts);
  const formats = useFormats();
  const { title, parts, nameOf, hint } = props;
  const total = Math.max(
    1,
    parts.reduce((sum, { revenueKop }) => sum + Math.max(0, revenueKop), 0),
  );
  const isUndivided = hint !== undefined && parts.length === 1 && parts[0]?.key === '';
  return (
    <Card title={title}>
      {parts.length === 0 || isUndivided ? (
        <EmptyState title={isUndivided ? say('noShop') : say('none')}>
          {isUndivided ? hint : say('noneHint')}
        </EmptyState>
      ) : (
        <ul className="cabinet-parts">
          {parts.slice(0, 8).map((part) => {
            const share = Math.max(0, part.revenueKop) / total;
            return (
              <li key={part.key} style={{ '--share': `${(share * 100).toFixed(1)}%` } as CSSProperties}>
                <span>{nameOf(part)}</span>
                <span className="kit-num">
                  {formats.money(part.revenueKop)} <span className="kit-soft">{formats.percent(share)}</span>
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}

function Goods({ view }: { view: AnalyticsView }): ReactNode {
  const say = useTexts(analyticsTexts);
  const formats = useFormats();
  return (
    <Card title={say('goods')} flush>
      <DataTable
        caption={say('goods')}
        rows={view.goods}
        rowKey={(row) => `${row.subject}/${row.name}`}
        empty={<EmptyState title={say('none')}>{say('noneHint')}</EmptyState>}
        columns={[
          { key: 'name', title: say('name'), render: (row) => row.name },
          {
            key: 'q',
            title: say('quantity'),
            align: 'right',
            render: (row) => formats.quantity(row.soldMicro),
          },
          { key: 'n', title: say('receipts'), align: 'right', render: (row) => formats.number(row.receipts) },
          {
            key: 'sum',
            title: say('revenue'),
            align: 'right',
            render: (row) => formats.money(row.soldKop - row.returnedKop),
          },
        ]}
      />
    </Card>
  );
}

function Forecast({ days }: { days: AnalyticsView['forecast'] }): ReactNode {
  const say = useTexts(analyticsTexts);
  const formats = useFormats();
  const times = useMemo(() => days.map(({ day }) => unixS(day)), [days]);
  const series = useMemo(
    () => [
      { label: say('high'), tone: 'mute' as const, values: days.map(({ highKop }) => highKop) },
      { label: say('expected'), tone: 'info' as const, values: days.map(({ kop }) => kop) },
      { label: say('low'), tone: 'mute' as const, values: days.map(({ lowKop }) => lowKop) },
    ],
    [days, say],
  );
  const formatValue = formats.roubles;
  const formatTime = useCallback(
    (at: number) => formats.date(new Date(at * 1000).toISOString()).slice(0, 5),
    [formats],
  );
  return (
    <Card
      title={say('forecast')}
      side={days.length > 0 && <span className="kit-soft">{say('forecastNote')}</span>}
    >
      {days.length === 0 ? (
        <EmptyState title={say('forecastNone')}>{say('forecastNoneHint')}</EmptyState>
      ) : (
        <Chart
          times={times}
          series={series}
          label={say('forecastLabel', { n: days.length })}
          formatValue={formatValue}
          formatTime={formatTime}
        />
      )}
    </Card>
  );
}
