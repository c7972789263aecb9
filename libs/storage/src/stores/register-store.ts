import { tellChange } from '../change-feed';
import type { Sql } from '../sql';

/** What a session saw last of its module; written in batches, read by consoles. */
export interface RegisterStatus {
  registerId: number;
  online: boolean;
  problem: string | null;
  fnNumber: string | null;
  fnPhase: number | null;
  fnWarnings: number | null;
  lastFd: number | null;
  documentsLeft: number | null;
  validUntil: string | null;
  shiftOpen: boolean | null;
  shiftNumber: number | null;
  /** ISO moment. */
  shiftExpiresAt: string | null;
  unsent: number | null;
  firstUnsentAt: string | null;
  clockOffsetMs: number | null;
  receiptsDone: number;
  registrationsLeft?: number | null;
}

export type RegisterState = 'stock' | 'registering' | 'ready' | 'paused' | 'stopped' | 'swap' | 'closed';

/** A register as consoles list it. */
export interface RegisterRow {
  id: number;
  serial: string;
  model: string;
  place: Record<string, string | number>;
  transport: Record<string, string | number>;
  driverId: string;
  clientId: string | null;
  groupCode: string | null;
  rnm: string | null;
  ffd: number | null;
  fnNumber: string | null;
  state: RegisterState;
  stateReason: string | null;
  stateSince: Date;
  online: boolean;
  onlineSince: Date | null;
  problem: string | null;
  fnPhase: number | null;
  fnWarnings: number | null;
  lastFd: number | null;
  documentsLeft: number | null;
  capacityDocuments: number | null;
  validUntil: string | null;
  shiftOpen: boolean | null;
  shiftNumber: number | null;
  shiftExpiresAt: Date | null;
  unsent: number | null;
  firstUnsentAt: Date | null;
  clockOffsetMs: number | null;
  receiptsDone: number;
  updatedAt: Date | null;
}

/** Inventory and live state of registers. */
export class RegisterStore {
  constructor(private readonly sql: Sql) {}

  /** @param isNews some of them went silent or came back: whoever listens is told to look */
  async saveStatus(batch: readonly RegisterStatus[], isNews = false): Promise<void> {
    if (batch.length === 0) return;
    await this.sql.query(
      `insert into register_status as s (register_id, online, online_since, problem, fn_number, fn_phase, fn_warnings, last_fd,
         documents_left, valid_until, shift_open, shift_number, shift_expires_at, unsent, first_unsent_at, clock_offset_ms,
         receipts_done, registrations_left, updated_at)
       select "registerId", online, farm_now(), problem, "fnNumber", "fnPhase", "fnWarnings", "lastFd", "documentsLeft",
         "validUntil", "shiftOpen", "shiftNumber", "shiftExpiresAt", unsent, "firstUnsentAt", "clockOffsetMs", "receiptsDone", "registrationsLeft", farm_now()
       from json_to_recordset($1::json) as x("registerId" integer, online boolean, problem text, "fnNumber" text,
         "fnPhase" smallint, "fnWarnings" smallint, "lastFd" integer, "documentsLeft" integer, "validUntil" date,
         "shiftOpen" boolean, "shiftNumber" integer, "shiftExpiresAt" timestamptz, unsent integer, "firstUnsentAt" timestamptz,
         "clockOffsetMs" integer, "receiptsDone" bigint, "registrationsLeft" smallint)
       on conflict (register_id) do update set
         online = excluded.online,
         online_since = case when s.online = excluded.online then s.online_since else farm_now() end,
         problem = excluded.problem,
         fn_number = coalesce(excluded.fn_number, s.fn_number), fn_phase = coalesce(excluded.fn_phase, s.fn_phase),
         fn_warnings = coalesce(excluded.fn_warnings, s.fn_warnings), last_fd = coalesce(excluded.last_fd, s.last_fd),
         documents_left = coalesce(excluded.documents_left, s.documents_left),
         valid_until = coalesce(excluded.valid_until, s.valid_until), shift_open = coalesce(excluded.shift_open, s.shift_open),
         shift_number = coalesce(excluded.shift_number, s.shift_number), shift_expires_at = excluded.shift_expires_at,
         unsent = coalesce(excluded.unsent, s.unsent), first_unsent_at = excluded.first_unsent_at,
         clock_offset_ms = coalesce(excluded.clock_offset_ms, s.clock_offset_ms),
         receipts_done = excluded.receipts_done, registrations_left = coalesce(excluded.registrations_left, s.registrations_left), updated_at = farm_now()`,
      [JSON.stringify(batch)],
      'registers_save_status',
    );
    if (isNews) await tellChange(this.sql, 'registers');
  }

  /** Moves a register to a state only from one of `from`; returns whether it moved. */
  async move(
    registerId: number,
    from: readonly RegisterState[],
    to: RegisterState,
    reason: string | null,
  ): Promise<boolean> {
    const rows = await this.sql.query<{ id: number }>(
      `update registers set state = $3, state_reason = $4, state_since = farm_now()
       where id = $1 and state = any($2::text[]) returning id`,
      [registerId, from, to, reason],
    );
    return rows.length === 1;
  }

  /** After a registration report: the FN now belongs to this register and has an end. */
  async fnInstalled(input: {
    registerId: number;
    fnNumber: string;
    validUntil: string;
    registrationsLeft: number;
  }): Promise<void> {
    await this.sql.query(
      `update fiscal_drives set state = 'installed', register_id = $1, valid_until = $3, registrations_left = $4 where fn_number = $2`,
      [input.registerId, input.fnNumber, input.validUntil, input.registrationsLeft],
    );
  }

  async list(filter: { clientId?: string; groupCode?: string } = {}): Promise<RegisterRow[]> {
    return this.sql.query<RegisterRow>(
      `select k.id, k.serial, k.model, k.place, k.transport, k.driver_id as "driverId", k.client_id as "clientId", g.code as "groupCode",
         k.rnm, k.ffd, k.fn_number as "fnNumber", k.state, k.state_reason as "stateReason", k.state_since as "stateSince",
         coalesce(s.online, false) as online, s.online_since as "onlineSince", s.problem, s.fn_phase as "fnPhase",
         s.fn_warnings as "fnWarnings", s.last_fd as "lastFd", s.documents_left as "documentsLeft",
         f.capacity_documents as "capacityDocuments", to_char(coalesce(s.valid_until, f.valid_until), 'YYYY-MM-DD') as "validUntil",
         s.shift_open as "shiftOpen", s.shift_number as "shiftNumber", s.shift_expires_at as "shiftExpiresAt", s.unsent,
         s.first_unsent_at as "firstUnsentAt", s.clock_offset_ms as "clockOffsetMs",
         coalesce(s.receipts_done, 0)::integer as "receiptsDone", s.updated_at as "updatedAt"
       from registers k left join register_groups g on g.id = k.group_id
       left join register_status s on s.register_id = k.id left join fiscal_drives f on f.fn_number = k.fn_number
       where ($1::uuid is null or k.client_id = $1) and ($2::text is null or g.code = $2) order by k.id`,
      [filter.clientId, filter.groupCode],
    );
  }
}
