import type { AuditFilter, AuditStore } from '@kkt/storage';

const pageSize = 1_000;
const head = [
  'seq',
  'at',
  'actor_kind',
  'actor_id',
  'actor_name',
  'action',
  'object_kind',
  'object_id',
  'reason',
  'before',
  'after',
  'request_id',
  'previous_hash',
  'hash',
];

/** A cell that no spreadsheet takes for a formula. */
function cell(value: unknown): string {
  const text =
    value === null || value === undefined
      ? ''
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value as string | number | boolean);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",;\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The journal as CSV in pieces, the newest first: UTF-8 with its mark, so that a spreadsheet reads Russian. */
export async function* auditCsv(
  store: Pick<AuditStore, 'listChained'>,
  filter: Omit<AuditFilter, 'limit' | 'before'>,
): AsyncGenerator<string> {
  yield `\uFEFF${head.join(',')}\r\n`;
  let before: number | undefined;
  for (;;) {
    const rows = await store.listChained({ ...filter, limit: pageSize, before });
    if (rows.length === 0) return;
    yield rows
      .map((row) =>
        [
          row.seq,
          row.at.toISOString(),
          row.actorKind,
          row.actorId,
          row.actorName,
          row.action,
          row.objectKind,
          row.objectId,
          row.reason,
          row.before,
          row.after,
          row.requestId,
          row.previousHash,
          row.hash,
        ]
          .map(cell)
          .join(','),
      )
      .join('\r\n')
      .concat('\r\n');
    before = rows.at(-1)?.seq;
    if (rows.length < pageSize) return;
  }
}
