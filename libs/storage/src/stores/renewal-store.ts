import type { Sql } from '../sql';

export type RenewalCaseState = 'offer' | 'accepted' | 'declined' | 'silent' | 'closed';

export interface RenewalRow {
  id: string;
  fnNumber: string;
  registerId: number;
  serial: string;
  clientId: string;
  clientName: string;
  groupCode: string | null;
  state: RenewalCaseState;
  endDate: string;
  endCause: string;
  nextAt: string | null;
  nextPerson: string | null;
  answeredBy: string | null;
  answeredAt: Date | null;
  note: string | null;
  workflowId: string | null;
  openedAt: Date;
}

const columns = `r.id, r.fn_number as "fnNumber", r.register_id as "registerId", k.serial, r.client_id as "clientId",
  c.name as "clientName", g.code as "groupCode", r.state, to_char(r.end_date, 'YYYY-MM-DD') as "endDate", r.end_cause as "endCause",
  to_char(r.next_at, 'YYYY-MM-DD') as "nextAt", r.next_person as "nextPerson", r.answered_by as "answeredBy",
  r.answered_at as "answeredAt", r.note, r.workflow_id as "workflowId", r.opened_at as "openedAt"`;
const from = `from renewal_cases r join registers k on k.id = r.register_id join clients c on c.id = r.client_id
  left join register_groups g on g.id = k.group_id`;

/** Renewal cases and the warnings that were given, each threshold of an FN once. */
export class RenewalStore {
  constructor(private readonly sql: Sql) {}

  async told(fnNumber: string): Promise<number[]> {
    const rows = await this.sql.query<{ days: number }>(
      'select threshold_days as days from renewal_warnings where fn_number = $1',
      [fnNumber],
    );
    return rows.map(({ days }) => days);
  }

  /** Every warning that was given, by FN. */
  async allTold(): Promise<Map<string, number[]>> {
    const rows = await this.sql.query<{ fnNumber: string; days: number[] }>(
      'select fn_number as "fnNumber", array_agg(threshold_days) as days from renewal_warnings group by 1',
    );
    return new Map(rows.map(({ fnNumber, days }) => [fnNumber, days]));
  }

  /** False when this threshold was told before. */
  async warn(warning: {
    fnNumber: string;
    threshold: number;
    endDate: string;
    daysLeft: number;
  }): Promise<boolean> {
    const rows = await this.sql.query(
      `insert into renewal_warnings (fn_number, threshold_days, end_date, days_left) values ($1, $2, $3, $4)
       on conflict do nothing returning fn_number`,
      [warning.fnNumber, warning.threshold, warning.endDate, warning.daysLeft],
    );
    return rows.length === 1;
  }

  /** Opens a case, or returns the open one with its end brought up to date. */
  async open(input: {
    id: string;
    fnNumber: string;
    registerId: number;
    clientId: string;
    endDate: string;
    endCause: string;
    nextAt: string;
    nextPerson: string;
  }): Promise<{ id: string; isNew: boolean }> {
    const rows = await this.sql.query<{ id: string }>(
      `insert into renewal_cases (id, fn_number, register_id, client_id, end_date, end_cause, next_at, next_person)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (fn_number) where closed_at is null
       do update set end_date = excluded.end_date, end_cause = excluded.end_cause returning id`,
      [
        input.id,
        input.fnNumber,
        input.registerId,
        input.clientId,
        input.endDate,
        input.endCause,
        input.nextAt,
        input.nextPerson,
      ],
    );
    const id = rows[0]?.id ?? input.id;
    return { id, isNew: id === input.id };
  }

  async lock(id: string): Promise<RenewalRow | undefined> {
    await this.sql.query('select 1 from renewal_cases where id = $1 for update', [id]);
    return (await this.sql.query<RenewalRow>(`select ${columns} ${from} where r.id = $1`, [id]))[0];
  }

  /** `groupIds` narrows to registers that are in these groups now. */
  async list(filter: {
    clientId?: string;
    groupIds?: readonly number[] | null;
    open?: boolean;
    limit: number;
  }): Promise<RenewalRow[]> {
    return this.sql.query<RenewalRow>(
      `select ${columns} ${from} where ($1::uuid is null or r.client_id = $1)
         and ($2::boolean is null or (r.closed_at is null) = $2) and ($4::integer[] is null or k.group_id = any ($4))
       order by r.closed_at desc nulls first, r.end_date limit $3`,
      [filter.clientId, filter.open, filter.limit, filter.groupIds ?? null],
    );
  }

  async answer(
    id: string,
    change: {
      state: RenewalCaseState;
      by: string | null;
      note: string | null;
      nextAt: string | null;
      nextPerson: string | null;
    },
  ): Promise<void> {
    await this.sql.query(
      `update renewal_cases set state = $2, answered_by = coalesce($3, answered_by),
         answered_at = case when $3::text is null then answered_at else farm_now() end, note = coalesce($4, note), next_at = $5,
         next_person = $6, closed_at = case when $2 = 'closed' then farm_now() end where id = $1`,
      [id, change.state, change.by, change.note, change.nextAt, change.nextPerson],
    );
  }

  /** Cases of an FN that left its register need nothing more. */
  async closeOf(fnNumber: string, workflowId: string): Promise<void> {
    await this.sql.query(
      `update renewal_cases set state = 'closed', closed_at = farm_now(), next_at = null, next_person = null, workflow_id = $2
       where fn_number = $1 and closed_at is null`,
      [fnNumber, workflowId],
    );
  }
}
