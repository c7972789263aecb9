/** Forms of fiscal documents (FFD) by the words people export them with. */
const forms: Readonly<Record<string, number>> = {
  'отчёт о регистрации': 1,
  'открытие смены': 2,
  чек: 3,
  бсо: 4,
  'закрытие смены': 5,
  'закрытие фн': 6,
  'отчёт о перерегистрации': 11,
  'отчёт о расчётах': 21,
  коррекция: 31,
  'чек коррекции': 31,
};
const signs: Readonly<Record<string, 1 | 2 | 3 | 4>> = {
  приход: 1,
  'возврат прихода': 2,
  расход: 3,
  'возврат расхода': 4,
};

/** Names that columns go by in exports of operators and cash programs. */
const columns = {
  fn: ['фн', 'номер фн', 'заводской номер фн', 'fn'],
  fd: ['фд', 'номер фд', 'fd', 'i'],
  fp: ['фп', 'фпд', 'фискальный признак', 'fp'],
  at: ['дата', 'дата и время', 'время', 'date', 't'],
  form: ['документ', 'тип документа', 'form'],
  sign: ['признак', 'признак расчёта', 'тип операции', 'n'],
  total: ['сумма', 'итог', 'total', 's'],
} as const;
type Column = keyof typeof columns;

export const mostExternalDocuments = 5_000;

/** A document of a register that is not driven by the farm, as its owner told of it. */
export interface ExternalDocument {
  fnNumber: string;
  fdNumber: number;
  form: number;
  /** Tag 1054 of a receipt; null for reports. */
  sign: 1 | 2 | 3 | 4 | null;
  /** The register's own wall clock, `YYYY-MM-DDTHH:MM:SS`. */
  at: string;
  /** Tag 1077. */
  fiscalSign: number;
  totalKop: number | null;
}

/** A line that could not be read, counted from 1. */
export interface ExternalLineProblem {
  line: number;
  text: string;
}

const plain = (text: string): string => text.trim().toLowerCase().replaceAll('ё', 'е');
const lookup = <T>(table: Readonly<Record<string, T>>, text: string): T | undefined =>
  Object.entries(table).find(([word]) => plain(word) === plain(text))?.[1];

/** Roubles as people and QR codes write them: `1 234,50`, `1234.5`. */
function kopOf(text: string): number | undefined {
  const found = /^(\d{1,12})(?:[.,](\d{1,2}))?$/.exec(text.replace(/[\s\u00a0₽]/g, ''));
  return found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) : undefined;
}

/** `27.11.2026 10:05`, `2026-11-27T10:05:30`, `20261127T1005` as a wall clock; undefined when there is no such moment. */
function momentOf(text: string): string | undefined {
  const russian = /^(\d{2})\.(\d{2})\.(\d{4})[ ,T]+(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim());
  const iso = /^(\d{4})-?(\d{2})-?(\d{2})[ T](\d{2}):?(\d{2})(?::?(\d{2}))?$/.exec(text.trim());
  const parts = russian ? [russian[3], russian[2], russian[1], ...russian.slice(4)] : iso?.slice(1);
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second = '00'] = parts;
  const wall = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const at = new Date(`${wall}Z`);
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 19) !== wall ? undefined : wall;
}

function cellsOf(line: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += character;
  }
  return [...cells, cell.trim()];
}

type Row = Partial<Record<Column, string>>;

const inQr: readonly Column[] = ['at', 'total', 'fn', 'fd', 'fp', 'sign'];

/** The text of a receipt's QR code (tag 1196): `t=…&s=…&fn=…&i=…&fp=…&n=…`. */
function qrRow(line: string): Row | undefined {
  if (!/^t=\d{8}T\d{4,6}&/.test(line)) return undefined;
  const pairs = new URLSearchParams(line);
  const row: Row = { form: 'чек' };
  for (const column of inQr) {
    const value = columns[column].map((name) => pairs.get(name)).find((found) => found !== null);
    if (value) row[column] = value;
  }
  return row;
}

