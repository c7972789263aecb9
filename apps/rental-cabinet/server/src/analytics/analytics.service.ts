import { Inject, Injectable } from '@nestjs/common';
import { FarmError } from '@kkt/contracts';
import { FactsAbsorber, forecastRevenue, type ReportLine, reportLines, type ReportRows } from '@kkt/sales';
import { AnalyticsStore, CompanyStore, type SalesFigures, type SalesRange } from '@kkt/storage';
import type { AnalyticsView, SalesFiguresView } from '@kkt/web-contract';
import { type CabinetParts, PARTS } from '../parts';
import { type Caller, sightOf } from '../session/session.guard';

interface Period {
  from: string;
  to: string;
  node?: string;
}

const dayMs = 86_400_000;
const mostDays = 1_100;
const topGoods = 20;
const forecastDays = 14;
/** History that the forecast is made of. */
const historyDays = 56;

const atOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const viewOf = (figures: SalesFigures): SalesFiguresView => ({
  ...figures,
  revenueKop: figures.incomeKop - figures.returnsKop,
  averageKop: figures.receipts === 0 ? 0 : Math.round(figures.incomeKop / figures.receipts),
});

/** Sales of a client as far as the caller may look at them. */
@Injectable()
export class AnalyticsService {
  private readonly store: AnalyticsStore;
  private readonly absorber: FactsAbsorber;

  constructor(
    @Inject(PARTS) private readonly parts: CabinetParts,
    @Inject(CompanyStore) private readonly companies: CompanyStore,
  ) {
    this.store = new AnalyticsStore(parts.database);
    this.absorber = new FactsAbsorber(parts.database, parts.secretKey);
  }

  /** @throws FarmError CLIENT-FORBIDDEN for whom sales are no business */
  must(caller: Caller): void {
    if (!caller.access.canSomewhere('analytics:read')) caller.access.must('analytics:read');
  }

  async report(caller: Caller, query: Period & { rows: ReportRows }): Promise<ReportLine[]> {
    const range = await this.rangeOf(caller, query);
    return reportLines(this.parts.database, caller.clientId, range, query.rows);
  }

  async read(caller: Caller, query: Period & { by: 'hour' | 'day' | 'month' }): Promise<AnalyticsView> {
    const range = await this.rangeOf(caller, query);
    const spanMs = atOf(range.to) - atOf(range.from) + dayMs;
    if (query.by === 'hour' && spanMs > 31 * dayMs)
      throw new FarmError('CLIENT-PERIOD', 'По часам можно смотреть не больше 31 дня', { field: 'by' });
    const before = { ...range, from: dayOf(atOf(range.from) - spanMs), to: dayOf(atOf(range.from) - dayMs) };
    const { clientId } = caller;
    const { database } = this.parts;
    const [now, earlier, series, seriesBefore, heat, goods, forecast, ...tables] = await Promise.all([
      this.store.figures(range),
      this.store.figures(before),
      this.store.series(range, query.by),
      this.store.series(before, query.by),
      this.store.heat(range),
      this.store.goods(range, topGoods),
      this.forecast(range),
      ...(['shop', 'region', 'channel', 'category'] as const).map((rows) =>
        reportLines(database, clientId, range, rows),
      ),
    ]);
    const [byShop = [], byRegion = [], byChannel = [], byCategory = []] = tables.map((lines) =>
      lines.map(({ key, figures }) => ({ key, ...viewOf(figures) })),
    );
    return {
      period: { from: range.from, to: range.to },
      before: { from: before.from, to: before.to },
      figures: viewOf(now),
      figuresBefore: viewOf(earlier),
      series: series.map(({ at, ...figures }) => ({ at, ...viewOf(figures) })),
      seriesBefore: seriesBefore.map(({ at, ...figures }) => ({ at, ...viewOf(figures) })),
      byShop,
      byRegion,
      byChannel,
      byCategory,
      goods,
      heat,
      forecast,
    };
  }

  private async forecast({ groupIds }: SalesRange): Promise<AnalyticsView['forecast']> {
    const today = atOf(dayOf(this.parts.clock.nowMs() + 3 * 3_600_000));
    const from = today - historyDays * dayMs;
    const found = await this.store.series({ groupIds, from: dayOf(from), to: dayOf(today - dayMs) }, 'day');
    const byDay = new Map(found.map((point) => [point.at.slice(0, 10), point.incomeKop - point.returnsKop]));
    const [first] = byDay.keys();
    if (first === undefined) return [];
    // Days before the first sale are no days without sales.
    const days = Array.from({ length: Math.round((today - atOf(first)) / dayMs) }, (_, index) =>
      dayOf(atOf(first) + index * dayMs),
    );
    return forecastRevenue(
      days.map((day) => ({ day, kop: byDay.get(day) ?? 0 })),
      forecastDays,
    );
  }

  private async rangeOf(caller: Caller, { from, to, node }: Period): Promise<SalesRange> {
    this.must(caller);
    await this.absorber.catchUp();
    const span = atOf(to) - atOf(from);
    if (Number.isNaN(span) || span < 0 || span > mostDays * dayMs)
      throw new FarmError('CLIENT-PERIOD', 'Период от первого дня до последнего, не больше трёх лет', {
        field: 'to',
      });
    const sight = sightOf(caller, 'analytics:read');
    const groups = (await this.store.groups(sight)).map(({ id }) => id);
    if (node === undefined) return { groupIds: groups, from, to };
    const tree = await this.companies.tree(caller.clientId);
    const below = new Set(tree.node(node) ? tree.groupsBelow(node) : []);
    return { groupIds: groups.filter((id) => below.has(id)), from, to };
  }
}
