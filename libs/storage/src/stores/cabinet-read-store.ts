import { oneRow, type Sql } from '../sql';
import { onlineNow } from './console-read-store';
import type { RegisterState } from './register-store';

/** What a person of a client may see: all of it (`groupIds` null), or these groups of registers. */
export interface ClientSight {
  clientId: string;
  groupIds: readonly number[] | null;
}

/** Takings of a span of time. Returns are subtracted from the revenue. */
export interface Figures {
  receipts: number;
  failed: number;
  revenueKop: number;
  incomeReceipts: number;
  incomeKop: number;
  returnsKop: number;
}

/** A register of a client. */
export interface ClientRegisterRow {
  id: number;
  serial: string;
  model: string;
  groupId: number;
  groupCode: string;
  rnm: string | null;
  ffd: number | null;
  address: string;
  site: string;
  ofdInn: string;
  ofdName: string;
  state: RegisterState;
  stateReason: string | null;
  stateSince: Date;
  online: boolean;
  onlineSince: Date | null;
  problem: string | null;
  fnNumber: string | null;
  fnModel: string | null;
  capacityDocuments: number | null;
  registrationsLeft: number | null;
  documentsLeft: number | null;
  validUntil: string | null;
  fnPhase: number | null;
  fnWarnings: number | null;
  lastFd: number | null;
  shiftOpen: boolean | null;
  shiftNumber: number | null;
  shiftExpiresAt: Date | null;
  unsent: number | null;
  firstUnsentAt: Date | null;
  /** Why the operator has not confirmed the first of them, a word of the relay. */
  operatorCause: string | null;
  clockOffsetMs: number | null;
  /** Last paid day; null when it is not rented by the day. */
  paidTo: string | null;
  isTrial: boolean;
  /** Tariff of the rental that ends last; null when it is not rented by the day. */
  rentTariffId: string | null;
  /** Until when the present operator is paid, as the client said; null when he did not. */
  termUntil: string | null;
  termContract: string | null;
  termSaidBy: string | null;
  termSaidAt: Date | null;
  /** When the operator last confirmed a document of the present FN. */
  lastConfirmedAt: Date | null;
  fnEndsOn: string | null;
  fnEndCause: 'capacity' | 'validity' | null;
  lastReceiptAt: Date | null;
}

/** A group of a client with its load. */
export interface ClientGroupRow {
  code: string;
  protocol: 4 | 5;
  ffd: number;
  inn: string;
  paymentAddress: string;
  address: string;
  taxSystems: number;
  ofdName: string;
  paused: boolean;
  registers: number;
  working: number;
  waiting: number;
  oldestS: number;
  inDoubt: number;
  finished5m: number;
  advice: { minimum: number; optimal: number } | null;
}

export interface DriveSignTotals {
  /** Tag 1054. */
  sign: number;
  documents: number;
  totalKop: number;
}

/** Groups in sight ($1 the client, $2 the groups), joined laterally with their receipts by the index of each group. */
const clientReceipts = (columns: string, condition: string): string =>
  `select ${columns} from register_groups g cross join lateral (
     select * from receipts r where r.group_id = g.id and ${condition}
   ) r where g.client_id = $1 and ($2::integer[] is null or g.id = any ($2))`;

const isIncome = `r.state = 'done' and r.operation in ('sell', 'sell_correction')`;
const isReturn = `r.state = 'done' and r.operation in ('sell_refund', 'sell_refund_correction')`;

/** What a client's screens ask. Every statement begins with the client: nothing here can see another's rows. */
export class CabinetReadStore {
  constructor(private readonly sql: Sql) {}

  /** Takings of the day that began so many days ago, in Moscow. */
  async day(sight: ClientSight, daysAgo: number): Promise<Figures> {
    const rows = await this.sql.query<Record<keyof Figures, string | null>>(
      clientReceipts(
        `count(*) filter (where r.state = 'done') as receipts, count(*) filter (where r.state = 'failed') as failed,
         count(*) filter (where ${isIncome}) as "incomeReceipts", sum(r.total_kop) filter (where ${isIncome}) as "incomeKop",
         sum(r.total_kop) filter (where ${isReturn}) as "returnsKop", 0 as "revenueKop"`,
        `r.accepted_at >= (date_trunc('day', farm_now() at time zone 'Europe/Moscow') - make_interval(days => $3)) at time zone 'Europe/Moscow'
         and r.accepted_at < (date_trunc('day', farm_now() at time zone 'Europe/Moscow') - make_interval(days => $3 - 1)) at time zone 'Europe/Moscow'`,
      ),
      [sight.clientId, sight.groupIds, daysAgo],
    );
    const row = oneRow(rows, 'figures of a day');
    const incomeKop = Number(row.incomeKop ?? 0);
    const returnsKop = Number(row.returnsKop ?? 0);
    return {
      receipts: Number(row.receipts),
      failed: Number(row.failed),
      incomeReceipts: Number(row.incomeReceipts),
      incomeKop,
      returnsKop,
      revenueKop: incomeKop - returnsKop,
    };
  }

