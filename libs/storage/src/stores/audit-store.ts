import { createHash } from 'node:crypto';
import { oneRow, type Database, type Sql } from '../sql';

/** A value that can be written down and hashed the same way for ever. */
export type AuditValue = string | number | boolean | null | AuditValue[] | { [key: string]: AuditValue };

/** What somebody did to something. */
export interface AuditEntry {
  actorKind: 'staff' | 'person' | 'system';
  actorId: string | null;
  actorName: string;
  /** Whose matter it is; null for the farm's own. */
  clientId: string | null;
  /** Stable word: `register.pause`, `register.resume`… */
  action: string;
  objectKind: string;
  objectId: string;
  before?: AuditValue;
  after?: AuditValue;
  /** Why, in the person's own words. */
  reason?: string;
  requestId?: string;
}

export interface AuditRow extends AuditEntry {
  seq: number;
  at: Date;
}

/** Which rows of the journal; everything absent matches all. */
export interface AuditFilter {
  limit: number;
  /** Only rows with a lower number. */
  before?: number;
  object?: { kind: string; id: string };
  clientId?: string;
  actorId?: string;
  /** Part of the name of who did it. */
  actorName?: string;
  /** Whole actions, or their first words: `register`, `duty.add`. */
  actions?: readonly string[];
  from?: Date;
  to?: Date;
}

interface StoredRow {
  seq: string;
  at: Date;
  at_text: string;
  actor_kind: AuditEntry['actorKind'];
  actor_id: string | null;
  actor_name: string;
  client_id: string | null;
  action: string;
  object_kind: string;
  object_id: string;
  before: AuditValue;
  after: AuditValue;
  reason: string | null;
  request_id: string | null;
  previous_hash: Buffer;
  hash: Buffer;
}

/** Keys sorted at every depth, no spaces: JSONB gives keys back in an order of its own. */
export function canonicalJson(value: AuditValue | undefined): string {
  if (value === undefined || value === null || typeof value !== 'object')
    return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`)
    .join(',')}}`;
}

/** Microseconds since the epoch as text: a time that PostgreSQL and we write alike. */
const atText = `(extract(epoch from at) * 1000000)::bigint::text as at_text`;

const columns = `seq, at, ${atText}, actor_kind, actor_id, actor_name, client_id, action, object_kind, object_id,
  before, after, reason, request_id, previous_hash, hash`;

const genesis = Buffer.alloc(32);

const hashOf = (row: Omit<StoredRow, 'hash' | 'at'>): Buffer =>
  createHash('sha256')
    .update(row.previous_hash)
    .update(
      canonicalJson([
        row.seq,
        row.at_text,
        row.actor_kind,
        row.actor_id,
        row.actor_name,
        row.client_id,
        row.action,
        row.object_kind,
        row.object_id,
        row.before,
        row.after,
        row.reason,
        row.request_id,
      ]),
    )
    .digest();

const toRow = (row: StoredRow): AuditRow => ({
  seq: Number(row.seq),
  at: row.at,
  actorKind: row.actor_kind,
  actorId: row.actor_id,
  actorName: row.actor_name,
  clientId: row.client_id,
  action: row.action,
  objectKind: row.object_kind,
  objectId: row.object_id,
  before: row.before,
  after: row.after,
  ...(row.reason !== null && { reason: row.reason }),
  ...(row.request_id !== null && { requestId: row.request_id }),
});

/**
 * Journal of people's actions as a hash chain: SHA-256 over the previous hash and the row. `verify` finds a row that
 * was changed, removed from the middle or put in. A tail cut off whole shows only beside a copy of the head kept elsewhere.
 */
export class AuditStore {
  constructor(private readonly sql: Sql) {}

