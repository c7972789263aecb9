import {
  type Account,
  type AccountMove,
  balanced,
  type BillingBooks,
  type Day,
  type KeptRental,
  type LedgerTransaction,
  type Paper,
  type PaperLine,
  type NumberSeries,
  type ParkedPayment,
  type PromoCode,
  runningBalance,
  type StatementLine,
} from '@kkt/billing';
import type { Kop } from '@kkt/contracts';
import { oneRow, type Sql } from '../sql';

/** Of a `KeptRental`. */
export const rentalColumns = `id, client_id as "clientId", register_id as "registerId", tariff_id as "tariffId",
  first_day::text as "firstDay", term_days as "termDays", price_kop::float8 as "priceKop", promo_bp as "promoBp",
  renews_itself as "renewsItself", is_trial as "isTrial", earned_to::text as "earnedTo", ended_on::text as "endedOn"`;

const paperColumns = `series, number, client_id as "clientId", day::text, period_from::text as "from",
  period_to::text as "to", lines, total_kop::float8 as "totalKop", vat_kop::float8 as "vatKop",
  opening_kop::float8 as "openingKop"`;

/** Clients' money. Use it on a transaction: what belongs together is committed together. */
export class BillingStore implements BillingBooks {
  constructor(private readonly sql: Sql) {}

  async book(transaction: LedgerTransaction): Promise<boolean> {
    const { key, kind, day, text, postings } = balanced(transaction);
    const booked = await this.sql.query<{ id: string }>(
      `insert into ledger_transactions (key, kind, day, text) values ($1, $2, $3, $4)
       on conflict on constraint ledger_transactions_key do nothing returning id`,
      [key, kind, day, text],
      'ledger_book',
    );
    const id = booked[0]?.id;
    if (id === undefined) return false;
    const accounts = postings.map(({ account }) => account);
    const amounts = postings.map(({ amountKop }) => amountKop);
    await this.sql.query(
      `insert into ledger_postings (transaction_id, account, amount_kop)
       select $1, * from unnest($2::text[], $3::bigint[])`,
      [id, accounts, amounts],
      'ledger_post',
    );
    await this.addToBalances(accounts, amounts);
    return true;
  }

  async bookMany(transactions: readonly LedgerTransaction[]): Promise<LedgerTransaction[]> {
    if (transactions.length === 0) return [];
    const checked = transactions.map(balanced);
    const booked = await this.sql.query<{ id: string; key: string }>(
      `insert into ledger_transactions (key, kind, day, text)
       select * from unnest($1::text[], $2::text[], $3::date[], $4::text[])
       on conflict on constraint ledger_transactions_key do nothing returning id, key`,
      [
        checked.map(({ key }) => key),
        checked.map(({ kind }) => kind),
        checked.map(({ day }) => day),
        checked.map(({ text }) => text),
      ],
      'ledger_book_many',
    );
    const ids = new Map(booked.map(({ id, key }) => [key, id]));
    const fresh = checked.filter(({ key }) => ids.has(key));
    const postings = fresh.flatMap(({ key, postings: own }) =>
      own.map((one) => ({ id: ids.get(key), ...one })),
    );
    const sums = new Map<string, number>();
    for (const { account, amountKop } of postings) sums.set(account, (sums.get(account) ?? 0) + amountKop);
    await this.sql.query(
      `insert into ledger_postings (transaction_id, account, amount_kop)
       select * from unnest($1::bigint[], $2::text[], $3::bigint[])`,
      [
        postings.map(({ id }) => id),
        postings.map(({ account }) => account),
        postings.map(({ amountKop }) => amountKop),
      ],
      'ledger_post_many',
    );
    await this.addToBalances([...sums.keys()], [...sums.values()]);
    return fresh;
  }

  async isBooked(key: string): Promise<boolean> {
    const rows = await this.sql.query('select 1 from ledger_transactions where key = $1', [key]);
    return rows.length > 0;
  }

  private async addToBalances(accounts: string[], amounts: number[]): Promise<void> {
    await this.sql.query(
      'insert into ledger_balances (account) select unnest($1::text[]) on conflict do nothing',
      [accounts],
      'ledger_balance_open',
    );
    // In order of the accounts, so that two transactions never wait for each other.
    await this.sql.query(
      `with locked as (
         select account from ledger_balances where account = any ($1::text[]) order by account for update)
       update ledger_balances b set balance_kop = b.balance_kop + p.amount
       from locked join unnest($1::text[], $2::bigint[]) as p (account, amount) using (account)
       where b.account = locked.account`,
      [accounts, amounts],
      'ledger_balance',
    );
  }

  async lockedBalanceKop(account: Account): Promise<Kop> {
    await this.sql.query('insert into ledger_balances (account) values ($1) on conflict do nothing', [
      account,
    ]);
    const rows = await this.sql.query<{ kop: number }>(
      'select balance_kop::float8 as kop from ledger_balances where account = $1 for update',
      [account],
    );
    return oneRow(rows, 'a locked balance').kop;
  }

