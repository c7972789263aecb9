import type { AuditFilter, AuditStore } from '@kkt/storage';
import { csvLine, csvMark } from '../csv';

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

/** The journal as CSV in pieces, the newest first: UTF-8 with its mark, so that a spreadsheet reads Russian. */
export async function* auditCsv(
  store: Pick<AuditStore, 'listChained'>,
  filter: Omit<AuditFilter, 'limit' | 'before'>,
): AsyncGenerator<string> {
  yield `${csvMark}${csvLine(head)}`;
  let before: number | undefined;
  for (;;) {
    const rows = await store.listChained({ ...filter, limit: pageSize, before });
    if (rows.length === 0) return;
    yield rows
      .map((row) =>
        csvLine([
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
        ]),
      )
      .join('');
    before = rows.at(-1)?.seq;
    if (rows.length < pageSize) return;
  }
}
