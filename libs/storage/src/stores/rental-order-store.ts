import type { Day } from '@kkt/billing';
import { oneRow, type Sql } from '../sql';

export type RegisteredBy = 'farm' | 'client';

export interface NewRentalOrder {
  id: string;
  clientId: string;
  groupId: number;
  tariffId: string;
  registers: number;
  termDays: number;
  firstDay: Day;
  totalKop: number;
  registeredBy: RegisteredBy;
  createdBy: string;
}

/** A register of an order and how far it is. */
export interface OrderedRegister {
  registerId: number;
  serial: string;
  state: string;
  rnm: string | null;
  fnNumber: string | null;
  fnPhase: number | null;
  announcedAt: Date | null;
  workflowId: string | null;
  workflowStep: string | null;
  workflowStatus: string | null;
  workflowNote: string | null;
  applicationId: string | null;
  applicationState: string | null;
}

export interface RentalOrderRow extends NewRentalOrder {
  groupCode: string;
  createdAt: Date;
  items: OrderedRegister[];
}

/** A register that its operator has not been told of. */
export interface UnannouncedRegister {
  orderId: string;
  registerId: number;
  rnm: string;
  fnNumber: string;
  inn: string;
  enterpriseName: string;
  serial: string;
  model: string;
  place: string;
  address: string;
}

/** A register whose registration by the client has not begun, or waits for nothing but the FN that is there. */
export interface RegisterToInstall {
  orderId: string;
  registerId: number;
  serial: string;
  groupId: number;
  clientId: string;
  fnNumber: string;
  fnState: string;
  workflowId: string | null;
}

const itemColumns = `json_agg(json_build_object('registerId', k.id, 'serial', k.serial, 'state', k.state, 'rnm', k.rnm,
    'fnNumber', k.fn_number, 'fnPhase', s.fn_phase, 'announcedAt', i.announced_at, 'workflowId', w.id,
    'workflowStep', w.step, 'workflowStatus', w.status, 'workflowNote', w.note, 'applicationId', a.id,
    'applicationState', a.state) order by k.serial) as items`;

/** Orders of registers. */
export class RentalOrderStore {
  constructor(private readonly sql: Sql) {}

  async add(
    order: NewRentalOrder,
    items: readonly { registerId: number; rentalId: string }[],
  ): Promise<void> {
    await this.sql.query(
      `insert into rental_orders (id, client_id, group_id, tariff_id, registers, term_days, first_day, total_kop,
         registered_by, created_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        order.id,
        order.clientId,
        order.groupId,
        order.tariffId,
        order.registers,
        order.termDays,
        order.firstDay,
        order.totalKop,
        order.registeredBy,
        order.createdBy,
      ],
    );
    await this.sql.query(
      `insert into rental_order_registers (order_id, register_id, rental_id)
       select $1, * from unnest($2::integer[], $3::uuid[])`,
      [order.id, items.map(({ registerId }) => registerId), items.map(({ rentalId }) => rentalId)],
    );
  }

  /** Orders of a client, or one of them. */
  async list(clientId: string, id?: string): Promise<RentalOrderRow[]> {
    return this.sql.query<RentalOrderRow>(
      `select o.id, o.client_id as "clientId", o.group_id as "groupId", o.tariff_id as "tariffId", o.registers,
              o.term_days as "termDays", o.first_day::text as "firstDay", o.total_kop::float8 as "totalKop",
              o.registered_by as "registeredBy", o.created_by as "createdBy", g.code as "groupCode",
              o.created_at as "createdAt", ${itemColumns}
       from rental_orders o join register_groups g on g.id = o.group_id
       join rental_order_registers i on i.order_id = o.id join registers k on k.id = i.register_id
       left join register_status s on s.register_id = k.id
       left join fn_workflows w on w.id = i.workflow_id
       left join registration_applications a on a.workflow_id = w.id
       where o.client_id = $1 and ($2::uuid is null or o.id = $2)
       group by o.id, g.code order by o.created_at desc limit 100`,
      [clientId, id ?? null],
    );
  }

  /** A number for a new RNM. */
  async rnmNumber(): Promise<number> {
    const rows = await this.sql.query<{ n: string }>(`select nextval('rnm_numbers') as n`);
    return Number(oneRow(rows, 'a number for an RNM').n);
  }

  /** Keeps a free register of the stock for a client who registers it himself. */
  async reserve(registerId: number, clientId: string): Promise<void> {
    await this.sql.query(`update registers set client_id = $2 where id = $1 and state = 'stock'`, [
      registerId,
      clientId,
    ]);
    await this.sql.query(
      `update fiscal_drives set client_id = $2 where fn_number = (select fn_number from registers where id = $1)`,
      [registerId, clientId],
    );
  }

  async unannounced(limit: number): Promise<UnannouncedRegister[]> {
    return this.sql.query<UnannouncedRegister>(
      `select i.order_id as "orderId", k.id as "registerId", k.rnm, k.fn_number as "fnNumber", g.inn,
              g.user_name as "enterpriseName", k.serial, k.model, g.payment_address as place, g.address
       from rental_order_registers i join rental_orders o on o.id = i.order_id and o.registered_by = 'farm'
       join registers k on k.id = i.register_id and k.group_id = o.group_id join register_groups g on g.id = k.group_id
       where i.announced_at is null and k.rnm is not null and k.fn_number is not null
         and o.created_at > farm_now() - interval '7 days'
       order by o.created_at limit $1`,
      [limit],
    );
  }

  async announced(orderId: string, registerId: number): Promise<void> {
    await this.sql.query(
      'update rental_order_registers set announced_at = farm_now() where order_id = $1 and register_id = $2',
      [orderId, registerId],
    );
  }

  async toInstall(limit: number): Promise<RegisterToInstall[]> {
    return this.sql.query<RegisterToInstall>(
      `select i.order_id as "orderId", k.id as "registerId", k.serial, o.group_id as "groupId", o.client_id as "clientId",
              k.fn_number as "fnNumber", f.state as "fnState", i.workflow_id as "workflowId"
       from rental_order_registers i join rental_orders o on o.id = i.order_id and o.registered_by = 'client'
       join registers k on k.id = i.register_id and k.client_id = o.client_id
       join fiscal_drives f on f.fn_number = k.fn_number
       left join fn_workflows w on w.id = i.workflow_id
       where (i.workflow_id is null and k.state = 'stock')
          or (w.step = 'put_in' and w.turn = 'engineer' and w.new_fn = k.fn_number and w.finished_at is null)
       order by o.created_at limit $1`,
      [limit],
    );
  }

  async begun(orderId: string, registerId: number, workflowId: string): Promise<void> {
    await this.sql.query(
      'update rental_order_registers set workflow_id = $3 where order_id = $1 and register_id = $2',
      [orderId, registerId, workflowId],
    );
  }

  /** The last paid day of each of a client's registers; absent when one is not his. */
  async paidTo(
    clientId: string,
    registerIds: readonly number[],
  ): Promise<{ registerId: number; lastDay: Day | null }[]> {
    return this.sql.query(
      `select k.id as "registerId",
              (select max(r.last_day)::text from rentals r where r.register_id = k.id and r.client_id = $1) as "lastDay"
       from registers k where k.client_id = $1 and k.id = any ($2::integer[]) and k.state not in ('stock', 'closed')`,
      [clientId, registerIds],
    );
  }
}
