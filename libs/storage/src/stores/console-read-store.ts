import { oneRow, type Sql } from '../sql';
import type { RegisterState } from './register-store';

/** Finished receipts of one minute. */
export interface MinuteCount {
  /** Start of the minute, Unix seconds. */
  minute: number;
  done: number;
  failed: number;
}

export interface QueueTotals {
  waiting: number;
  /** Age of the oldest waiting receipt, seconds; 0 when none waits. */
  oldestS: number;
  working: number;
  inDoubt: number;
}

/** A group as the dispatcher sees it. */
export interface GroupQueue extends QueueTotals {
  code: string;
  clientName: string;
  paused: boolean;
  /** Why its receipts wait, as the driver wrote it, with how many. */
  reasons: { reason: string | null; receipts: number }[];
  registersReady: number;
  registersTotal: number;
  /** Receipts finished in the last five minutes. */
  finished5m: number;
  /** Receipts a minute that its ready registers can make, by the pace of the last minutes or of the nightly reckoning. */
  capacityPerMin: number | null;
}

/** Registers of one rack that are alike. */
export interface RackStateCount {
  dc: string;
  rack: string;
  state: RegisterState;
  online: boolean;
  problem: boolean;
  registers: number;
}

/** A place in a rack and what stands in it. */
export interface CellRow {
  registerId: number;
  dc: string;
  rack: string;
  assembly: number;
  slot: number;
  serial: string;
  state: RegisterState;
  online: boolean;
  problem: string | null;
  clientName: string | null;
  groupCode: string | null;
  fnNumber: string | null;
  documentsLeft: number | null;
  capacityDocuments: number | null;
  validUntil: string | null;
  unsent: number | null;
  shiftOpen: boolean | null;
}

/** An operator and what goes to it. */
export interface OperatorRow {
  ofdInn: string;
  ofdName: string;
  ofdHost: string;
  ofdPort: number;
  registers: number;
  /** Documents that the FNs still hold for the operator. */
  unsent: number;
  firstUnsentAt: Date | null;
  /** Messages that the relay holds. */
  ready: number;
  answered: number;
  oldestS: number;
  confirmed5m: number;
  /** Registers with documents it has not confirmed. */
  affected: number;
  /** Of documents made within a day; null: none of them is confirmed. */
  lastConfirmedAt: Date | null;
  /** Since when the relay takes it for down; null: it answers, or nothing was sent yet. */
  downSince: Date | null;
  pausedBy: string | null;
  pausedWhy: string | null;
  pausedAt: Date | null;
  /** What the last attempts ended with, and how many messages it holds. */
  causes: { cause: string; text: string | null; messages: number }[];
}

/** A register whose FN nears the 30 days after which it blocks itself. */
export interface UnsentRegister {
  registerId: number;
  serial: string;
  groupCode: string | null;
  clientName: string | null;
  ofdName: string;
  unsent: number;
  firstUnsentAt: Date;
}

export interface DriverRow {
  driverId: string;
  host: string;
  pid: number;
  startedAt: Date;
  seenAt: Date;
  leases: number;
  /** In use; each should be under its lease. */
  registers: number;
  maxFence: string;
}

export interface ErrorClass {
  code: number;
  type: string;
  text: string;
  receipts: number;
}

/**
 * A register is online while its driver says so and holds its lease: the word of a dead driver counts only until the
 * lease ends.
 */
export const onlineNow = `(coalesce(s.online, false) and coalesce(l.expires_at > farm_now(), false))`;

/** What engineers' screens ask about the whole farm. Reads only. */
export class ConsoleReadStore {
  constructor(private readonly sql: Sql) {}

  /** Finished receipts by minute since this moment (Unix seconds, start of a minute). */
  async finishedByMinute(sinceS: number): Promise<MinuteCount[]> {
    return this.sql.query<MinuteCount>(
      `select extract(epoch from date_trunc('minute', finished_at))::bigint::float8 as minute,
              count(*) filter (where state = 'done')::integer as done, count(*) filter (where state = 'failed')::integer as failed
       from receipts where finished_at >= to_timestamp($1) group by 1 order by 1`,
      [sinceS],
      'console_minutes',
    );
  }

