import type { Sql } from '@kkt/storage';
import { contactHash } from '../buyers/contact';
import type { DriveFacts } from '../intake/decide';
import type { IncomingDocument } from '../intake/incoming-document';

/** An FN's chain with the place its documents belong to. */
export interface LockedDrive extends DriveFacts {
  fnNumber: string;
  outletId: string;
}

export interface StoredDocument {
  fnNumber: string;
  fdNumber: number;
  tlv: Buffer;
  confirmation: Buffer;
}

/** A document to be stored with the confirmation that will be sent for it. */
export interface AcceptedDocument {
  incoming: IncomingDocument;
  drive: LockedDrive;
  confirmation: Buffer;
}

export interface NotedRefusal {
  fnNumber: string;
  reason: string;
}

/** Locks the chains of these FNs until the transaction ends; in order of number, so that two operators never deadlock. */
export async function lockDrives(sql: Sql, fnNumbers: readonly string[]): Promise<Map<string, LockedDrive>> {
  const rows = await sql.query<LockedDrive>(
    `select d.fn_number as "fnNumber", d.rnm, d.first_fd as "firstFd", d.last_fd as "lastFd", d.closed,
            k.inn, k.state as "kktState", k.outlet_id as "outletId"
       from ofd.drives d join ofd.kkts k on k.rnm = d.rnm
      where d.fn_number = any($1::text[])
      order by d.fn_number
        for update of d`,
    [fnNumbers],
    'ofd-lock-drives',
  );
  return new Map(rows.map((row) => [row.fnNumber, row]));
}

export async function findStored(
  sql: Sql,
  keys: readonly { fnNumber: string; fdNumber: number }[],
): Promise<StoredDocument[]> {
  if (keys.length === 0) return [];
  return sql.query<StoredDocument>(
    `select fn_number as "fnNumber", fd_number as "fdNumber", tlv, confirmation
       from ofd.documents join unnest($1::text[], $2::int[]) as k (fn, fd) on fn_number = k.fn and fd_number = k.fd`,
    [keys.map((key) => key.fnNumber), keys.map((key) => key.fdNumber)],
    'ofd-find-stored',
  );
}

/** Stores documents with their items, puts them in line for the tax service, and moves the chains on. */
export async function insertDocuments(
  sql: Sql,
  accepted: readonly AcceptedDocument[],
  now: Date,
): Promise<void> {
  if (accepted.length === 0) return;
  const column = <T>(pick: (row: AcceptedDocument) => T): T[] => accepted.map(pick);
  const fnNumbers = column((row) => row.incoming.fnNumber);
  const fdNumbers = column((row) => row.incoming.fdNumber);
  await sql.query(
    `insert into ofd.documents (fn_number, fd_number, rnm, inn, outlet_id, form, ffd, settlement_sign, fiscal_sign,
         document_at, total_kop, cash_kop, ecash_kop, shift_number, receipt_number, cashier, container, tlv, decoded,
         violations, confirmation, received_at)
     select fn, fd, rnm, inn, outlet::uuid, form, ffd, sign, fp, at::timestamp, total, cash, ecash, shift, receipt, cashier,
            container, tlv, decoded::jsonb, violations::jsonb, confirmation, $22
       from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[], $6::smallint[], $7::smallint[],
                   $8::smallint[], $9::bigint[], $10::text[], $11::bigint[], $12::bigint[], $13::bigint[], $14::int[],
                   $15::int[], $16::text[], $17::bytea[], $18::bytea[], $19::text[], $20::text[], $21::bytea[])
         as t (fn, fd, rnm, inn, outlet, form, ffd, sign, fp, at, total, cash, ecash, shift, receipt, cashier, container,
               tlv, decoded, violations, confirmation)`,
    [
      fnNumbers,
      fdNumbers,
      column((row) => row.drive.rnm),
      column((row) => row.drive.inn),
      column((row) => row.drive.outletId),
      column((row) => row.incoming.form),
      column((row) => row.incoming.document.ffd),
      column((row) => row.incoming.document.sign),
      column((row) => row.incoming.fiscalSign),
      column((row) => row.incoming.at),
      column((row) => row.incoming.document.totalKop),
      column((row) => row.incoming.cashKop),
      column((row) => row.incoming.ecashKop),
      column((row) => row.incoming.document.shiftNumber),
      column((row) => row.incoming.document.receiptNumber),
      column((row) => row.incoming.cashier),
      column((row) => row.incoming.container.bytes),
      column((row) => row.incoming.tlv),
      column((row) => row.incoming.decoded),
      column((row) => JSON.stringify(row.incoming.violations)),
      column((row) => row.confirmation),
      now,
    ],
    'ofd-insert-documents',
  );
  await sql.query(
    `insert into ofd.tax_deliveries (fn_number, fd_number) select * from unnest($1::text[], $2::int[])`,
    [fnNumbers, fdNumbers],
    'ofd-insert-deliveries',
  );
  await insertItems(sql, accepted);
  await insertBuyers(sql, accepted);
  await moveDrives(sql, accepted, now);
}

