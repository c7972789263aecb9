import { Inject, Injectable } from '@nestjs/common';
import { FarmError } from '@kkt/contracts';
import { correlationId } from '@kkt/observability';
import { type AuditEntry, audited, AuditStore, type AuditValue } from '@kkt/storage';
import type { VisitsView, VisitView } from '@kkt/web-contract';
import { moment, momentOrNull, notFound } from '@kkt/web-server';
import { hardwareActions } from '../audit/hardware-actions';
import { type ConsoleParts, PARTS } from '../parts';
import type { Caller } from '../session/session.guard';
import { auditView } from '../views';

interface VisitRow extends Omit<VisitView, 'openedAt' | 'closedAt' | 'actions'> {
  openedAt: Date;
  closedAt: Date | null;
}

export interface NewVisit {
  dc: string;
  rack?: string;
  purpose: string;
  companion?: string;
}

const visitsShown = 50;
const actionsShown = 100;

/** Who went to the hall, why, and what was done to hardware meanwhile: the actions are the audit log's own rows. */
@Injectable()
export class VisitsService {
  constructor(
    @Inject(PARTS) private readonly parts: ConsoleParts,
    @Inject(AuditStore) private readonly audit: AuditStore,
  ) {}

  async list(): Promise<VisitsView> {
    const { database } = this.parts;
    const [centres, rows] = await Promise.all([
      database.query<{ code: string }>('select code from data_centres order by code'),
      database.query<VisitRow>(
        `select v.id::text, v.staff_id as "staffId", s.name as "staffName", v.dc, v.rack, v.purpose, v.companion,
                v.opened_at as "openedAt", v.closed_at as "closedAt", v.result
         from visits v join staff s on s.id = v.staff_id order by v.closed_at is null desc, v.opened_at desc limit $1`,
        [visitsShown],
      ),
    ]);
    const visits = await Promise.all(
      rows.map(async (row): Promise<VisitView> => {
        const actions = await this.audit.list({
          limit: actionsShown,
          actorId: row.staffId,
          actions: hardwareActions,
          from: row.openedAt,
          ...(row.closedAt && { to: row.closedAt }),
        });
        return {
          ...row,
          openedAt: moment(row.openedAt),
          closedAt: momentOrNull(row.closedAt),
          actions: actions.map(auditView),
        };
      }),
    );
    return { centres: centres.map(({ code }) => code), visits };
  }

  /** @throws FarmError CLIENT-STATE when the caller has a visit open already */
  async open(caller: Caller, visit: NewVisit): Promise<{ id: string }> {
    return audited(this.parts.database, async (sql) => {
      const known = await sql.query('select 1 from data_centres where code = $1', [visit.dc]);
      if (known.length === 0) throw notFound('data centre');
      const [row] = await sql.query<{ id: string }>(
        `insert into visits (staff_id, dc, rack, purpose, companion) values ($1, $2, $3, $4, $5)
         on conflict (staff_id) where closed_at is null do nothing returning id::text`,
        [caller.staffId, visit.dc, visit.rack ?? null, visit.purpose, visit.companion ?? null],
      );
      if (!row) throw new FarmError('CLIENT-STATE', 'You have a visit open: close it first');
      return { result: row, entry: entryOf(caller, 'visit.open', row.id, { ...visit }) };
    });
  }

  /** @throws FarmError CLIENT-NOT-FOUND when the caller has no such visit open */
  async close(caller: Caller, id: string, result: string): Promise<void> {
    await audited(this.parts.database, async (sql) => {
      const rows = await sql.query(
        'update visits set closed_at = farm_now(), result = $3 where id = $1 and staff_id = $2 and closed_at is null returning id',
        [id, caller.staffId, result],
      );
      if (rows.length === 0) throw notFound('open visit of yours');
      return { result: undefined, entry: entryOf(caller, 'visit.close', id, { result }) };
    });
  }
}

const entryOf = (caller: Caller, action: string, id: string, after: object): AuditEntry => ({
  actorKind: 'staff',
  actorId: caller.staffId,
  actorName: caller.name,
  clientId: null,
  action,
  objectKind: 'visit',
  objectId: id,
  after: JSON.parse(JSON.stringify(after)) as AuditValue,
  requestId: correlationId(),
});
