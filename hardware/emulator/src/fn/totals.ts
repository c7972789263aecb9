import { TAG, numberOf, type TlvNode } from '@kkt/ffd';
import type { SettlementSign } from '@kkt/contracts';

/**
 * Counters of the FN for FFD 1.1 and later: 1157 (life of the FN), 1194 (shift), 1158 (unsent).
 * One row per settlement sign, columns in the order of `COLUMNS`; all sums in kopecks.
 */
const COLUMNS = [
  TAG.countBySign,
  TAG.totalCash,
  TAG.totalEcash,
  TAG.totalPrepaid,
  TAG.totalCredit,
  TAG.totalProvision,
  TAG.totalOfReceipts,
  TAG.totalVat20,
  TAG.totalVat10,
  TAG.totalVat20of120,
  TAG.totalVat10of110,
  TAG.totalVat0,
  TAG.totalNoVat,
] as const;

/** Columns that corrections and unsent documents keep: count, payments and total, no taxes. */
const SHORT_COLUMNS = 7;

const SIGN_TAGS = [
  TAG.countersIncome,
  TAG.countersIncomeReturn,
  TAG.countersExpense,
  TAG.countersExpenseReturn,
] as const;
const CORRECTION_TAGS = [
  TAG.correctionsIncome,
  TAG.correctionsExpense,
  TAG.correctionsIncomeReturn,
  TAG.correctionsExpenseReturn,
] as const;
/** Settlement signs in the order of `CORRECTION_TAGS`. */
const CORRECTION_SIGNS: readonly SettlementSign[] = [1, 3, 2, 4];

/** What one receipt adds to the counters. */
export interface TotalsDelta {
  sign: SettlementSign;
  correction: boolean;
  /** In the order of `COLUMNS`. */
  row: number[];
}

export interface Totals {
  receipts: number[][];
  corrections: number[][];
}

const emptyRows = (): number[][] => [1, 2, 3, 4].map(() => COLUMNS.map(() => 0));

export const emptyTotals = (): Totals => ({ receipts: emptyRows(), corrections: emptyRows() });

/** Reads a receipt's amounts from its requisites. */
export function totalsDelta(
  sign: SettlementSign,
  correction: boolean,
  totalKop: number,
  nodes: readonly TlvNode[],
): TotalsDelta {
  const of = (tag: number): number => numberOf(nodes, tag) ?? 0;
  return {
    sign,
    correction,
    row: [
      1,
      of(TAG.cash),
      of(TAG.ecash),
      of(TAG.prepaid),
      of(TAG.credit),
      of(TAG.provision),
      totalKop,
      of(TAG.vat20),
      of(TAG.vat10),
      of(TAG.vat20of120),
      of(TAG.vat10of110),
      of(TAG.turnoverVat0),
      of(TAG.turnoverNoVat),
    ],
  };
}

/** Adds (`direction` 1) or takes back (−1) a receipt. */
export function addDelta(totals: Totals, delta: TotalsDelta, direction: 1 | -1 = 1): void {
  const row = (delta.correction ? totals.corrections : totals.receipts)[delta.sign - 1];
  if (!row) return;
  for (let at = 0; at < row.length; at += 1) row[at] = (row[at] ?? 0) + direction * (delta.row[at] ?? 0);
}

const rowNodes = (row: readonly number[]): TlvNode[] =>
  COLUMNS.map((tag, at) => ({ tag, value: row[at] ?? 0 }));

/**
 * Inside of 1145, 1146, 1232, 1233: the count, and the sums that are not zero. They are conditional, and the bound of
 * 32 bytes that the order gives these counters (see the table of tags) holds two ways of payment and their total only so.
 */
const shortRowNodes = (row: readonly number[]): TlvNode[] =>
  COLUMNS.slice(0, SHORT_COLUMNS)
    .map((tag, at) => ({ tag, value: row[at] ?? 0 }))
    .filter(({ value }, at) => at === 0 || value !== 0);

const count = (rows: readonly number[][]): number => rows.reduce((sum, row) => sum + (row[0] ?? 0), 0);

const signRow = (rows: readonly number[][], sign: SettlementSign): readonly number[] => rows[sign - 1] ?? [];

function shortNodes(rows: readonly number[][]): TlvNode[] {
  return [
    { tag: TAG.countCorrections, value: count(rows) },
    ...CORRECTION_TAGS.map((tag, at) => ({
      tag,
      value: shortRowNodes(signRow(rows, CORRECTION_SIGNS[at] ?? 1)),
    })),
  ];
}

/** Inside of 1157 and 1194: 1134, 1129–1132, 1133. */
export const totalsNodes = (totals: Totals): TlvNode[] => [
  { tag: TAG.countAll, value: count(totals.receipts) + count(totals.corrections) },
  ...SIGN_TAGS.map((tag, at) => ({ tag, value: rowNodes(totals.receipts[at] ?? []) })),
  { tag: TAG.countersCorrection, value: shortNodes(totals.corrections) },
];

/** Inside of 1158: 1144 and the four signs, receipts and corrections together. */
export function unsentNodes(unsent: Totals): TlvNode[] {
  const rows = unsent.receipts.map((row, sign) =>
    row.map((value, at) => value + (unsent.corrections[sign]?.[at] ?? 0)),
  );
  return shortNodes(rows);
}
