import type { FiscalProof, ReceiptContent } from '@kkt/contracts';
import type { Sql } from '../sql';

/** A free register asking for a receipt. `fdBefore` is the FN's last document number as the session knows it. */
export interface ClaimSlot {
  registerId: number;
  groupId: number;
  fence: string;
  fnNumber: string;
  fdBefore: number;
}

/** A receipt given to a register together with its stored intent. */
export interface Assignment {
  registerId: number;
  intentId: string;
  receiptId: string;
  externalId: string;
  content: ReceiptContent;
  attempts: number;
  fdBefore: number;
}

export type IntentKind =
  'receipt' | 'registration' | 'open_shift' | 'close_shift' | 'settlement' | 'close_fn';

/** An intent whose outcome is not stored yet. */
export interface OpenIntent {
  id: string;
  registerId: number;
  kind: IntentKind;
  fnNumber: string;
  fdBefore: number;
  state: 'open' | 'stuck';
  receiptId: string | null;
  content: ReceiptContent | null;
  attempts: number;
}

/** A fiscal document proven by the FN's archive, to be stored as the outcome of an intent. */
export interface Completion {
  intentId: string;
  registerId: number;
  receiptId: string | null;
  rnm: string;
  proof: FiscalProof;
  /** The outcome was found in the archive after a silence, not answered by the device. */
  adopted: boolean;
}

/** A refusal that the shop is told of, in the outer API's numbers. */
export interface Refusal {
  code: number;
  type: 'driver' | 'agent' | 'system' | 'timeout';
  text: string;
}

/** What becomes of a receipt whose attempt is proven not to have made a document. */
export type VoidOutcome = { then: 'requeue'; reason: string } | { then: 'fail'; refusal: Refusal };

/**
 * Claims, intents and outcomes: the write-ahead discipline of the farm.
 * An intent is committed before the device is touched; it ends only with a proof or with proven absence.
 */
export class DispatchStore {
  constructor(private readonly sql: Sql) {}

  /**
   * Gives queued receipts to free registers, first come first served inside a group and priority, and stores the
   * intents, all in one statement. A slot whose lease is not held with its fence gets nothing.
   */
  async claim(owner: string, slots: readonly ClaimSlot[]): Promise<Assignment[]> {
    if (slots.length === 0) return [];
    return this.sql.query<Assignment>(
      `with slot as (
         select s.*, row_number() over (partition by s."groupId" order by s.at) as n
         from (select x.*, row_number() over () as at
               from json_to_recordset($2::json) as x("registerId" integer, "groupId" integer, fence bigint, "fnNumber" text, "fdBefore" integer)) s
         join leases l on l.register_id = s."registerId" and l.owner = $1 and l.fence = s.fence and l.expires_at > farm_now()
         join registers k on k.id = s."registerId" and k.state = 'ready' and k.group_id = s."groupId"
         join register_groups g on g.id = s."groupId" and not g.paused
         where not exists (select 1 from intents i where i.register_id = s."registerId" and i.state in ('open', 'stuck'))
           -- The session's view of the FN must be the database's too, or the proof could not be told from an older one.
           and s."fdBefore" = (select coalesce(max(d.fd_number), 0) from documents d where d.fn_number = s."fnNumber")
       ), need as (
         select "groupId", count(*) as slots from slot group by 1
       ), locked as (
         select q.* from need
         cross join lateral (
           select id, group_id, priority, queue_no from receipts
           where group_id = need."groupId" and state = 'queued'
           order by priority, queue_no limit need.slots for update skip locked
         ) q
       ), pick as (
         select l.*, row_number() over (partition by group_id order by priority, queue_no) as n from locked l
       ), pair as (
         select s."registerId", s.fence, s."fnNumber", s."fdBefore", p.id as receipt_id
         from slot s join pick p on p.group_id = s."groupId" and p.n = s.n
       ), taken as (
         update receipts r set state = 'working', register_id = pair."registerId", attempts = r.attempts + 1,
                started_at = farm_now(), wait_reason = null
         from pair where r.id = pair.receipt_id
         returning r.id, r.external_id, r.content, r.attempts
       ), intent as (
         insert into intents (register_id, fence, kind, receipt_id, fn_number, fd_before)
         select "registerId", fence, 'receipt', receipt_id, "fnNumber", "fdBefore" from pair
         returning id, register_id, receipt_id, fd_before
       )
       select i.register_id as "registerId", i.id::text as "intentId", i.receipt_id as "receiptId",
              t.external_id as "externalId", t.content, t.attempts, i.fd_before as "fdBefore"
       from intent i join taken t on t.id = i.receipt_id`,
      [owner, JSON.stringify(slots)],
      'dispatch_claim',
    );
  }