  /** Registered receipts and revenue by hours of the present day in Moscow; hours without receipts are left out. */
  async hoursOfToday(sight: ClientSight): Promise<{ hour: number; receipts: number; revenueKop: number }[]> {
    const rows = await this.sql.query<{ hour: number; receipts: number; kop: string | null }>(
      `${clientReceipts(
        `extract(hour from r.accepted_at at time zone 'Europe/Moscow')::integer as hour, count(*)::integer as receipts,
         sum(case when ${isIncome} then r.total_kop when ${isReturn} then -r.total_kop end) as kop`,
        `r.state = 'done'
         and r.accepted_at >= date_trunc('day', farm_now() at time zone 'Europe/Moscow') at time zone 'Europe/Moscow'`,
      )} group by 1 order by 1`,
      [sight.clientId, sight.groupIds],
    );
    return rows.map(({ kop, ...row }) => ({ ...row, revenueKop: Number(kop ?? 0) }));
  }

  /** The client's registers, or one of them. */
  async registers(sight: ClientSight, registerId?: number): Promise<ClientRegisterRow[]> {
    return this.sql.query<ClientRegisterRow>(
      `select k.id, k.serial, k.model, g.id as "groupId", g.code as "groupCode", k.rnm, k.ffd, g.address, g.payment_address as site,
              coalesce(o.inn, g.ofd_inn) as "ofdInn", coalesce(o.name, g.ofd_name) as "ofdName", k.state, k.state_reason as "stateReason", k.state_since as "stateSince",
              ${onlineNow} as online, s.online_since as "onlineSince", s.problem, k.fn_number as "fnNumber",
              f.model as "fnModel", f.capacity_documents as "capacityDocuments", f.registrations_left as "registrationsLeft",
              s.documents_left as "documentsLeft", to_char(coalesce(s.valid_until, f.valid_until), 'YYYY-MM-DD') as "validUntil",
              s.fn_phase as "fnPhase", s.fn_warnings as "fnWarnings", s.last_fd as "lastFd", s.shift_open as "shiftOpen",
              s.shift_number as "shiftNumber", s.shift_expires_at as "shiftExpiresAt", s.unsent,
              s.first_unsent_at as "firstUnsentAt", s.clock_offset_ms as "clockOffsetMs",
              (select m.cause from ofd_messages m where m.fn_number = k.fn_number and m.state <> 'confirmed')
                as "operatorCause",
              rent.last_day::text as "paidTo", coalesce(rent.is_trial, false) as "isTrial",
              rent.tariff_id as "rentTariffId", term.paid_until::text as "termUntil", term.contract as "termContract",
              term.said_by as "termSaidBy", term.said_at as "termSaidAt",
              (select d.confirmed_at from documents d where d.fn_number = k.fn_number and d.confirmed_at is not null
               order by d.fd_number desc limit 1) as "lastConfirmedAt",
              forecast.end_on::text as "fnEndsOn", forecast.cause as "fnEndCause",
              (select d.recorded_at from documents d where d.fn_number = k.fn_number and d.receipt_id is not null
               order by d.fd_number desc limit 1) as "lastReceiptAt"
       from register_groups g join registers k on k.group_id = g.id left join operators o on o.id = k.operator_id
       left join register_status s on s.register_id = k.id left join leases l on l.register_id = k.id
       left join fiscal_drives f on f.fn_number = k.fn_number
       left join operator_terms term on term.register_id = k.id and term.client_id = g.client_id
         and term.operator_inn = coalesce(o.inn, g.ofd_inn)
       left join lateral (select r.last_day, r.is_trial, r.tariff_id from rentals r where r.register_id = k.id and r.client_id = g.client_id
                          order by r.last_day desc limit 1) rent on true
       left join lateral (select c.end_on, c.cause from fn_forecasts c where c.fn_number = k.fn_number and c.cause <> 'none'
                          order by c.made_on desc limit 1) forecast on true
       where g.client_id = $1 and ($2::integer[] is null or g.id = any ($2)) and k.state <> 'closed' and ($3::integer is null or k.id = $3) order by g.code, k.serial`,
      [sight.clientId, sight.groupIds, registerId],
    );
  }

