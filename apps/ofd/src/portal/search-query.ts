import type { DocumentFilter } from '../storage/document-reader';
import type { Texts } from './texts';

/** The form as the visitor filled it. */
export interface SearchValues {
  fn: string;
  fd: string;
  fp: string;
  date: string;
  sum: string;
}

export type SearchField = keyof SearchValues;

export interface SearchQuery {
  values: SearchValues;
  /** Nothing was filled in: the form is shown, nothing is looked up. */
  isEmpty: boolean;
  problems: Partial<Record<SearchField | 'all', string>>;
  /** What to look up; absent when something is wrong. */
  filter?: DocumentFilter;
}

const FIELDS: readonly SearchField[] = ['fn', 'fd', 'fp', 'date', 'sum'];

/** Roubles as people write them: `450`, `1 450,5`, `450.00`. */
function kopecks(text: string): number | undefined {
  const match = /^(\d{1,10})(?:[.,](\d{1,2}))?$/.exec(text.replace(/[\s\u00a0₽]/g, ''));
  return match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : undefined;
}

const nextDay = (date: string): string => new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);

const isDate = (date: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(date) && new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date) === true;

const whole = (text: string, max: number): number | undefined =>
  /^\d{1,10}$/.test(text) && Number(text) <= max ? Number(text) : undefined;

/**
 * Reads the search form. A closed portal wants what only the holder of the receipt knows: its fiscal sign, or FN, date
 * and total together.
 */
export function readSearch(
  query: Record<string, string | string[] | undefined>,
  texts: Texts,
  isOpen: boolean,
): SearchQuery {
  const values = Object.fromEntries(
    FIELDS.map((field) => {
      const given = query[field];
      return [field, (typeof given === 'string' ? given : '').trim().slice(0, 40)];
    }),
  ) as unknown as SearchValues;
  const problems: SearchQuery['problems'] = {};
  const isEmpty = FIELDS.every((field) => values[field] === '');
  if (isEmpty) return { values, isEmpty, problems };

  const check = <T>(
    field: SearchField,
    read: (text: string) => T | undefined,
    problem: string,
  ): T | undefined => {
    if (values[field] === '') return undefined;
    const value = read(values[field]);
    if (value === undefined) problems[field] = problem;
    return value;
  };
  const fnNumber = check('fn', (text) => (/^\d{16}$/.test(text) ? text : undefined), texts.badFn);
  const fdNumber = check('fd', (text) => whole(text, 0xffffff) || undefined, texts.badFd);
  const fiscalSign = check('fp', (text) => whole(text, 0xffffffff), texts.badFp);
  const date = check('date', (text) => (isDate(text) ? text : undefined), texts.badDate);
  const totalKop = check('sum', kopecks, texts.badSum);
  if (Object.keys(problems).length > 0) return { values, isEmpty, problems };

  const hasDateAndSum = date !== undefined && totalKop !== undefined;
  const isEnough =
    fiscalSign !== undefined ||
    (isOpen ? fnNumber !== undefined || hasDateAndSum : fnNumber !== undefined && hasDateAndSum);
  if (!isEnough) {
    problems.all = isOpen ? texts.needMoreOpen : texts.needMoreClosed;
    return { values, isEmpty, problems };
  }
  const filter: DocumentFilter = {
    fnNumber,
    fdNumber,
    fiscalSign,
    totalKop,
    ...(date === undefined ? {} : { from: date, to: nextDay(date) }),
  };
  return { values, isEmpty, problems, filter };
}
