import type { Sql } from '../sql';

export type RegistrationKind = 'registration' | 'reregistration' | 'deregistration';
export type RegistrationState =
  'draft' | 'sent' | 'number_received' | 'report_entered' | 'card' | 'cancelled';

export interface RegistrationRow {
  id: string;
  kind: RegistrationKind;
  registerId: number;
  serial: string;
  /** Of the register now; null when it left. */
  groupId: number | null;
  clientId: string;
  clientName: string;
  workflowId: string | null;
  reasons: number;
  state: RegistrationState;
  rnm: string | null;
  data: Record<string, unknown>;
  card: Record<string, string> | null;
  dueAt: Date;
  overdueTold: boolean;
  createdAt: Date;
  stateSince: Date;
}

/** A report of an FN (form 1, 11 or 6) as it is kept for ever. */
export interface ReportRow {
  fnNumber: string;
  fdNumber: number;
  form: number;
  registerId: number;
  rnm: string | null;
  fiscalSign: number;
  /** Local wall clock. */
  at: string;
  tlv: Buffer;
}

const columns = `a.id, a.kind, a.register_id as "registerId", k.serial, k.group_id as "groupId", a.client_id as "clientId", c.name as "clientName",
  a.workflow_id as "workflowId", a.reasons, a.state, a.rnm, a.data, a.card, a.due_at as "dueAt", a.overdue_told as "overdueTold",
  a.created_at as "createdAt", a.state_since as "stateSince"`;
const from = `from registration_applications a join registers k on k.id = a.register_id join clients c on c.id = a.client_id`;
const reportColumns = `fn_number as "fnNumber", fd_number as "fdNumber", form, register_id as "registerId", rnm,
  fiscal_sign::float8 as "fiscalSign", to_char(document_at, 'YYYY-MM-DD"T"HH24:MI:SS') as at, tlv`;

/** Applications to the tax service, and the reports of registration that are kept for ever. */
export class RegistrationStore {
  constructor(private readonly sql: Sql) {}

  async create(input: {
    id: string;
    kind: RegistrationKind;
    registerId: number;
    clientId: string;
    workflowId: string | null;
    reasons: number;
    rnm: string | null;
    data: object;
    dueAt: Date;
  }): Promise<void> {
    await this.sql.query(
      `insert into registration_applications (id, kind, register_id, client_id, workflow_id, reasons, rnm, data, due_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
      [
        input.id,
        input.kind,
        input.registerId,
        input.clientId,
        input.workflowId,
        input.reasons,
        input.rnm,
        JSON.stringify(input.data),
        input.dueAt,
      ],
    );
  }

  async read(id: string): Promise<RegistrationRow | undefined> {
    return (await this.sql.query<RegistrationRow>(`select ${columns} ${from} where a.id = $1`, [id]))[0];
  }

  async lock(id: string): Promise<RegistrationRow | undefined> {
    await this.sql.query('select 1 from registration_applications where id = $1 for update', [id]);
    return this.read(id);
  }

  async ofWorkflow(workflowId: string): Promise<RegistrationRow | undefined> {
    return (
      await this.sql.query<RegistrationRow>(`select ${columns} ${from} where a.workflow_id = $1`, [
        workflowId,
      ])
    )[0];
  }

  /** `groupIds` narrows to registers that are in these groups now. */
  async list(filter: {
    clientId?: string;
    groupIds?: readonly number[] | null;
    registerId?: number;
    limit: number;
  }): Promise<RegistrationRow[]> {
    return this.sql.query<RegistrationRow>(
      `select ${columns} ${from} where ($1::uuid is null or a.client_id = $1) and ($2::integer is null or a.register_id = $2)
         and ($4::integer[] is null or k.group_id = any ($4))
       order by a.created_at desc limit $3`,
      [filter.clientId, filter.registerId, filter.limit, filter.groupIds ?? null],
    );
  }

  async move(
    id: string,
    change: {
      state: RegistrationState;
      dueAt: Date;
      rnm?: string;
      card?: Record<string, string>;
      data?: object;
    },
  ): Promise<void> {
    await this.sql.query(
      `update registration_applications set state = $2, due_at = $3, rnm = coalesce($4, rnm), card = coalesce($5::jsonb, card),
         data = coalesce($6::jsonb, data), state_since = farm_now(), overdue_told = false where id = $1`,
      [
        id,
        change.state,
        change.dueAt,
        change.rnm,
        change.card && JSON.stringify(change.card),
        change.data && JSON.stringify(change.data),
      ],
    );
  }

  async newlyOverdue(): Promise<RegistrationRow[]> {
    return this.sql.query<RegistrationRow>(
      `select ${columns} ${from} where a.state not in ('card', 'cancelled') and a.due_at < farm_now() and not a.overdue_told`,
    );
  }

  async overdueTold(id: string): Promise<void> {
    await this.sql.query('update registration_applications set overdue_told = true where id = $1', [id]);
  }

  async report(fnNumber: string, fdNumber: number): Promise<ReportRow | undefined> {
    const rows = await this.sql.query<ReportRow>(
      `select ${reportColumns} from registration_reports where fn_number = $1 and fd_number = $2`,
      [fnNumber, fdNumber],
    );
    return rows[0];
  }

  async reports(registerId: number): Promise<ReportRow[]> {
    return this.sql.query<ReportRow>(
      `select ${reportColumns} from registration_reports where register_id = $1 order by document_at, fd_number`,
      [registerId],
    );
  }
}