/** What is wrong with a row, or the document it tells of. */
function documentOf(row: Row, usualFn: string | null): ExternalDocument | string {
  const fnNumber = row.fn || usualFn || '';
  if (!/^\d{16}$/.test(fnNumber)) return 'номер ФН — 16 цифр';
  const fdNumber = Number(row.fd);
  if (!Number.isSafeInteger(fdNumber) || fdNumber < 1 || fdNumber > 2_147_483_647)
    return 'номер ФД — целое число';
  const fiscalSign = Number(row.fp);
  if (!/^\d{1,10}$/.test(row.fp ?? '') || fiscalSign > 4_294_967_295)
    return 'фискальный признак — до 10 цифр';
  const at = momentOf(row.at ?? '');
  if (!at) return 'дата — ДД.ММ.ГГГГ ЧЧ:ММ';
  const form = row.form ? (lookup(forms, row.form) ?? Number(row.form)) : 3;
  if (!Object.values(forms).includes(form)) return `неизвестный документ «${row.form}»`;
  const isReceipt = form === 3 || form === 4 || form === 31;
  if (!isReceipt) return { fnNumber, fdNumber, form, sign: null, at, fiscalSign, totalKop: null };
  const sign = row.sign ? (lookup(signs, row.sign) ?? Number(row.sign)) : 1;
  if (sign !== 1 && sign !== 2 && sign !== 3 && sign !== 4)
    return `неизвестный признак расчёта «${row.sign}»`;
  const totalKop = kopOf(row.total ?? '');
  if (totalKop === undefined) return 'сумма — рубли, например 1234,50';
  return { fnNumber, fdNumber, form, sign, at, fiscalSign, totalKop };
}

/**
 * Reads documents that an owner exported from his operator or cash program: a table with a head (`;`, `,` or tab between
 * cells), or texts of receipts' QR codes, one a line. Nothing of it is proven: it is what the owner says.
 * @param usualFn the FN of lines that name none
 */
export function readExternalDocuments(
  text: string,
  usualFn: string | null,
): { documents: ExternalDocument[]; problems: ExternalLineProblem[] } {
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .map((line, index) => ({ line: index + 1, words: line.trim() }))
    .filter(({ words }) => words !== '');
  const documents = new Map<string, ExternalDocument>();
  const problems: ExternalLineProblem[] = [];
  const take = (line: number, row: Row): void => {
    const found = documentOf(row, usualFn);
    if (typeof found === 'string') problems.push({ line, text: found });
    else documents.set(`${found.fnNumber}/${found.fdNumber}`, found);
  };
  let head: (Column | undefined)[] | undefined;
  let separator = ';';
  for (const { line, words } of lines.slice(0, mostExternalDocuments + 1)) {
    const qr = qrRow(words);
    if (qr) {
      take(line, qr);
      continue;
    }
    if (!head) {
      separator = [';', '\t', ','].find((one) => words.includes(one)) ?? ';';
      head = cellsOf(words, separator).map((cell) => columnOf(cell));
      if (!head.includes('fd') || !head.includes('fp') || !head.includes('at')) {
        problems.push({ line, text: 'в первой строке нужны названия столбцов: ФД, ФП, дата, сумма' });
        break;
      }
      continue;
    }
    const row: Row = {};
    cellsOf(words, separator).forEach((cell, index) => {
      const column = head?.[index];
      if (column && cell !== '') row[column] = cell;
    });
    take(line, row);
  }
  if (lines.length > mostExternalDocuments + 1)
    problems.push({
      line: mostExternalDocuments + 2,
      text: `за один раз — до ${mostExternalDocuments} строк`,
    });
  return { documents: [...documents.values()], problems };
}

const columnOf = (cell: string): Column | undefined =>
  (Object.keys(columns) as Column[]).find((column) =>
    columns[column].some((name) => plain(name) === plain(cell)),
  );
