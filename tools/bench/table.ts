import { goalValue, isMet, type ToldRow } from './row';

/** Three digits that matter, thousands kept whole. */
export function figure(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString('en-US').replaceAll(',', ' ');
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  if (size >= 0.1 || size === 0) return value.toFixed(2);
  return value.toPrecision(2);
}

const sign = (row: ToldRow): string => (row.goalIs === 'most' ? '≤' : '≥');

/** `met`, how far a missed goal is, or that nothing was measured. */
export function verdict(row: ToldRow): string {
  const met = isMet(row);
  if (row.value === null) return 'not measured';
  if (met === undefined || row.goal === null) return '';
  if (met) return 'met';
  const share = ((goalValue(row) ?? 0) / row.goal) * 100;
  return `missed: ${share.toFixed(0)} % of the goal`;
}

const cells = (row: ToldRow): string[] => [
  row.what,
  row.value === null ? '–' : `${figure(row.value)} ${row.unit}`,
  row.beside === null ? '–' : `${figure(row.beside)}${row.besideWhat ? ` (${row.besideWhat})` : ''}`,
  figure(row.ratio),
  row.goal === null
    ? '–'
    : `${sign(row)} ${figure(row.goal)}${row.goalOf === 'value' && row.ratio !== null ? ` ${row.unit}` : ''}`,
  verdict(row),
];

const heads = ['what', 'value', 'beside (its limit)', 'ratio', 'goal', ''];

/** The table for the terminal. */
export function textTable(rows: readonly ToldRow[]): string {
  const lines = [heads, ...rows.map(cells)];
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The same for the page, with notes. */
export function markdownTable(rows: readonly ToldRow[]): string {
  const escape = (text: string): string => text.replaceAll('|', '\\|');
  const line = (texts: readonly string[]): string => `| ${texts.map(escape).join(' | ')} |`;
  const body = rows.map((row) => line([...cells(row), row.note ?? '']));
  return [line([...heads.slice(0, -1), 'verdict', 'note']), line(Array(7).fill('---')), ...body].join('\n');
}