  /** The farm's clock, Unix milliseconds. */
  async now(): Promise<number> {
    return oneRow(
      await this.sql.query<{ ms: number }>('select extract(epoch from farm_now())::float8 * 1000 as ms'),
      'farm clock',
    ).ms;
  }

  async queueTotals(): Promise<QueueTotals> {
    const rows = await this.sql.query<{
      waiting: string;
      oldest: number | null;
      working: string;
      in_doubt: string;
    }>(
      `select count(*) filter (where state = 'queued') as waiting,
              extract(epoch from farm_now() - min(accepted_at) filter (where state = 'queued'))::float8 as oldest,
              count(*) filter (where state = 'working') as working, count(*) filter (where state = 'in_doubt') as in_doubt
       from receipts where state in ('queued', 'working', 'in_doubt')`,
      [],
      'console_queue',
    );
    const row = oneRow(rows, 'queue totals');
    return {
      waiting: Number(row.waiting),
      oldestS: Math.max(0, row.oldest ?? 0),
      working: Number(row.working),
      inDoubt: Number(row.in_doubt),
    };
  }

  /** Registers in use and in stock by rack and state, in the order of racks. */
  async rackStates(): Promise<RackStateCount[]> {
    return this.sql.query<RackStateCount>(
      `select coalesce(k.place->>'dc', '') as dc, coalesce(k.place->>'rack', '') as rack, k.state, ${onlineNow} as online,
              s.problem is not null as problem, count(*)::integer as registers
       from registers k left join register_status s on s.register_id = k.id left join leases l on l.register_id = k.id
       where k.state <> 'closed' group by 1, 2, 3, 4, 5 order by 1, 2`,
      [],
      'console_rack_states',
    );
  }

  /** How many FNs in use end by their term within so many days, and how many have less than this share of documents left. */
  async fnEnding(
    days: readonly number[],
    fullShare: number,
  ): Promise<{ byTerm: { days: number; drives: number }[]; nearlyFull: number }> {
    const rows = await this.sql.query<{ days: number; drives: number; full: number }>(
      `with used as (
         select coalesce(s.valid_until, f.valid_until) as until,
                s.documents_left < f.capacity_documents * $2::float8 as is_full
         from registers k join fiscal_drives f on f.fn_number = k.fn_number
         left join register_status s on s.register_id = k.id where k.state not in ('stock', 'closed')
       )
       select d.days, count(*) filter (where u.until < (farm_now() + make_interval(days => d.days))::date)::integer as drives,
              count(*) filter (where u.is_full)::integer as "full"
       from unnest($1::integer[]) as d(days) left join used u on true group by 1 order by 1`,
      [days, fullShare],
      'console_fn_ending',
    );
    return {
      byTerm: rows.map(({ days: within, drives }) => ({ days: within, drives })),
      nearlyFull: rows[0]?.full ?? 0,
    };
  }

  /** Places of a rack that hold a register. */
  async cells(place: { dc: string; rack: string }): Promise<CellRow[]> {
    return this.sql.query<CellRow>(
      `select k.id as "registerId", coalesce(k.place->>'dc', '') as dc, coalesce(k.place->>'rack', '') as rack,
              coalesce((k.place->>'assembly')::integer, 0) as assembly, coalesce((k.place->>'slot')::integer, 0) as slot,
              k.serial, k.state, ${onlineNow} as online, s.problem, c.name as "clientName", g.code as "groupCode",
              k.fn_number as "fnNumber", s.documents_left as "documentsLeft", f.capacity_documents as "capacityDocuments",
              to_char(coalesce(s.valid_until, f.valid_until), 'YYYY-MM-DD') as "validUntil", s.unsent, s.shift_open as "shiftOpen"
       from registers k left join register_groups g on g.id = k.group_id left join clients c on c.id = k.client_id
       left join register_status s on s.register_id = k.id left join leases l on l.register_id = k.id
       left join fiscal_drives f on f.fn_number = k.fn_number
       where k.state <> 'closed' and coalesce(k.place->>'dc', '') = $1 and coalesce(k.place->>'rack', '') = $2
       order by 4, 5, 1`,
      [place.dc, place.rack],
      'console_cells',
    );
  }