  /**
   * Writes one row. Call it with the `Sql` of the transaction that does the thing, so that neither is without the
   * other. Writers wait for one another until that transaction ends.
   */
  static async write(sql: Sql, entry: AuditEntry): Promise<number> {
    await sql.query('select pg_advisory_xact_lock(540060)');
    const head = await sql.query<{ seq: string; hash: Buffer }>(
      'select seq, hash from audit_log order by seq desc limit 1',
    );
    const { at_text } = oneRow(
      await sql.query<{ at_text: string }>(`select ${atText} from (select farm_now() as at) as now`),
      'present moment',
    );
    const row = {
      seq: String(BigInt(head[0]?.seq ?? '0') + 1n),
      at_text,
      actor_kind: entry.actorKind,
      actor_id: entry.actorId,
      actor_name: entry.actorName,
      client_id: entry.clientId,
      action: entry.action,
      object_kind: entry.objectKind,
      object_id: entry.objectId,
      before: entry.before ?? null,
      after: entry.after ?? null,
      reason: entry.reason ?? null,
      request_id: entry.requestId ?? null,
      previous_hash: head[0]?.hash ?? genesis,
    };
    await sql.query(
      `insert into audit_log (seq, at, actor_kind, actor_id, actor_name, client_id, action, object_kind, object_id, before,
         after, reason, request_id, previous_hash, hash)
       values ($1, 'epoch'::timestamptz + $2::bigint * interval '1 microsecond', $3, $4, $5, $6, $7, $8, $9, $10::jsonb,
         $11::jsonb, $12, $13, $14, $15)`,
      [
        row.seq,
        row.at_text,
        row.actor_kind,
        row.actor_id,
        row.actor_name,
        row.client_id,
        row.action,
        row.object_kind,
        row.object_id,
        row.before === null ? null : JSON.stringify(row.before),
        row.after === null ? null : JSON.stringify(row.after),
        row.reason,
        row.request_id,
        row.previous_hash,
        hashOf(row),
      ],
    );
    return Number(row.seq);
  }

  /** The newest rows first; `before` continues a list. */
  async list(filter: AuditFilter): Promise<AuditRow[]> {
    return (await this.stored(filter)).map(toRow);
  }

  /** As {@link list}, with the links of the chain in hexadecimal: whoever has all rows can walk it himself. */
  async listChained(filter: AuditFilter): Promise<(AuditRow & { previousHash: string; hash: string })[]> {
    return (await this.stored(filter)).map((row) => ({
      ...toRow(row),
      previousHash: row.previous_hash.toString('hex'),
      hash: row.hash.toString('hex'),
    }));
  }

  private stored(filter: AuditFilter): Promise<StoredRow[]> {
    return this.sql.query<StoredRow>(
      `select ${columns} from audit_log
       where ($2::bigint is null or seq < $2) and ($3::text is null or (object_kind = $3 and object_id = $4))
         and ($5::uuid is null or client_id = $5) and ($6::text is null or position(lower($6) in lower(actor_name)) > 0)
         and ($7::text[] is null or split_part(action, '.', 1) = any($7) or action = any($7))
         and ($8::timestamptz is null or at >= $8) and ($9::timestamptz is null or at < $9)
         and ($10::uuid is null or actor_id = $10)
       order by seq desc limit $1`,
      [
        filter.limit,
        filter.before,
        filter.object?.kind,
        filter.object?.id,
        filter.clientId,
        filter.actorName,
        filter.actions,
        filter.from,
        filter.to,
        filter.actorId,
      ],
    );
  }

  /** Walks the whole chain. `firstBad` is the number of the first row that does not fit. */
  async verify(): Promise<{ rows: number; firstBad: number | null }> {
    let previous: Buffer = genesis;
    let last = 0n;
    for (;;) {
      const rows = await this.sql.query<StoredRow>(
        `select ${columns} from audit_log where seq > $1 order by seq limit 1000`,
        [last],
      );
      for (const row of rows) {
        const isNext = BigInt(row.seq) === last + 1n && row.previous_hash.equals(previous);
        if (!isNext || !row.hash.equals(hashOf(row)))
          return { rows: Number(last), firstBad: Number(last + 1n) };
        previous = row.hash;
        last += 1n;
      }
      if (rows.length === 0) return { rows: Number(last), firstBad: null };
    }
  }
}

/** Does something and writes it down, both or neither. */
export function audited<T>(
  database: Database,
  run: (sql: Sql) => Promise<{ result: T; entry?: AuditEntry }>,
): Promise<T> {
  return database.transaction(async (sql) => {
    const { result, entry } = await run(sql);
    if (entry) await AuditStore.write(sql, entry);
    return result;
  });
}