  async groups(sight: ClientSight): Promise<ClientGroupRow[]> {
    return this.sql.query<ClientGroupRow>(
      `select g.code, g.protocol, g.ffd, g.inn, g.payment_address as "paymentAddress", g.address,
              g.tax_systems as "taxSystems", g.ofd_name as "ofdName", g.paused, park.registers, park.working, busy.waiting,
              busy."oldestS", busy."inDoubt", finished.n as "finished5m",
              (select json_build_object('minimum', n.minimum, 'optimal', n.optimal) from group_needs n
                where n.group_id = g.id order by n.made_on desc limit 1) as advice
       from register_groups g
       cross join lateral (
         select count(*)::integer as registers,
                count(*) filter (where k.state = 'ready' and s.problem is null and ${onlineNow})::integer as working
         from registers k left join register_status s on s.register_id = k.id left join leases l on l.register_id = k.id
         where k.group_id = g.id and k.state <> 'closed'
       ) park
       cross join lateral (
         select count(*) filter (where r.state = 'queued')::integer as waiting,
                count(*) filter (where r.state = 'in_doubt')::integer as "inDoubt",
                coalesce(greatest(0, extract(epoch from farm_now() - min(r.accepted_at) filter (where r.state = 'queued'))), 0)::float8 as "oldestS"
         from receipts r where r.group_id = g.id and r.state in ('queued', 'in_doubt')
       ) busy
       cross join lateral (
         select count(*)::integer as n from receipts r
         where r.group_id = g.id and r.accepted_at > farm_now() - interval '10 minutes' and r.finished_at > farm_now() - interval '5 minutes'
       ) finished
       where g.client_id = $1 and ($2::integer[] is null or g.id = any ($2)) order by g.code`,
      [sight.clientId, sight.groupIds],
    );
  }

  /** Documents of a register's present FN by settlement sign. */
  async totalsOfDrive(sight: ClientSight, fnNumber: string): Promise<DriveSignTotals[]> {
    const rows = await this.sql.query<{ operation: string; documents: number; kop: string }>(
      `select r.operation, count(*)::integer as documents, sum(r.total_kop) as kop
       from documents d join receipts r on r.id = d.receipt_id join register_groups g on g.id = r.group_id
       where g.client_id = $1 and ($2::integer[] is null or g.id = any ($2)) and d.fn_number = $3 group by 1`,
      [sight.clientId, sight.groupIds, fnNumber],
    );
    const signOf = (operation: string): number =>
      operation.startsWith('sell_refund')
        ? 2
        : operation.startsWith('sell')
          ? 1
          : operation.startsWith('buy_refund')
            ? 4
            : 3;
    const totals = new Map<number, DriveSignTotals>();
    for (const row of rows) {
      const sign = signOf(row.operation);
      const known = totals.get(sign) ?? { sign, documents: 0, totalKop: 0 };
      totals.set(sign, {
        sign,
        documents: known.documents + row.documents,
        totalKop: known.totalKop + Number(row.kop),
      });
    }
    return [...totals.values()].sort((a, b) => a.sign - b.sign);
  }

  /** Whether a receipt is of a group in sight. */
  async seesReceipt(sight: ClientSight, receiptId: string): Promise<boolean> {
    const rows = await this.sql.query(
      `select 1 from receipts r join register_groups g on g.id = r.group_id
       where g.client_id = $1 and ($2::integer[] is null or g.id = any ($2)) and r.id = $3`,
      [sight.clientId, sight.groupIds, receiptId],
    );
    return rows.length === 1;
  }

  /** The client's API logins and when each was last given a token. */
  async logins(
    clientId: string,
  ): Promise<{ login: string; blocked: boolean; tokensLive: number; lastTokenAt: Date | null }[]> {
    return this.sql.query(
      `select l.login, l.blocked, count(t.*) filter (where t.expires_at > farm_now())::integer as "tokensLive",
              max(t.issued_at) as "lastTokenAt"
       from api_logins l left join api_tokens t on t.login_id = l.id where l.client_id = $1
       group by l.id order by l.login`,
      [clientId],
    );
  }

  /** Refusals of the last seven days by code, the most frequent first. */
  async topErrors(
    sight: ClientSight,
    limit: number,
  ): Promise<{ code: number; type: string; text: string; receipts: number }[]> {
    return this.sql.query(
      `${clientReceipts(
        `r.error_code as code, coalesce(r.error_type, 'none') as type,
         (array_agg(r.error_text order by r.finished_at desc))[1] as text, count(*)::integer as receipts`,
        `r.state = 'failed' and r.accepted_at > farm_now() - interval '7 days'`,
      )} group by 1, 2 order by 4 desc, 1 limit $3`,
      [sight.clientId, sight.groupIds, limit],
    );
  }

  /** How the client's callback addresses did in the last seven days. */
  async callbackHosts(
    sight: ClientSight,
  ): Promise<
    { host: string; delivered: number; pending: number; gaveUp: number; lastError: string | null }[]
  > {
    return this.sql.query(
      `select lower(split_part(c.url, '/', 3)) as host, count(*) filter (where c.state = 'delivered')::integer as delivered,
              count(*) filter (where c.state = 'pending')::integer as pending,
              count(*) filter (where c.state = 'gave_up')::integer as "gaveUp",
              (array_agg(c.last_error order by c.created_at desc) filter (where c.last_error is not null))[1] as "lastError"
       from register_groups g cross join lateral (
         select id from receipts r where r.group_id = g.id and r.accepted_at > farm_now() - interval '7 days'
       ) r join callbacks c on c.receipt_id = r.id
       where g.client_id = $1 and ($2::integer[] is null or g.id = any ($2)) group by 1 order by 2 desc, 1`,
      [sight.clientId, sight.groupIds],
    );
  }
}