  /** Refusals since the beginning of the day in Moscow, the most frequent first. */
  async errorsToday(limit: number): Promise<ErrorClass[]> {
    return this.sql.query<ErrorClass>(
      `select error_code as code, coalesce(error_type, 'none') as type, (array_agg(error_text order by finished_at desc))[1] as text,
              count(*)::integer as receipts
       from receipts
       where state = 'failed' and finished_at >= date_trunc('day', farm_now() at time zone 'Europe/Moscow') at time zone 'Europe/Moscow'
       group by 1, 2 order by 4 desc, 1 limit $1`,
      [limit],
      'console_errors',
    );
  }

  /** Groups with their queues; those with most waiting first. */
  async groupQueues(): Promise<GroupQueue[]> {
    return this.sql.query<GroupQueue>(
      `with busy as (
         select group_id, state, wait_reason, count(*) as n, min(accepted_at) as oldest
         from receipts where state in ('queued', 'working', 'in_doubt') group by 1, 2, 3
       ), finished as (
         select group_id, count(*) as n,
                avg(extract(epoch from finished_at - started_at)) filter (where state = 'done' and started_at is not null) as pace_s
         from receipts where finished_at > farm_now() - interval '5 minutes' group by 1
       ), park as (
         select k.group_id, count(*) as total,
                count(*) filter (where k.state = 'ready' and s.problem is null and ${onlineNow}) as ready
         from registers k left join register_status s on s.register_id = k.id left join leases l on l.register_id = k.id
         where k.group_id is not null and k.state <> 'closed' group by 1
       )
       select g.code, c.name as "clientName", g.paused,
              coalesce(sum(b.n) filter (where b.state = 'queued'), 0)::integer as waiting,
              coalesce(greatest(0, extract(epoch from farm_now() - min(b.oldest) filter (where b.state = 'queued'))), 0)::float8 as "oldestS",
              coalesce(sum(b.n) filter (where b.state = 'working'), 0)::integer as working,
              coalesce(sum(b.n) filter (where b.state = 'in_doubt'), 0)::integer as "inDoubt",
              coalesce(json_agg(json_build_object('reason', b.wait_reason, 'receipts', b.n) order by b.n desc)
                filter (where b.state = 'queued'), '[]') as reasons,
              coalesce(p.ready, 0)::integer as "registersReady", coalesce(p.total, 0)::integer as "registersTotal",
              coalesce(f.n, 0)::integer as "finished5m",
              (coalesce(p.ready, 0) * 60 / nullif(coalesce(f.pace_s, need.pace_ms / 1000), 0))::float8 as "capacityPerMin"
       from register_groups g join clients c on c.id = g.client_id
       left join busy b on b.group_id = g.id left join finished f on f.group_id = g.id left join park p on p.group_id = g.id
       left join lateral (select pace_ms from group_needs n where n.group_id = g.id order by made_on desc limit 1) need on true
       group by g.id, c.name, p.ready, p.total, f.n, f.pace_s, need.pace_ms
       order by waiting desc, "inDoubt" desc, g.code`,
    );
  }

