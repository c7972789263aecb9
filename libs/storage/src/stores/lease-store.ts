import type { Sql } from '../sql';

/** Who a driver process is, so that its death can be told from its silence. */
export interface DriverProcess {
  /** Unique for each start. */
  owner: string;
  driverId: string;
  host: string;
  /** Changes with each boot of the host. */
  bootId: string;
  pid: number;
  /** Start time of the process in clock ticks since boot: a reused pid differs. */
  startTicks: string;
}

/** A register under lease, with everything its session needs to know. */
export interface LeasedRegister {
  registerId: number;
  fence: string;
  serial: string;
  model: string;
  transport:
    | { kind: 'tcp'; host: string; port: number }
    | { kind: 'serial'; path: string; baudRate?: number }
    /** The vendor's web server with the driver's JSON tasks, `http://host:port`. */
    | { kind: 'json'; url: string };
  state: 'stock' | 'registering' | 'ready' | 'paused' | 'stopped' | 'swap' | 'closed';
  rnm: string | null;
  ffd: 2 | 3 | 4 | null;
  fnNumber: string | null;
  machineNumber: string | null;
  group: {
    id: number;
    code: string;
    inn: string;
    userName: string;
    taxSystems: number;
    defaultTaxSystem: number | null;
    paymentAddress: string;
    address: string;
    senderEmail: string | null;
    fnsSite: string;
    /** Of the register's own operator. */
    ofdInn: string;
    ofdName: string;
    /** Where the operator listens, for documents and for the marking system behind it. */
    ofdHost: string;
    ofdPort: number;
  } | null;
  /** The register moves to another operator: no sales until that is done. */
  operatorChange: OperatorMove | null;
}

/** A change of operator under way, as the driver carries it out. */
export interface OperatorMove {
  id: string;
  /** `draining`: what waits goes to the old operator. `registering`: the FN gets its report of the change. */
  state: 'draining' | 'registering';
  /** The FN's last document before the report. */
  fdBefore: number | null;
  toInn: string;
  toName: string;
}

export const leasedColumns = `
  k.id as "registerId", l.fence::text, k.serial, k.model, k.transport, k.state, k.rnm, k.ffd, k.fn_number as "fnNumber",
  k.machine_number as "machineNumber",
  case when g.id is null then null else json_build_object('id', g.id, 'code', g.code, 'inn', g.inn, 'userName', g.user_name,
    'taxSystems', g.tax_systems, 'defaultTaxSystem', g.default_tax_system, 'paymentAddress', g.payment_address,
    'address', g.address, 'senderEmail', g.sender_email, 'fnsSite', g.fns_site, 'ofdInn', coalesce(o.inn, g.ofd_inn),
    'ofdName', coalesce(o.name, g.ofd_name), 'ofdHost', coalesce(o.host, g.ofd_host), 'ofdPort', coalesce(o.port, g.ofd_port)) end as "group",
  (select json_build_object('id', c.id::text, 'state', c.state, 'fdBefore', c.fd_before, 'toInn', n.inn, 'toName', n.name)
     from operator_changes c join operators n on n.id = c.to_operator_id
    where c.register_id = k.id and c.state in ('draining', 'registering')) as "operatorChange"`;

/** One writer per module: leases with a fence that only grows. */
export class LeaseStore {
  constructor(private readonly sql: Sql) {}

  async registerProcess(process: DriverProcess): Promise<void> {
    await this.sql.query(
      `insert into driver_processes (owner, driver_id, host, boot_id, pid, start_ticks) values ($1, $2, $3, $4, $5, $6)`,
      [process.owner, process.driverId, process.host, process.bootId, process.pid, process.startTicks],
    );
  }

  /** Processes that hold leases on this driver's registers now: the candidates for "is it really dead?". */
  async holders(driverId: string): Promise<DriverProcess[]> {
    return this.sql.query<DriverProcess>(
      `select distinct p.owner, p.driver_id as "driverId", p.host, p.boot_id as "bootId", p.pid, p.start_ticks as "startTicks"
       from leases l join registers k on k.id = l.register_id join driver_processes p on p.owner = l.owner
       where k.driver_id = $1 and l.expires_at > farm_now()`,
      [driverId],
    );
  }

  /**
   * Takes every free lease of the driver's registers: never taken, ended, or held by an owner named in `deadOwners`
   * (processes proven dead on this very host, whose sockets and ports are closed by the kernel).
   */
  async acquire(input: {
    owner: string;
    driverId: string;
    ttlS: number;
    deadOwners: readonly string[];
  }): Promise<LeasedRegister[]> {
    return this.sql.query<LeasedRegister>(
      `with fresh as (
         insert into leases (register_id, owner, fence, expires_at)
         select id, $1, 1, farm_now() + make_interval(secs => $3) from registers k
         where k.driver_id = $2 and k.state <> 'closed'
           and not exists (select from leases l where l.register_id = k.id)
         on conflict do nothing
         returning *
       ), freed as (
         update leases l set owner = $1, fence = l.fence + 1, expires_at = farm_now() + make_interval(secs => $3)
         from registers k
         where k.id = l.register_id and k.driver_id = $2 and k.state <> 'closed'
           and (l.owner is null or l.expires_at <= farm_now() or l.owner = any($4::uuid[]))
         returning l.*
       ), taken as (
         select * from fresh union all select * from freed
       )
       select ${leasedColumns} from taken l join registers k on k.id = l.register_id
       left join register_groups g on g.id = k.group_id left join operators o on o.id = k.operator_id order by k.id`,
      [input.owner, input.driverId, input.ttlS, input.deadOwners],
    );
  }

  /** Prolongs the leases that are still ours; returns them with the registers' present facts. One that is missing is lost. */
  async renew(owner: string, ttlS: number): Promise<LeasedRegister[]> {
    return this.sql.query<LeasedRegister>(
      `with kept as (
         update leases set expires_at = farm_now() + make_interval(secs => $2)
         where owner = $1 and expires_at > farm_now() returning *
       ), seen as (
         update driver_processes set seen_at = farm_now() where owner = $1
       )
       select ${leasedColumns} from kept l join registers k on k.id = l.register_id
       left join register_groups g on g.id = k.group_id left join operators o on o.id = k.operator_id`,
      [owner, ttlS],
    );
  }

  /** Gives leases back at a clean stop, so that a successor need not wait. */
  async release(owner: string): Promise<void> {
    await this.sql.query(`update leases set owner = null, expires_at = farm_now() where owner = $1`, [owner]);
  }

  /** Gives one lease back. */
  async releaseOne(owner: string, registerId: number): Promise<void> {
    await this.sql.query(
      `update leases set owner = null, expires_at = farm_now() where owner = $1 and register_id = $2`,
      [owner, registerId],
    );
  }
}
