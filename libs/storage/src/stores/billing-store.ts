import {
  type Account,
  balanced,
  type BillingBooks,
  type Day,
  type KeptRental,
  type LedgerTransaction,
  type Paper,
  type PaperLine,
  type PaperSeries,
  type ParkedPayment,
  type PromoCode,
  runningBalance,
  type StatementLine,
} from '@kkt/billing';
import type { Kop } from '@kkt/contracts';
import { oneRow, type Sql } from '../sql';

const rentalColumns = `id, client_id as "clientId", register_id as "registerId", tariff_id as "tariffId",
  first_day::text as "firstDay", term_days as "termDays", price_kop::float8 as "priceKop", promo_bp as "promoBp",
  renews_itself as "renewsItself", is_trial as "isTrial", earned_to::text as "earnedTo", ended_on::text as "endedOn"`;

const paperColumns = `series, number, client_id as "clientId", day::text, period_from::text as "from",
  period_to::text as "to", lines, total_kop::float8 as "totalKop", vat_kop::float8 as "vatKop"`;

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
    return true;
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

  async rentalsOfClient(clientId: string): Promise<KeptRental[]> {
    return this.sql.query<KeptRental>(
      `select ${rentalColumns} from rentals where client_id = $1 order by first_day desc, register_id`,
      [clientId],
    );
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

  async nextNumber(series: PaperSeries, year: number): Promise<number> {
    const rows = await this.sql.query<{ last: number }>(
      `insert into paper_numbers as n (series, year, last) values ($1, $2, 1)
       on conflict (series, year) do update set last = n.last + 1 returning last`,
      [series, year],
    );
    return oneRow(rows, 'a number of a paper').last;
  }

  async addPaper(paper: Paper): Promise<void> {
    await this.sql.query(
      `insert into papers (series, number, client_id, day, period_from, period_to, lines, total_kop, vat_kop)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
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
      ],
    );
  }

  async papersOfClient(clientId: string): Promise<Paper[]> {
    return this.sql.query<Paper>(
      `select ${paperColumns} from papers where client_id = $1 order by day desc, number desc`,
      [clientId],
    );
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