  async drivers(): Promise<DriverRow[]> {
    return this.sql.query<DriverRow>(
      `with newest as (
         select distinct on (driver_id) * from driver_processes order by driver_id, started_at desc
       )
       select p.driver_id as "driverId", p.host, p.pid, p.started_at as "startedAt", p.seen_at as "seenAt",
              count(l.register_id) filter (where l.owner = p.owner and l.expires_at > farm_now())::integer as leases,
              count(k.id) filter (where k.state not in ('stock', 'closed'))::integer as registers,
              coalesce(max(l.fence) filter (where l.owner = p.owner), 0)::text as "maxFence"
       from newest p left join registers k on k.driver_id = p.driver_id left join leases l on l.register_id = k.id
       group by p.driver_id, p.host, p.pid, p.started_at, p.seen_at, p.owner order by 1`,
    );
  }

  async operators(): Promise<OperatorRow[]> {
    return this.sql.query<OperatorRow>(
      `with park as (
         select r.inn, r.host, r.port, max(r.name) as name, count(*) as registers,
                coalesce(sum(s.unsent), 0) as unsent, min(s.first_unsent_at) as first_unsent,
                count(*) filter (where s.unsent > 0) as affected
         from register_operators r join registers k on k.id = r.register_id
         left join register_status s on s.register_id = k.id
         where k.state <> 'closed' group by 1, 2, 3
       ), waiting as (
         select r.inn, r.host, r.port, m.state, m.cause, max(m.cause_text) as cause_text, count(*) as n,
                min(m.created_at) as oldest
         from ofd_messages m join register_operators r on r.register_id = m.register_id
         where m.state <> 'confirmed' group by 1, 2, 3, 4, 5
       ), sent as (
         select r.inn, r.host, r.port, count(*) filter (where d.confirmed_at > farm_now() - interval '5 minutes') as n,
                max(d.confirmed_at) as last
         from documents d join register_operators r on r.register_id = d.register_id
         where d.recorded_at > farm_now() - interval '1 day' and d.confirmed_at is not null
         group by 1, 2, 3
       )
       select p.inn as "ofdInn", p.name as "ofdName", p.host as "ofdHost", p.port as "ofdPort",
              p.registers::integer, p.unsent::integer, p.first_unsent as "firstUnsentAt",
              coalesce(sum(w.n) filter (where w.state = 'ready'), 0)::integer as ready,
              coalesce(sum(w.n) filter (where w.state = 'answered'), 0)::integer as answered,
              coalesce(greatest(0, extract(epoch from farm_now() - min(w.oldest))), 0)::float8 as "oldestS",
              coalesce(max(sent.n), 0)::integer as "confirmed5m", p.affected::integer, max(sent.last) as "lastConfirmedAt",
              max(a.opened_at) as "downSince", max(o.paused_by) as "pausedBy", max(o.paused_why) as "pausedWhy",
              max(o.paused_at) as "pausedAt",
              coalesce(json_agg(json_build_object('cause', w.cause, 'text', w.cause_text, 'messages', w.n) order by w.n desc)
                filter (where w.cause is not null), '[]') as causes
       from park p left join waiting w using (inn, host, port) left join sent using (inn, host, port)
       left join operator_pauses o on o.host = p.host and o.port = p.port
       left join alerts a on a.class = 'operator_down' and a.object_kind = 'operator' and a.closed_at is null
         and a.object_id = p.host || ':' || p.port
       group by p.inn, p.name, p.host, p.port, p.registers, p.unsent, p.first_unsent, p.affected
       order by ready desc, p.name, p.inn`,
    );
  }

  /** Registers with documents that wait for the operator longest. */
  async oldestUnsent(limit: number): Promise<UnsentRegister[]> {
    return this.sql.query<UnsentRegister>(
      `select k.id as "registerId", k.serial, g.code as "groupCode", c.name as "clientName", r.name as "ofdName",
              s.unsent, s.first_unsent_at as "firstUnsentAt"
       from register_status s join registers k on k.id = s.register_id join register_groups g on g.id = k.group_id
       join register_operators r on r.register_id = k.id
       join clients c on c.id = g.client_id
       where s.unsent > 0 and s.first_unsent_at is not null order by s.first_unsent_at limit $1`,
      [limit],
    );
  }
}
