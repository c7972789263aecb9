import type { Sql } from '../sql';

/** One exchange of a register's wire. */
export interface WireTraceLine {
  atMs: number;
  name: string;
  fiscal: boolean;
  out: string;
  in: string | null;
  words: string;
  refused: boolean;
  tookMs: number | null;
  error: string | null;
}

/** Lines of a register that are kept. */
const keptLines = 2_000;

/** The traffic of registers that somebody looks at. */
export class WireTraceStore {
  constructor(private readonly sql: Sql) {}

  /** Asks the driver to tell the register's traffic for so long from now; what was told before is forgotten. */
  async begin(registerId: number, minutes: number, askedBy: string): Promise<void> {
    await this.sql.query('delete from wire_trace_lines where register_id = $1', [registerId]);
    await this.sql.query(
      `insert into wire_traces (register_id, until, asked_by) values ($1, farm_now() + make_interval(mins => $2), $3)
       on conflict (register_id) do update set until = excluded.until, asked_by = excluded.asked_by`,
      [registerId, minutes, askedBy],
    );
  }

  /** False when none is on. */
  async end(registerId: number): Promise<boolean> {
    const rows = await this.sql.query(
      'update wire_traces set until = farm_now() where register_id = $1 and until > farm_now() returning 1',
      [registerId],
    );
    return rows.length === 1;
  }

  /** How long each of these registers is still to be told of, milliseconds. */
  async active(registerIds: readonly number[]): Promise<{ registerId: number; leftMs: number }[]> {
    return this.sql.query<{ registerId: number; leftMs: number }>(
      `select register_id as "registerId", extract(epoch from until - farm_now())::float8 * 1000 as "leftMs"
       from wire_traces where until > farm_now() and register_id = any($1::integer[])`,
      [registerIds],
      'wire_traces_active',
    );
  }

  async put(registerId: number, lines: readonly WireTraceLine[]): Promise<void> {
    await this.sql.query(
      `insert into wire_trace_lines (register_id, at, name, fiscal, sent, received, words, refused, took_ms, error)
       select $1, to_timestamp("atMs" / 1000), name, fiscal, "out", "in", words, refused, "tookMs", error
       from json_to_recordset($2::json) as x("atMs" float8, name text, fiscal boolean, "out" text, "in" text, words text,
         refused boolean, "tookMs" float8, error text)`,
      [registerId, JSON.stringify(lines)],
      'wire_traces_put',
    );
    await this.sql.query(
      `delete from wire_trace_lines where register_id = $1 and id < (
         select id from wire_trace_lines where register_id = $1 order by id desc offset $2 limit 1)`,
      [registerId, keptLines],
      'wire_traces_prune',
    );
  }

  /** The newest lines in their order, and until when more come. */
  async read(
    registerId: number,
    limit: number,
  ): Promise<{ until: Date | null; askedBy: string | null; lines: (WireTraceLine & { id: string })[] }> {
    const [trace] = await this.sql.query<{ until: Date; askedBy: string }>(
      'select until, asked_by as "askedBy" from wire_traces where register_id = $1',
      [registerId],
    );
    if (!trace) return { until: null, askedBy: null, lines: [] };
    const lines = await this.sql.query<WireTraceLine & { id: string }>(
      `select * from (
         select id::text, extract(epoch from at)::float8 * 1000 as "atMs", name, fiscal, sent as "out", received as "in", words,
                refused, took_ms as "tookMs", error
         from wire_trace_lines where register_id = $1 order by wire_trace_lines.id desc limit $2) last order by last.id::bigint`,
      [registerId, limit],
      'wire_traces_read',
    );
    return { ...trace, lines };
  }

  /** Forgets what nobody has asked for during the last hour; returns how many traces. */
  async forgetOld(): Promise<number> {
    const rows = await this.sql.query(
      `with old as (delete from wire_traces where until < farm_now() - interval '1 hour' returning register_id),
       gone as (delete from wire_trace_lines where register_id in (select register_id from old))
       select register_id from old`,
    );
    return rows.length;
  }
}
