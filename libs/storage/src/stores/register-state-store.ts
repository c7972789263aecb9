import type { Sql } from '../sql';

/** What a client's monitoring is told of one of its registers. */
export interface RegisterStateRow {
  serial: string;
  rnm: string | null;
  groupCode: string | null;
  inn: string | null;
  paymentAddress: string | null;
  fnNumber: string | null;
  /** Local wall time of the FN's first registration report, `YYYY-MM-DDTHH:MM:SS`. */
  registeredAt: string | null;
  /** `YYYY-MM-DD`. */
  validUntil: string | null;
  lastFd: number;
  capacityDocuments: number | null;
  online: boolean;
  shiftOpen: boolean;
  shiftNumber: number;
  shiftReceipts: number;
  unsent: number;
  firstUnsentAt: Date | null;
  /** Why the FN's message on its way to the operator is not answered yet. */
  relayCause: string | null;
  updatedAt: Date | null;
}

const select = `
  select k.serial, k.rnm, g.code as "groupCode", g.inn, g.payment_address as "paymentAddress", k.fn_number as "fnNumber",
    to_char(born.document_at, 'YYYY-MM-DD"T"HH24:MI:SS') as "registeredAt",
    to_char(coalesce(s.valid_until, f.valid_until), 'YYYY-MM-DD') as "validUntil", coalesce(s.last_fd, 0) as "lastFd",
    f.capacity_documents as "capacityDocuments", coalesce(s.online, false) as online,
    coalesce(s.shift_open, false) as "shiftOpen", coalesce(s.shift_number, 0) as "shiftNumber",
    case when newest.shift_number = s.shift_number then newest.receipt_number else 0 end as "shiftReceipts",
    coalesce(s.unsent, 0) as unsent, s.first_unsent_at as "firstUnsentAt", m.cause as "relayCause",
    s.updated_at as "updatedAt"
  from registers k
  left join register_groups g on g.id = k.group_id
  left join register_status s on s.register_id = k.id
  left join fiscal_drives f on f.fn_number = k.fn_number
  left join ofd_messages m on m.fn_number = k.fn_number and m.state <> 'confirmed'
  left join lateral (
    select d.document_at from documents d where d.fn_number = k.fn_number and d.form in (1, 11)
    order by d.fd_number limit 1
  ) born on true
  left join lateral (
    select d.shift_number, d.receipt_number from documents d
    where d.fn_number = k.fn_number and d.receipt_id is not null order by d.fd_number desc limit 1
  ) newest on true
  where k.client_id = $1`;

/** State of one client's registers. */
export class RegisterStateStore {
  constructor(private readonly sql: Sql) {}

  async page(clientId: string, page: { limit: number; offset: number }): Promise<RegisterStateRow[]> {
    return this.sql.query<RegisterStateRow>(
      `${select} order by k.serial limit $2 offset $3`,
      [clientId, page.limit, page.offset],
      'register_states_page',
    );
  }

  async bySerial(clientId: string, serial: string): Promise<RegisterStateRow | undefined> {
    const rows = await this.sql.query<RegisterStateRow>(
      `${select} and k.serial = $2`,
      [clientId, serial],
      'register_states_one',
    );
    return rows[0];
  }
}
