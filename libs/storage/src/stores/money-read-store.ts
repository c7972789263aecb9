import type { Day, KeptRental, Paper, ParkedPayment } from '@kkt/billing';
import type { Kop } from '@kkt/contracts';
import { oneRow, type Sql } from '../sql';

/** A rental with the register it is of. */
export interface RentalRow extends KeptRental {
  lastDay: Day;
  serial: string;
  groupCode: string | null;
  /** A later rental of the register is paid for already. */
  hasNext: boolean;
}

export interface PaperRow extends Paper {
  paidKop: Kop;
}

/** A payment nobody was known for, and what became of it. */
export interface ParkedRow extends ParkedPayment {
  settledFor: string | null;
}

const rentalColumns = `r.id, r.client_id as "clientId", r.register_id as "registerId", r.tariff_id as "tariffId",
  r.first_day::text as "firstDay", r.term_days as "termDays", r.price_kop::float8 as "priceKop", r.promo_bp as "promoBp",
  r.renews_itself as "renewsItself", r.is_trial as "isTrial", r.earned_to::text as "earnedTo",
  r.ended_on::text as "endedOn", r.last_day::text as "lastDay", k.serial, g.code as "groupCode",
  exists (select 1 from rentals n where n.register_id = r.register_id and n.first_day > r.first_day) as "hasNext"`;
const paperColumns = `series, number, client_id as "clientId", day::text, period_from::text as "from",
  period_to::text as "to", lines, total_kop::float8 as "totalKop", vat_kop::float8 as "vatKop",
  opening_kop::float8 as "openingKop", paid_kop::float8 as "paidKop"`;

/** What people are shown about money. */
export class MoneyReadStore {
  constructor(private readonly sql: Sql) {}

  /** Rentals that run or come, and those that ended within so many days. */
  async rentals(clientId: string, today: Day, endedWithinDays: number): Promise<RentalRow[]> {
    return this.sql.query<RentalRow>(
      `select ${rentalColumns} from rentals r join registers k on k.id = r.register_id
       left join register_groups g on g.id = k.group_id
       where r.client_id = $1 and r.last_day >= $2::date - $3::integer and r.last_day >= r.first_day
       order by r.last_day, k.serial`,
      [clientId, today, endedWithinDays],
    );
  }

  /** Rent that is paid ahead. */
  async deferredKop(clientId: string): Promise<Kop> {
    const rows = await this.sql.query<{ kop: number }>(
      `select coalesce(sum(b.balance_kop), 0)::float8 as kop from rentals r
       join ledger_balances b on b.account = 'deferred:' || r.id where r.client_id = $1`,
      [clientId],
    );
    return oneRow(rows, 'rent paid ahead').kop;
  }

  async setRenewal(clientId: string, rentalId: string, renewsItself: boolean): Promise<boolean> {
    const rows = await this.sql.query(
      `update rentals set renews_itself = $3 where id = $2 and client_id = $1 and ended_on is null and not is_trial
       returning id`,
      [clientId, rentalId, renewsItself],
    );
    return rows.length > 0;
  }

  async papers(clientId: string): Promise<PaperRow[]> {
    return this.sql.query<PaperRow>(
      `select ${paperColumns} from papers where client_id = $1 order by day desc, created_at desc limit 500`,
      [clientId],
    );
  }

  /** Undefined for another client's. */
  async paper(clientId: string, number: string): Promise<PaperRow | undefined> {
    const rows = await this.sql.query<PaperRow>(
      `select ${paperColumns} from papers where client_id = $1 and number = $2`,
      [clientId, number],
    );
    return rows[0];
  }

  /** Clients from whom something was earned in a period and who have no act for it. */
  async clientsWithoutAct(from: Day, to: Day): Promise<string[]> {
    const rows = await this.sql.query<{ id: string }>(
      `select distinct r.client_id as id from rentals r
       where r.price_kop > 0 and r.first_day <= $2 and r.last_day >= $1 and r.earned_to >= $1
         and not exists (select 1 from papers p where p.client_id = r.client_id and p.series = 'act'
                           and p.period_from = $1 and p.period_to = $2)`,
      [from, to],
    );
    return rows.map(({ id }) => id);
  }

  /** Clients whose balance fell below what they want to be told of. */
  async clientsBelow(): Promise<{ clientId: string; balanceKop: Kop; warnBelowKop: Kop }[]> {
    return this.sql.query(
      `select s.client_id as "clientId", coalesce(b.balance_kop, 0)::float8 as "balanceKop",
              s.warn_below_kop::float8 as "warnBelowKop"
       from money_settings s left join ledger_balances b on b.account = 'client:' || s.client_id
       where coalesce(b.balance_kop, 0) < s.warn_below_kop`,
    );
  }

  /** Payments that nobody is known for, those that wait first. */
  async parked(limit: number): Promise<ParkedRow[]> {
    return this.sql.query<ParkedRow>(
      `select q.reference, q.day::text, q.amount_kop::float8 as "amountKop", q.payer_inn as "payerInn",
              q.payer_name as "payerName", q.purpose, q.reason,
              (select c.name from ledger_transactions t join ledger_postings p on p.transaction_id = t.id
                 join clients c on p.account = 'client:' || c.id where t.key = q.settled_by) as "settledFor"
       from parked_payments q order by q.settled_by is not null, q.created_at desc limit $1`,
      [limit],
    );
  }
}
