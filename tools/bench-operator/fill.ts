import type { Database } from '@kkt/storage';

const copiesAtOnce = 20;

/**
 * Multiplies the real documents of the tables until there are so many: each copy has an FN, a register, a date, a sum
 * and a fiscal sign of its own, and the bytes of its original.
 */
export async function fillDocuments(
  database: Database,
  target: number,
  tell: (text: string) => void,
): Promise<void> {
  await database.query(`create temp table pattern as
    select * from ofd.documents where form = 3 order by fn_number, fd_number limit 5000`);
  const [row] = await database.query<{ n: number; present: number }>(
    `select (select count(*)::int from pattern) as n, (select count(*)::int from ofd.documents) as present`,
  );
  const patternRows = row?.n ?? 0;
  if (patternRows === 0) throw new Error('there are no receipts to multiply');
  const copies = Math.ceil((target - (row?.present ?? 0)) / patternRows);
  for (let from = 0; from < copies; from += copiesAtOnce) {
    const to = Math.min(copies, from + copiesAtOnce) - 1;
    await database.query(
      `insert into ofd.kkts (rnm, inn, outlet_id, state, state_since, registered_at)
       select distinct lpad(c::text, 10, '0') || lpad(right(p.fn_number, 3), 6, '0'), p.inn, p.outlet_id,
              'active', now(), now()
       from pattern p cross join generate_series($1::int, $2::int) c on conflict do nothing`,
      [from, to],
    );
    await database.query(
      `insert into ofd.drives (fn_number, rnm, first_fd, last_fd, last_received_at, added_at)
       select '8888' || lpad((c * 1000 + right(p.fn_number, 3)::int)::text, 12, '0'),
              lpad(c::text, 10, '0') || lpad(right(p.fn_number, 3), 6, '0'), 1, max(p.fd_number), now(), now()
       from pattern p cross join generate_series($1::int, $2::int) c group by 1, 2 on conflict do nothing`,
      [from, to],
    );
    await database.query(
      `insert into ofd.documents
       select '8888' || lpad((c * 1000 + right(p.fn_number, 3)::int)::text, 12, '0'), p.fd_number,
              lpad(c::text, 10, '0') || lpad(right(p.fn_number, 3), 6, '0'), p.inn, p.outlet_id, p.form,
              p.ffd, p.settlement_sign, (p.fiscal_sign * 31 + c * 7919 + p.fd_number) % 4294967296,
              p.document_at - make_interval(days => c % 365, mins => (c * 7) % 600), p.total_kop + (c * 37) % 90000, p.cash_kop,
              p.ecash_kop, p.shift_number, p.receipt_number, p.cashier, p.container, p.tlv, p.decoded, p.violations,
              p.confirmation, p.received_at - make_interval(days => c % 365)
       from pattern p cross join generate_series($1::int, $2::int) c`,
      [from, to],
    );
    tell(`  ${Math.min(target, (row?.present ?? 0) + (to + 1) * patternRows)} documents`);
  }
  await database.query('analyze ofd.documents');
}