  async balanceKop(account: Account): Promise<Kop> {
    const rows = await this.sql.query<{ kop: number }>(
      'select balance_kop::float8 as kop from ledger_balances where account = $1',
      [account],
    );
    return rows[0]?.kop ?? 0;
  }

  async statement(
    clientId: string,
    from: Day,
    to: Day,
  ): Promise<{ openingKop: Kop; lines: StatementLine[] }> {
    const account: Account = `client:${clientId}`;
    const opening = await this.sql.query<{ kop: number }>(
      `select coalesce(sum(p.amount_kop), 0)::float8 as kop from ledger_postings p
       join ledger_transactions t on t.id = p.transaction_id where p.account = $1 and t.day < $2`,
      [account, from],
    );
    const movements = await this.sql.query<Omit<StatementLine, 'balanceKop'>>(
      `select t.day::text, t.kind, t.text, p.amount_kop::float8 as "amountKop"
       from ledger_postings p join ledger_transactions t on t.id = p.transaction_id
       where p.account = $1 and t.day between $2 and $3 order by t.day, t.id`,
      [account, from, to],
    );
    const openingKop = oneRow(opening, 'an opening balance').kop;
    return { openingKop, lines: runningBalance(openingKop, movements) };
  }

  async addRental(rental: KeptRental): Promise<void> {
    await this.sql.query(
      `insert into rentals (id, client_id, register_id, tariff_id, first_day, term_days, price_kop, promo_bp,
                            renews_itself, is_trial, last_day)
       values ($1, $2, $3, $4, $5, $6::integer, $7, $8, $9, $10, $5::date + $6::integer - 1)`,
      [
        rental.id,
        rental.clientId,
        rental.registerId,
        rental.tariffId,
        rental.firstDay,
        rental.termDays,
        rental.priceKop,
        rental.promoBp,
        rental.renewsItself,
        rental.isTrial,
      ],
    );
  }

  async rental(id: string): Promise<KeptRental | undefined> {
    const rows = await this.sql.query<KeptRental>(
      `select ${rentalColumns} from rentals where id = $1 for update`,
      [id],
    );
    return rows[0];
  }

  async rentalsToEarn(today: Day, limit: number): Promise<KeptRental[]> {
    return this.sql.query<KeptRental>(
      `select ${rentalColumns} from rentals
       where (earned_to is null or earned_to < last_day) and first_day <= last_day
         and coalesce(earned_to + 1, first_day) < $1
       order by first_day limit $2 for update skip locked`,
      [today, limit],
    );
  }

  async markEarned(rentalId: string, day: Day): Promise<void> {
    await this.sql.query('update rentals set earned_to = $2 where id = $1', [rentalId, day]);
  }

  async markEnded(rentalId: string, day: Day): Promise<void> {
    await this.sql.query(
      'update rentals set ended_on = $2, last_day = $2, renews_itself = false where id = $1',
      [rentalId, day],
    );
  }

  async rentalsEndingBy(day: Day): Promise<KeptRental[]> {
    return this.sql.query<KeptRental>(
      `select ${rentalColumns} from rentals r
       where ended_on is null and last_day <= $1 and last_day >= $1::date - 60
         and not exists (select 1 from rentals n where n.register_id = r.register_id and n.first_day > r.first_day)
       order by last_day, id`,
      [day],
    );
  }

  async promo(code: string): Promise<PromoCode | undefined> {
    const rows = await this.sql.query<PromoCode>(
      `select code, discount_bp as "discountBp", valid_from::text as "from", valid_to::text as "to",
              least_term_days as "leastTermDays", uses_left as "usesLeft"
       from promo_codes where code = $1 for update`,
      [code],
    );
    return rows[0];
  }

  async usePromo(code: string): Promise<void> {
    await this.sql.query('update promo_codes set uses_left = uses_left - 1 where code = $1', [code]);
  }

  async nextNumber(series: NumberSeries, year: number): Promise<number> {
    const rows = await this.sql.query<{ last: number }>(
      `insert into paper_numbers as n (series, year, last) values ($1, $2, 1)
       on conflict (series, year) do update set last = n.last + 1 returning last`,
      [series, year],
    );
    return oneRow(rows, 'a number of a paper').last;
  }

