import { type Database, ReceiptHistoryStore, ReceiptStore } from '@kkt/storage';
import { addClients, addRegisters, clientId, content, fnOf, saleOf } from '../farm-rows';
import { type Figure, median, row, type ToldRow } from '../row';
import { withServers } from '../servers';

const groups = 100;

/** So many more registered receipts with their documents, spread over the groups and the last year. */
async function fill(database: Database, from: number, to: number): Promise<void> {
  // The trigger of the foreign keys asks for every row; what is written here is whole by its making.
  await database.transaction(async (sql) => {
    await sql.query(`set local session_replication_role = replica`);
    await sql.query(`set local synchronous_commit = off`);
    await sql.query(
      `insert into receipts (id, group_id, client_id, external_id, api, operation, content, body_hash, total_kop, state,
         accepted_at, deadline_at, attempts, register_id, started_at, finished_at, fn_number, fd_number)
       select md5(n::text)::uuid, 1 + n % $3, ('01900000-0000-7000-8000-' || lpad(to_hex(1 + n % $3), 12, '0'))::uuid,
              'order-' || n, 'v5', 'sell', $4::jsonb, '\\x00', $5, 'done', t.at, t.at + interval '5 minutes', 1, 1 + n % $3,
              t.at, t.at + interval '1 second', '9999' || lpad((1 + n % $3)::text, 12, '0'), 1 + n / $3
       from generate_series($1::integer, $2::integer) n
       cross join lateral (select now() - interval '365 days' * ((n * 7919::bigint) % 1000003) / 1000003 as at) t`,
      [from, to, groups, JSON.stringify(content), content.totalKop],
    );
    await sql.query(
      `insert into documents (fn_number, fd_number, form, register_id, receipt_id, fiscal_sign, document_at, shift_number,
         receipt_number, total_kop, rnm, tlv, recorded_at)
       select '9999' || lpad((1 + n % $3)::text, 12, '0'), 1 + n / $3, 3, 1 + n % $3, md5(n::text)::uuid, n, now(), 1, 1, $4, '1',
              convert_to(repeat('x', 600), 'UTF8'), now() from generate_series($1::integer, $2::integer) n`,
      [from, to, groups, content.totalKop],
    );
  });
  await database.query('vacuum (analyze) receipts, documents');
  await database.query('checkpoint');
}

interface Times {
  acceptMs: number[];
  reportMs: number[];
  listMs: number[];
  searchMs: number[];
}

async function timesOf(database: Database, rows: number, rounds: number, calls: number): Promise<Times> {
  const receipts = new ReceiptStore(database);
  const history = new ReceiptHistoryStore(database);
  const times: Times = { acceptMs: [], reportMs: [], listMs: [], searchMs: [] };
  let turn = 0;
  const some = (): number => 1 + ((++turn * 7919) % (rows - 1));
  const { createHash } = await import('node:crypto');
  const idOf = (n: number): string => createHash('md5').update(String(n)).digest('hex');
  const each = async (job: () => Promise<unknown>): Promise<number> => {
    const since = performance.now();
    for (let call = 0; call < calls; call += 1) await job();
    return (performance.now() - since) / calls;
  };
  const jobs: [keyof Times, () => Promise<unknown>][] = [
    ['acceptMs', () => receipts.accept(Array.from({ length: 8 }, (_, n) => saleOf(1 + n, clientId(1 + n))))],
    ['reportMs', () => receipts.report(idOf(some()))],
    ['listMs', () => history.search({ clientId: clientId(1 + (some() % groups)) }, 50)],
    [
      'searchMs',
      () => {
        const n = some();
        return history.search({ fnNumber: fnOf(1 + (n % groups)), fdNumber: 1 + Math.floor(n / groups) }, 50);
      },
    ],
  ];
  for (const [, job] of jobs) await each(job);
  for (let round = 0; round < rounds; round += 1)
    for (const [name, job] of jobs) times[name].push(await each(job));
  return times;
}

/** What a hundred times more stored receipts cost the statements that every receipt needs. */
export const storage: Figure = {
  name: 'storage',
  quickS: 12,
  about: 'accept, report, search with many receipts stored beside few',
  run: ({ quick, repeats, say }) =>
    withServers(async ({ database }) => {
      const few = quick ? 5_000 : 100_000;
      const many = quick ? 50_000 : 10_000_000;
      await addClients(database, groups);
      await addRegisters(database, groups, groups, () => clientId(1));
      await fill(database, 1, few);
      const before = await timesOf(database, few, repeats, quick ? 20 : 200);
      for (let from = few + 1; from <= many; from += 500_000)
        await fill(database, from, Math.min(many, from + 499_999));
      say(`${many} receipts stored`);
      const after = await timesOf(database, many, repeats, quick ? 20 : 200);
      const counts = `${many.toLocaleString('en')} receipts stored`;
      const line = (what: string, name: keyof Times): ToldRow =>
        row({
          what: `${what}, ${counts}`,
          value: median(after[name]),
          unit: 'ms',
          beside: median(before[name]),
          besideWhat: `${few.toLocaleString('en')} stored`,
          goal: 1.3,
          goalIs: 'most',
          note: quick ? 'a full run stores 10,000,000 beside 100,000' : undefined,
        });
      return [
        line('accept of a batch of 8', 'acceptMs'),
        line('report of one receipt', 'reportMs'),
        line('list of a client’s newest 50', 'listMs'),
        line('search by FN and FD number', 'searchMs'),
      ];
    }),
};