  /** Stores the intent of a report (registration, shift, settlement, closing). Undefined when the lease is lost. */
  async intend(input: {
    owner: string;
    registerId: number;
    fence: string;
    kind: Exclude<IntentKind, 'receipt'>;
    fnNumber: string;
    fdBefore: number;
  }): Promise<string | undefined> {
    const rows = await this.sql.query<{ id: string }>(
      `insert into intents (register_id, fence, kind, fn_number, fd_before)
       select $2, $3, $4, $5, $6 from leases
       where register_id = $2 and owner = $1 and fence = $3 and expires_at > farm_now()
       returning id::text`,
      [input.owner, input.registerId, input.fence, input.kind, input.fnNumber, input.fdBefore],
      'dispatch_intend',
    );
    return rows[0]?.id;
  }

  /** The unresolved intent of a register, if any. */
  async openIntent(registerId: number): Promise<OpenIntent | undefined> {
    const rows = await this.sql.query<OpenIntent>(
      `select i.id::text, i.register_id as "registerId", i.kind, i.fn_number as "fnNumber", i.fd_before as "fdBefore",
              i.state, i.receipt_id as "receiptId", r.content, coalesce(r.attempts, 0) as attempts
       from intents i left join receipts r on r.id = i.receipt_id
       where i.register_id = $1 and i.state in ('open', 'stuck')`,
      [registerId],
      'dispatch_open_intent',
    );
    return rows[0];
  }

  /**
   * Stores proofs: intent done, document, receipt done, callback row, all in one statement. Returns the intent ids
   * that were stored; one that is missing had been resolved before (its document is there already).
   */
  async complete(batch: readonly Completion[]): Promise<string[]> {
    if (batch.length === 0) return [];
    const rows = await this.sql.query<{ id: string }>(
      `with input as (
         select * from json_to_recordset($1::json) as x("intentId" bigint, "registerId" integer, "receiptId" uuid, rnm text,
           adopted boolean, "fnNumber" text, "fdNumber" integer, form smallint, "fiscalSign" bigint, at timestamp,
           "shiftNumber" integer, "receiptNumber" integer, "totalKop" bigint, "tlvHex" text)
       ), closed as (
         update intents i set state = 'done', fd_number = input."fdNumber", resolved_at = farm_now()
         from input where i.id = input."intentId" and i.state in ('open', 'stuck')
         returning i.id
       ), proven as (
         select input.* from input join closed on closed.id = input."intentId"
       ), stored as (
         insert into documents (fn_number, fd_number, form, register_id, receipt_id, fiscal_sign, document_at, shift_number,
                                receipt_number, total_kop, rnm, tlv, adopted)
         select "fnNumber", "fdNumber", form, "registerId", "receiptId", "fiscalSign", at, "shiftNumber", "receiptNumber",
                "totalKop", rnm, decode("tlvHex", 'hex'), adopted from proven
       ), finished as (
         update receipts r set state = 'done', fn_number = p."fnNumber", fd_number = p."fdNumber", wait_reason = null,
                finished_at = farm_now()
         from proven p where r.id = p."receiptId" and r.state in ('working', 'in_doubt')
         returning r.id, r.callback_url, r.callback_note
       ), told as (
         insert into callbacks (receipt_id, url) select id, callback_url from finished where callback_url is not null and callback_note is null
       )
       select id::text from closed`,
      [
        JSON.stringify(
          batch.map(({ proof, ...rest }) => ({
            ...rest,
            fnNumber: proof.fnNumber,
            fdNumber: proof.fdNumber,
            form: proof.form,
            fiscalSign: proof.fiscalSign,
            at: proof.at,
            shiftNumber: proof.shiftNumber,
            receiptNumber: proof.receiptNumber,
            totalKop: proof.totalKop,
            tlvHex: proof.tlvHex,
          })),
        ),
      ],
      'dispatch_complete',
    );
    return rows.map((row) => row.id);
  }