async function insertItems(sql: Sql, accepted: readonly AcceptedDocument[]): Promise<void> {
  const items = accepted.flatMap(({ incoming }) =>
    incoming.items.map((item, index) => ({ ...item, incoming, position: index + 1 })),
  );
  if (items.length === 0) return;
  await sql.query(
    `insert into ofd.items (fn_number, fd_number, position, name, subject, vat, quantity_micro, price_kop, sum_kop)
     select * from unnest($1::text[], $2::int[], $3::smallint[], $4::text[], $5::smallint[], $6::smallint[],
                          $7::bigint[], $8::bigint[], $9::bigint[])`,
    [
      items.map((item) => item.incoming.fnNumber),
      items.map((item) => item.incoming.fdNumber),
      items.map((item) => item.position),
      items.map((item) => item.name),
      items.map((item) => item.subject),
      items.map((item) => item.vat),
      items.map((item) => item.quantityMicro),
      items.map((item) => item.priceKop),
      items.map((item) => item.sumKop),
    ],
    'ofd-insert-items',
  );
}

/** So that a buyer who proves his contact finds his receipts. */
async function insertBuyers(sql: Sql, accepted: readonly AcceptedDocument[]): Promise<void> {
  const sent = accepted.flatMap(({ incoming }) =>
    incoming.buyerContact ? [{ incoming, hash: contactHash(incoming.buyerContact) }] : [],
  );
  if (sent.length === 0) return;
  await sql.query(
    `insert into ofd.buyer_receipts (contact_hash, document_at, fn_number, fd_number)
     select hash, at::timestamp, fn, fd from unnest($1::bytea[], $2::text[], $3::text[], $4::int[]) as t (hash, at, fn, fd)
     on conflict do nothing`,
    [
      sent.map(({ hash }) => hash),
      sent.map(({ incoming }) => incoming.at),
      sent.map(({ incoming }) => incoming.fnNumber),
      sent.map(({ incoming }) => incoming.fdNumber),
    ],
    'ofd-insert-buyers',
  );
}

/** Form 6 closes the FN: nothing may follow it. */
const FN_CLOSING_REPORT = 6;

async function moveDrives(sql: Sql, accepted: readonly AcceptedDocument[], now: Date): Promise<void> {
  const newest = new Map(accepted.map(({ incoming }) => [incoming.fnNumber, incoming]));
  const oldest = new Map(accepted.toReversed().map(({ incoming }) => [incoming.fnNumber, incoming.fdNumber]));
  const rows = [...newest.values()];
  await sql.query(
    `update ofd.drives d
        set first_fd = case when d.last_fd is null then t.oldest else d.first_fd end,
            last_fd = t.fd, last_document_at = t.at::timestamp, last_received_at = $4, closed = d.closed or t.closed
       from unnest($1::text[], $2::int[], $3::text[], $5::boolean[], $6::int[]) as t (fn, fd, at, closed, oldest)
      where d.fn_number = t.fn`,
    [
      rows.map((row) => row.fnNumber),
      rows.map((row) => row.fdNumber),
      rows.map((row) => row.at),
      now,
      rows.map((row) => row.form === FN_CLOSING_REPORT),
      rows.map((row) => oldest.get(row.fnNumber)),
    ],
    'ofd-move-drives',
  );
}

/** Remembers on the chain that something was refused and why: the enterprise sees it in the KKT's state. */
export async function noteRefusals(sql: Sql, refusals: readonly NotedRefusal[], now: Date): Promise<void> {
  if (refusals.length === 0) return;
  const byFn = new Map<string, { reason: string; count: number }>();
  for (const { fnNumber, reason } of refusals) {
    byFn.set(fnNumber, { reason, count: (byFn.get(fnNumber)?.count ?? 0) + 1 });
  }
  await sql.query(
    `update ofd.drives d set refusals = d.refusals + t.count, last_refusal = t.reason, last_refused_at = $4
       from unnest($1::text[], $2::text[], $3::int[]) as t (fn, reason, count)
      where d.fn_number = t.fn`,
    [
      [...byFn.keys()],
      [...byFn.values()].map((entry) => entry.reason),
      [...byFn.values()].map((entry) => entry.count),
      now,
    ],
    'ofd-note-refusals',
  );
}