  async addPaper(paper: Paper): Promise<void> {
    await this.sql.query(
      `insert into papers (series, number, client_id, day, period_from, period_to, lines, total_kop, vat_kop,
         opening_kop)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        paper.series,
        paper.number,
        paper.clientId,
        paper.day,
        paper.from,
        paper.to,
        JSON.stringify(paper.lines),
        paper.totalKop,
        paper.vatKop,
        paper.openingKop,
      ],
    );
  }

  async actOf(clientId: string, from: Day, to: Day): Promise<Paper | undefined> {
    const rows = await this.sql.query<Paper>(
      `select ${paperColumns} from papers
       where client_id = $1 and series = 'act' and period_from = $2 and period_to = $3`,
      [clientId, from, to],
    );
    return rows[0];
  }

  async addPaid(number: string, amountKop: Kop): Promise<void> {
    await this.sql.query('update papers set paid_kop = paid_kop + $2 where number = $1', [number, amountKop]);
  }

  async clientOfInvoice(number: string): Promise<string | undefined> {
    const rows = await this.sql.query<{ id: string }>(
      `select client_id as id from papers where number = $1 and series = 'invoice'`,
      [number],
    );
    return rows[0]?.id;
  }

  async clientsOfInn(inn: string): Promise<string[]> {
    const rows = await this.sql.query<{ id: string }>(
      'select id from clients where inn = $1 order by created_at limit 2',
      [inn],
    );
    return rows.map(({ id }) => id);
  }

  async park(payment: ParkedPayment): Promise<void> {
    await this.sql.query(
      `insert into parked_payments (reference, day, amount_kop, payer_inn, payer_name, purpose, reason)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict (reference) do nothing`,
      [
        payment.reference,
        payment.day,
        payment.amountKop,
        payment.payerInn,
        payment.payerName,
        payment.purpose,
        payment.reason,
      ],
    );
  }

  async parked(reference: string): Promise<(ParkedPayment & { isSettled: boolean }) | undefined> {
    const rows = await this.sql.query<ParkedPayment & { isSettled: boolean }>(
      `select reference, day::text, amount_kop::float8 as "amountKop", payer_inn as "payerInn",
              payer_name as "payerName", purpose, reason, settled_by is not null as "isSettled"
       from parked_payments where reference = $1 for update`,
      [reference],
    );
    return rows[0];
  }

  async settle(reference: string, key: string): Promise<void> {
    await this.sql.query('update parked_payments set settled_by = $2 where reference = $1', [reference, key]);
  }

  async accounts(clientId: string, from: Day, to: Day): Promise<{ openingKop: Kop; moves: AccountMove[] }> {
    const rows = await this.sql.query<AccountMove & { isBefore: boolean }>(
      `with own as (
         select 'client:' || $1::text as account union all
         select 'deferred:' || id from rentals where client_id = $1::uuid),
       moves as (
         select t.id, t.day, t.kind, t.text,
                -coalesce(sum(p.amount_kop) filter (where p.account in ('bank', 'card')), 0) as paid,
                coalesce(sum(p.amount_kop) filter (where p.account in ('revenue', 'vat')), 0) as earned
         from ledger_transactions t join ledger_postings p on p.transaction_id = t.id
         where t.day <= $3 and t.id in (
           select o.transaction_id from ledger_postings o where o.account in (select account from own))
         group by t.id)
       select case when day < $2 then null
                   when paid <> 0 or kind = 'drive_sold' then day::text
                   else (least($3::date, date_trunc('month', day)::date + interval '1 month - 1 day')::date)::text
              end as day,
              case when day < $2 then '' when paid <> 0 or kind = 'drive_sold' then text
                   else 'Аренда касс за ' || to_char(day, 'MM.YYYY') end as text,
              sum(paid)::float8 as "paidKop", sum(earned)::float8 as "earnedKop", day < $2 as "isBefore"
       from moves where paid <> 0 or earned <> 0
       group by 1, 2, 5, case when paid <> 0 or kind = 'drive_sold' then id end
       order by 1 nulls first, 2`,
      [clientId, from, to],
    );
    const openingKop = rows
      .filter(({ isBefore }) => isBefore)
      .reduce((sum, { paidKop, earnedKop }) => sum + paidKop - earnedKop, 0);
    const moves = rows
      .filter(({ isBefore }) => !isBefore)
      .map(({ day, text, paidKop, earnedKop }) => ({ day, text, paidKop, earnedKop }));
    return { openingKop, moves };
  }

  async actLines(clientId: string, from: Day, to: Day): Promise<PaperLine[]> {
    return this.sql.query<PaperLine>(
      `select case grouped.kind when 'rent_day' then 'Аренда кассы, кассо-дней'
                                when 'rent_returned' then 'Перерасчёт аренды'
                                else 'Фискальные накопители' end as text,
              count, round(sum / count)::float8 as "priceKop", sum::float8 as "sumKop"
       from (
         select t.kind, count(distinct t.id)::integer as count, sum(p.amount_kop) as sum
         from ledger_transactions t join ledger_postings p on p.transaction_id = t.id
         where t.kind in ('rent_day', 'rent_returned', 'drive_sold') and t.day between $2 and $3
           and p.account in ('revenue', 'vat')
           and exists (
             select 1 from ledger_postings own
             where own.transaction_id = t.id
               and (own.account = 'client:' || $1::text
                    or own.account in (select 'deferred:' || r.id from rentals r where r.client_id = $1::uuid)))
         group by t.kind) grouped
       order by grouped.kind`,
      [clientId, from, to],
    );
  }

  /** Zero, unless the books are broken. */
  async sumOfEverythingKop(): Promise<Kop> {
    const rows = await this.sql.query<{ kop: number }>(
      'select coalesce(sum(balance_kop), 0)::float8 as kop from ledger_balances',
    );
    return oneRow(rows, 'the sum of the ledger').kop;
  }
}