  /** Ends an intent whose document is proven not to exist. The receipt, if any, goes back to its place in the queue or fails. */
  async voidIntent(intentId: string, note: string, outcome: VoidOutcome): Promise<void> {
    const refusal = outcome.then === 'fail' ? outcome.refusal : undefined;
    await this.sql.query(
      `with closed as (
         update intents set state = 'void', note = $2, resolved_at = farm_now()
         where id = $1 and state in ('open', 'stuck') returning receipt_id
       ), changed as (
         update receipts r set
           state = case when $3 then 'failed' else 'queued' end,
           register_id = case when $3 then r.register_id end,
           wait_reason = case when $3 then null else $4 end,
           finished_at = case when $3 then farm_now() end,
           error_code = $5, error_type = $6, error_text = $7
         from closed where r.id = closed.receipt_id and r.state in ('working', 'in_doubt')
         returning r.id, r.callback_url, r.callback_note
       )
       insert into callbacks (receipt_id, url) select id, callback_url from changed where $3 and callback_url is not null and callback_note is null`,
      [
        intentId,
        note,
        outcome.then === 'fail',
        outcome.then === 'requeue' ? outcome.reason : null,
        refusal?.code,
        refusal?.type,
        refusal?.text,
      ],
      'dispatch_void',
    );
  }

  /** Makes the doubt visible: the receipt of this intent may or may not have become a document. */
  async markInDoubt(intentId: string, reason: string): Promise<void> {
    await this.sql.query(
      `with marked as (
         update intents set doubted_at = coalesce(doubted_at, farm_now()), doubt_reason = coalesce(doubt_reason, $2)
         where id = $1 and state in ('open', 'stuck') returning receipt_id
       )
       update receipts r set state = 'in_doubt', wait_reason = $2
       from marked where r.id = marked.receipt_id and r.state in ('working', 'in_doubt')`,
      [intentId, reason],
      'dispatch_in_doubt',
    );
  }

  /** The device's word does not fit the intent: a person must decide. The register takes no receipts until then. */
  async markStuck(intentId: string, note: string): Promise<void> {
    await this.sql.query(
      `with stuck as (
         update intents set state = 'stuck', note = $2, doubted_at = coalesce(doubted_at, farm_now()),
                doubt_reason = coalesce(doubt_reason, $2)
         where id = $1 and state in ('open', 'stuck') returning receipt_id
       )
       update receipts r set state = 'in_doubt', wait_reason = $2
       from stuck where r.id = stuck.receipt_id and r.state in ('working', 'in_doubt')`,
      [intentId, note],
      'dispatch_stuck',
    );
  }

  /** Receipts whose driver is gone are in doubt until a successor has asked the FN. */
  async markAbandoned(): Promise<number> {
    const rows = await this.sql.query<{ id: string }>(
      `with gone as (
         update receipts r set state = 'in_doubt', wait_reason = 'driver_gone'
         from leases l where r.state = 'working' and l.register_id = r.register_id and l.expires_at < farm_now()
         returning r.id
       ), marked as (
         update intents i set doubted_at = coalesce(doubted_at, farm_now()), doubt_reason = coalesce(doubt_reason, 'driver_gone')
         from gone where i.receipt_id = gone.id and i.state in ('open', 'stuck')
       )
       select id from gone`,
    );
    return rows.length;
  }

  /** The last document number of this FN that we have stored; 0 when none. */
  async lastKnownFd(fnNumber: string): Promise<number> {
    const rows = await this.sql.query<{ last: number }>(
      'select coalesce(max(fd_number), 0) as last from documents where fn_number = $1',
      [fnNumber],
      'dispatch_last_fd',
    );
    return rows[0]?.last ?? 0;
  }

  /** Of these groups, the ones that have something waiting. */
  async groupsWaiting(groupIds: readonly number[]): Promise<number[]> {
    const rows = await this.sql.query<{ id: number }>(
      `select g.id from unnest($1::integer[]) as g(id)
       where exists (select 1 from receipts r where r.group_id = g.id and r.state = 'queued')`,
      [groupIds],
      'dispatch_groups_waiting',
    );
    return rows.map((row) => row.id);
  }

  /** Writes why receipts of a group wait, where it changed. The rows in the queue are not touched: a claim may hold them. */
  async explainWaiting(groupId: number, reason: string | null): Promise<void> {
    await this.sql.query(
      `update register_groups set wait_reason = $2, wait_since = farm_now()
       where id = $1 and wait_reason is distinct from $2`,
      [groupId, reason],
      'dispatch_explain',
    );
  }
}
