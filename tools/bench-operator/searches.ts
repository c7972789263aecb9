import type { Database } from '@kkt/storage';
import type { OperatorProcess } from './operator-process';

const timesEach = 100;

interface Known {
  fn: string;
  fd: number;
  fp: string;
  rnm: string;
  inn: string;
  totalKop: string;
  day: string;
  nextDay: string;
}

/** What people and programs ask, as paths of the operator's door. */
const questions: Readonly<Record<string, (known: Known) => string>> = {
  'document by FN and FD': ({ fn, fd }) => `/api/documents/${fn}/${fd}`,
  'list by FN and FD': ({ fn, fd }) => `/api/documents?fn=${fn}&fd=${fd}`,
  'list by FP': ({ fp }) => `/api/documents?fp=${fp}`,
  'list by date and sum': ({ day, nextDay, totalKop }) =>
    `/api/documents?from=${day}T00:00:00&to=${nextDay}T00:00:00&totalKop=${totalKop}`,
  'list of a register': ({ rnm }) => `/api/documents?rnm=${rnm}`,
  'list of an enterprise by date': ({ inn, day, nextDay }) =>
    `/api/documents?inn=${inn}&from=${day}T00:00:00&to=${nextDay}T00:00:00`,
  'portal page by FN, FD and FP': ({ fn, fd, fp }) => `/receipt/${fn}/${fd}/${fp}`,
  'latest documents': () => '/api/documents',
};

export interface SearchFigures {
  documents: number;
  p50Ms: number;
  p95Ms: number;
  maxMs: number;
  /** p95 of each kind of search, milliseconds. */
  kinds: Record<string, number>;
}

/** Asks each question a hundred times about documents picked at random, one after another. */
export async function measureSearches(
  operator: OperatorProcess,
  database: Database,
  tell: (text: string) => void,
): Promise<SearchFigures> {
  const [row] = await database.query<{ n: number }>('select count(*)::int as n from ofd.documents');
  const known = await database.query<Known>(
    `select fn_number as fn, fd_number as fd, fiscal_sign::text as fp, rnm, inn, total_kop::text as "totalKop",
            to_char(document_at, 'YYYY-MM-DD') as day, to_char(document_at + interval '1 day', 'YYYY-MM-DD') as "nextDay"
     from ofd.documents tablesample system (1) where total_kop is not null order by random() limit ${timesEach}`,
  );
  const kinds: Record<string, number> = {};
  const all: number[] = [];
  for (const [name, path] of Object.entries(questions)) {
    const times: number[] = [];
    for (const one of known) {
      const sinceMs = performance.now();
      const answer = await fetch(`${operator.baseUrl}${path(one)}`);
      await answer.arrayBuffer();
      if (!answer.ok && answer.status !== 429) throw new Error(`${path(one)}: ${answer.status}`);
      if (answer.ok) times.push(performance.now() - sinceMs);
    }
    kinds[name] = at(times, 0.95);
    all.push(...times);
    tell(`  ${name}: p50 ${at(times, 0.5)} ms, p95 ${kinds[name]} ms`);
  }
  return { documents: row?.n ?? 0, p50Ms: at(all, 0.5), p95Ms: at(all, 0.95), maxMs: at(all, 1), kinds };
}

function at(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  const index = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
  return Math.round((sorted[index] ?? 0) * 10) / 10;
}
