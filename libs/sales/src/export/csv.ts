import type { Cell } from './columns';

const two = (value: number): string => String(value).padStart(2, '0');

/** Moscow has had UTC+3 all the year round since 2014. */
export function moscowText(at: Date): string {
  const local = new Date(at.getTime() + 3 * 3_600_000);
  return `${two(local.getUTCDate())}.${two(local.getUTCMonth() + 1)}.${local.getUTCFullYear()} ${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`;
}

/** `1234,50`: a decimal comma, as Russian spreadsheets read it. */
export const kopText = (kop: number): string =>
  `${kop < 0 ? '-' : ''}${Math.floor(Math.abs(kop) / 100)},${two(Math.abs(kop) % 100)}`;

/** A spreadsheet takes a text that begins so for a formula. */
const looksLikeFormula = /^[=+\-@\t\r]/;

function plain(cell: Cell): string {
  switch (cell.kind) {
    case 'text':
      return looksLikeFormula.test(cell.value) ? `'${cell.value}` : cell.value;
    case 'money':
      return kopText(cell.kop);
    case 'number':
      return String(cell.value);
    case 'time':
      return moscowText(cell.at);
    case 'empty':
      return '';
  }
}

const quoted = (value: string): string =>
  /[";\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

/** A line for Russian spreadsheets: semicolons, CRLF. */
export const csvLine = (cells: readonly Cell[]): string =>
  `${cells.map((cell) => quoted(plain(cell))).join(';')}\r\n`;
