import { FarmError, type Clock, type Ids } from '@kkt/contracts';
import type { Database, Sql } from '@kkt/storage';

export const KKT_STATES = ['active', 'unpaid', 'not_activated', 'closed'] as const;
export type KktState = (typeof KKT_STATES)[number];

export interface EnterpriseFields {
  inn: string;
  name: string;
}

export interface KktFields {
  rnm: string;
  fnNumber: string;
  inn: string;
  /** Name of the enterprise, when it is not registered yet. */
  enterpriseName?: string;
  serial?: string;
  model?: string;
  /** Settlement place (tag 1187) and address (1009): together they name the outlet. */
  place: string;
  address: string;
  state?: KktState;
  /** First FD number to wait for; 1 for a new FN. */
  firstFd?: number;
}

export interface DriveState {
  fnNumber: string;
  firstFd: number;
  lastFd: number | null;
  lastDocumentAt: string | null;
  lastReceivedAt: Date | null;
  closed: boolean;
  refusals: number;
  lastRefusal: string | null;
  lastRefusedAt: Date | null;
}

export interface KktView {
  rnm: string;
  inn: string;
  enterprise: string;
  outlet: { id: string; name: string; address: string };
  serial: string | null;
  model: string | null;
  state: KktState;
  stateSince: Date;
  registeredAt: Date;
  /** Newest first. */
  drives: DriveState[];
}

export interface KktFilter {
  inn?: string;
  state?: KktState;
  limit: number;
  offset: number;
}

const KKT_COLUMNS = `
  k.rnm, k.inn, e.name as enterprise, k.serial, k.model, k.state, k.state_since as "stateSince",
  k.registered_at as "registeredAt",
  json_build_object('id', o.id, 'name', o.name, 'address', o.address) as outlet,
  (select coalesce(json_agg(json_build_object(
            'fnNumber', d.fn_number, 'firstFd', d.first_fd, 'lastFd', d.last_fd,
            'lastDocumentAt', to_char(d.last_document_at, 'YYYY-MM-DD"T"HH24:MI:SS'),
            'lastReceivedAt', d.last_received_at, 'closed', d.closed, 'refusals', d.refusals,
            'lastRefusal', d.last_refusal, 'lastRefusedAt', d.last_refused_at) order by d.added_at desc, d.fn_number), '[]')
     from ofd.drives d where d.rnm = k.rnm) as drives`;
const KKT_FROM = `ofd.kkts k join ofd.enterprises e on e.inn = k.inn join ofd.outlets o on o.id = k.outlet_id`;

