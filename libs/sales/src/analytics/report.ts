import { CompanyTree, type TreeNode } from '@kkt/company';
import { AnalyticsStore, CompanyStore, type SalesFigures, type SalesRange, type Sql } from '@kkt/storage';
import type { Cell } from '../export/columns';

export const reportRows = [
  'hour',
  'day',
  'month',
  'shop',
  'region',
  'brand',
  'group',
  'channel',
  'category',
  'goods',
] as const;
export type ReportRows = (typeof reportRows)[number];
export const reportMeasures = ['revenue', 'income', 'returns', 'receipts', 'average', 'failed'] as const;
export type ReportMeasure = (typeof reportMeasures)[number];

/** What a report is made of. */
export interface ReportSpec {
  rows: ReportRows;
  measures: readonly ReportMeasure[];
}

export interface ReportLine {
  /** Machine word or name; the reader's language makes words of it. */
  key: string;
  figures: SalesFigures;
}

const channelNames = ['', 'compatible', 'own', 'payments', 'cabinet'];
const none: SalesFigures = { receipts: 0, incomeKop: 0, returns: 0, returnsKop: 0, failed: 0 };
const mostGoods = 500;

const add = (a: SalesFigures, b: SalesFigures): SalesFigures => ({
  receipts: a.receipts + b.receipts,
  incomeKop: a.incomeKop + b.incomeKop,
  returns: a.returns + b.returns,
  returnsKop: a.returnsKop + b.returnsKop,
  failed: a.failed + b.failed,
});

/** The node of a kind above a group; undefined when there is none between it and the company. */
function above(tree: CompanyTree, node: TreeNode, kind: TreeNode['kind']): TreeNode | undefined {
  return [...tree.upwards(node.id)].find((one) => one.kind === kind);
}

/** Lines of a report, the largest first; those over time in their order. */
export async function reportLines(
  sql: Sql,
  clientId: string,
  range: SalesRange,
  rows: ReportRows,
): Promise<ReportLine[]> {
  const store = new AnalyticsStore(sql);
  if (range.groupIds.length === 0) return [];
  if (rows === 'hour' || rows === 'day' || rows === 'month')
    return (await store.series(range, rows)).map(({ at, ...figures }) => ({ key: at, figures }));
  const largestFirst = (lines: ReportLine[]): ReportLine[] =>
    lines.sort(
      (a, b) => b.figures.incomeKop - b.figures.returnsKop - (a.figures.incomeKop - a.figures.returnsKop),
    );
  if (rows === 'channel')
    return largestFirst(
      (await store.byChannel(range)).map(({ channel, ...figures }) => ({
        key: channelNames[channel] ?? '',
        figures,
      })),
    );
  if (rows === 'category')
    return largestFirst(
      (await store.subjects(range)).map(({ subject, receipts, soldKop, returnedKop }) => ({
        key: String(subject),
        figures: { ...none, receipts, incomeKop: soldKop, returnsKop: returnedKop },
      })),
    );
  if (rows === 'goods')
    return (await store.goods(range, mostGoods)).map(({ name, receipts, soldKop, returnedKop }) => ({
      key: name,
      figures: { ...none, receipts, incomeKop: soldKop, returnsKop: returnedKop },
    }));
  const nodes = await new CompanyStore(sql).nodes(clientId);
  const tree = new CompanyTree(nodes);
  const byGroup = await store.byGroup(range);
  const lines = new Map<string, SalesFigures>();
  for (const { groupId, ...figures } of byGroup) {
    const group = nodes.find((node) => node.groupId === groupId);
    const found = group && (rows === 'group' ? group : above(tree, group, rows));
    const key = found?.name ?? '';
    lines.set(key, add(lines.get(key) ?? none, figures));
  }
  return largestFirst([...lines].map(([key, figures]) => ({ key, figures })));
}

/** One figure of a line. */
export function measureOf({ figures }: Pick<ReportLine, 'figures'>, measure: ReportMeasure): number {
  const { receipts, incomeKop, returnsKop, failed } = figures;
  switch (measure) {
    case 'revenue':
      return incomeKop - returnsKop;
    case 'income':
      return incomeKop;
    case 'returns':
      return returnsKop;
    case 'receipts':
      return receipts;
    case 'average':
      return receipts === 0 ? 0 : Math.round(incomeKop / receipts);
    case 'failed':
      return failed;
  }
}

const isMoney = (measure: ReportMeasure): boolean => measure !== 'receipts' && measure !== 'failed';

const rowNames: Readonly<Record<ReportRows, string>> = {
  hour: 'Час',
  day: 'День',
  month: 'Месяц',
  shop: 'Магазин',
  region: 'Регион',
  brand: 'Бренд',
  group: 'Группа касс',
  channel: 'Канал',
  category: 'Предмет расчёта',
  goods: 'Товар',
};
const measureNames: Readonly<Record<ReportMeasure, string>> = {
  revenue: 'Выручка, ₽',
  income: 'Приход, ₽',
  returns: 'Возвраты, ₽',
  receipts: 'Чеков',
  average: 'Средний чек, ₽',
  failed: 'Отказов',
};
const channelWords: Readonly<Record<string, string>> = {
  compatible: 'API АТОЛ Онлайн',
  own: 'API v1',
  payments: 'платёжные системы',
  cabinet: 'кабинет',
};
const subjectWords: Readonly<Record<string, string>> = {
  1: 'товар',
  2: 'подакцизный товар',
  3: 'работа',
  4: 'услуга',
  10: 'платёж',
  11: 'агентское вознаграждение',
  13: 'иной предмет',
  32: 'товар с маркировкой',
  33: 'подакцизный товар с маркировкой',
};

function keyText(rows: ReportRows, key: string): string {
  if (rows === 'channel') return channelWords[key] ?? key;
  if (rows === 'category') return subjectWords[key] ?? `предмет расчёта ${key}`;
  if (rows === 'hour') return `${key.slice(8, 10)}.${key.slice(5, 7)}.${key.slice(0, 4)} ${key.slice(11)}:00`;
  if (rows === 'day') return `${key.slice(8, 10)}.${key.slice(5, 7)}.${key.slice(0, 4)}`;
  if (rows === 'month') return `${key.slice(5, 7)}.${key.slice(0, 4)}`;
  return key === '' ? 'без магазина' : key;
}

/** The report as a table for a file: titles, lines, the total. */
export function reportTable(lines: readonly ReportLine[], spec: ReportSpec): Cell[][] {
  const cell = (measure: ReportMeasure, value: number): Cell =>
    isMoney(measure) ? { kind: 'money', kop: value } : { kind: 'number', value };
  const total = { figures: lines.reduce((sum, { figures }) => add(sum, figures), none) };
  const titles = [rowNames[spec.rows], ...spec.measures.map((measure) => measureNames[measure])];
  return [
    titles.map((value): Cell => ({ kind: 'text', value })),
    ...lines.map((line): Cell[] => [
      { kind: 'text', value: keyText(spec.rows, line.key) },
      ...spec.measures.map((measure) => cell(measure, measureOf(line, measure))),
    ]),
    [
      { kind: 'text', value: 'Итого' },
      ...spec.measures.map((measure) => cell(measure, measureOf(total, measure))),
    ],
  ];
}
