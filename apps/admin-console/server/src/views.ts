import type { AlertRow, AuditRow } from '@kkt/storage';
import type { AlertView, AuditView } from '@kkt/web-contract';
import { moment, momentOrNull } from '@kkt/web-server';

export const alertView = (row: AlertRow): AlertView => ({
  ...row,
  openedAt: moment(row.openedAt),
  seenAt: moment(row.seenAt),
  closedAt: momentOrNull(row.closedAt),
  ackedAt: momentOrNull(row.ackedAt),
});

export const auditView = (row: AuditRow): AuditView => ({
  seq: row.seq,
  at: moment(row.at),
  actorName: row.actorName,
  action: row.action,
  objectKind: row.objectKind,
  objectId: row.objectId,
  reason: row.reason ?? null,
  before: row.before ?? null,
  after: row.after ?? null,
});