/** Enterprises, their outlets, their KKTs and the FNs in them. */
export class RegistryStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Registers an enterprise or renames it. */
  async saveEnterprise(fields: EnterpriseFields): Promise<void> {
    await this.saveEnterpriseIn(this.database, fields, true);
  }

  listEnterprises(limit: number, offset: number): Promise<(EnterpriseFields & { kkts: number })[]> {
    return this.database.query(
      `select e.inn, e.name, (select count(*)::int from ofd.kkts k where k.inn = e.inn) as kkts
         from ofd.enterprises e order by e.name, e.inn limit $1 offset $2`,
      [limit, offset],
    );
  }

  /**
   * Registers a KKT with its FN, or brings the record up to date: the same call again changes nothing; a new FN for a
   * known KKT is an FN swap; place and address may move. Refuses to give a KKT to another enterprise, or an FN to
   * another KKT.
   */
  async saveKkt(fields: KktFields): Promise<{ view: KktView; created: boolean }> {
    const created = await this.database.transaction(async (sql) => {
      await this.saveEnterpriseIn(
        sql,
        { inn: fields.inn, name: fields.enterpriseName ?? fields.inn },
        fields.enterpriseName !== undefined,
      );
      const outletId = await this.saveOutlet(sql, fields);
      const isNew = await this.saveKktRow(sql, fields, outletId);
      await this.saveDrive(sql, fields);
      return isNew;
    });
    return { view: await this.kkt(fields.rnm), created };
  }

  async setState(rnm: string, state: KktState): Promise<KktView> {
    const changed = await this.database.query(
      `update ofd.kkts set state = $2, state_since = case when state = $2 then state_since else $3 end
        where rnm = $1 returning rnm`,
      [rnm, state, this.now()],
    );
    if (changed.length === 0) throw unknownKkt(rnm);
    return this.kkt(rnm);
  }

  async kkt(rnm: string): Promise<KktView> {
    const [view] = await this.database.query<KktView>(
      `select ${KKT_COLUMNS} from ${KKT_FROM} where k.rnm = $1`,
      [rnm],
    );
    if (!view) throw unknownKkt(rnm);
    return view;
  }

  listKkts(filter: KktFilter): Promise<KktView[]> {
    return this.database.query<KktView>(
      `select ${KKT_COLUMNS} from ${KKT_FROM}
        where ($1::text is null or k.inn = $1) and ($2::text is null or k.state = $2)
        order by k.registered_at desc, k.rnm limit $3 offset $4`,
      [filter.inn, filter.state, filter.limit, filter.offset],
    );
  }

  /** The enterprise's own categories of goods, by item name. */
  async saveCategories(inn: string, items: readonly { itemName: string; category: string }[]): Promise<void> {
    await this.database.query(
      `insert into ofd.categories (inn, item_name, category)
       select $1, name, category from unnest($2::text[], $3::text[]) as t (name, category)
       on conflict (inn, item_name) do update set category = excluded.category`,
      [inn, items.map((item) => item.itemName), items.map((item) => item.category)],
    );
  }

  private now(): Date {
    return new Date(this.clock.nowMs());
  }

  private async saveEnterpriseIn(sql: Sql, { inn, name }: EnterpriseFields, rename: boolean): Promise<void> {
    await sql.query(
      `insert into ofd.enterprises (inn, name, created_at) values ($1, $2, $3)
       on conflict (inn) do ${rename ? 'update set name = excluded.name' : 'nothing'}`,
      [inn, name, this.now()],
    );
  }

  private async saveOutlet(sql: Sql, { inn, place, address }: KktFields): Promise<string> {
    const [row] = await sql.query<{ id: string }>(
      `insert into ofd.outlets (id, inn, name, address) values ($1, $2, $3, $4)
       on conflict (inn, name, address) do update set name = excluded.name returning id`,
      [this.ids.uuid(), inn, place, address],
    );
    if (!row) throw new FarmError('SYS-OFD-REGISTRY', 'The outlet was not stored', { inn });
    return row.id;
  }

  private async saveKktRow(sql: Sql, fields: KktFields, outletId: string): Promise<boolean> {
    const [known] = await sql.query<{ inn: string }>('select inn from ofd.kkts where rnm = $1 for update', [
      fields.rnm,
    ]);
    if (known && known.inn !== fields.inn) {
      throw new FarmError('CLIENT-KKT-TAKEN', 'This registration number belongs to another enterprise', {
        rnm: fields.rnm,
      });
    }
    await sql.query(
      `insert into ofd.kkts (rnm, inn, outlet_id, serial, model, state, state_since, registered_at)
       values ($1, $2, $3, $4, $5, coalesce($6, 'active'), $7, $7)
       on conflict (rnm) do update set outlet_id = excluded.outlet_id,
         serial = coalesce(excluded.serial, ofd.kkts.serial), model = coalesce(excluded.model, ofd.kkts.model),
         state = coalesce($6, ofd.kkts.state),
         state_since = case when coalesce($6, ofd.kkts.state) = ofd.kkts.state then ofd.kkts.state_since else $7 end`,
      [fields.rnm, fields.inn, outletId, fields.serial, fields.model, fields.state, this.now()],
    );
    return known === undefined;
  }

  private async saveDrive(sql: Sql, fields: KktFields): Promise<void> {
    const [drive] = await sql.query<{ rnm: string }>(
      `insert into ofd.drives (fn_number, rnm, first_fd, added_at) values ($1, $2, $3, $4)
       on conflict (fn_number) do update set fn_number = excluded.fn_number returning rnm`,
      [fields.fnNumber, fields.rnm, fields.firstFd ?? 1, this.now()],
    );
    if (drive?.rnm !== fields.rnm) {
      throw new FarmError('CLIENT-FN-TAKEN', 'This FN belongs to another KKT', { fnNumber: fields.fnNumber });
    }
  }
}

const unknownKkt = (rnm: string): FarmError => new FarmError('CLIENT-KKT-UNKNOWN', 'No such KKT', { rnm });
