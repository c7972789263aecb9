import type { Sql } from '../sql';

/** What an owner says of a register of his own. Days are `YYYY-MM-DD`. */
export interface ExternalRegisterFacts {
  nodeId: string | null;
  name: string;
  model: string;
  serial: string;
  rnm: string | null;
  address: string;
  fnNumber: string | null;
  fnValidUntil: string | null;
  operatorName: string;
  operatorPaidUntil: string | null;
  note: string;
}

export interface ExternalRegisterRow extends ExternalRegisterFacts {
  id: string;
  clientId: string;
  documents: number;
  lastDocumentAt: string | null;
  updatedAt: Date;
}

export interface ExternalDocumentRow {
  fnNumber: string;
  fdNumber: number;
  form: number;
  sign: number | null;
  /** The register's wall clock. */
  at: string;
  fiscalSign: number;
  totalKop: number | null;
  addedBy: string;
}

const columns = `e.id, e.client_id as "clientId", e.node_id as "nodeId", e.name, e.model, e.serial, e.rnm, e.address,
  e.fn_number as "fnNumber", e.fn_valid_until::text as "fnValidUntil", e.operator_name as "operatorName",
  e.operator_paid_until::text as "operatorPaidUntil", e.note, e.updated_at as "updatedAt"`;
const withDocuments = `select ${columns}, d.n as documents, d.at as "lastDocumentAt" from external_registers e
  cross join lateral (
    select count(*)::integer as n, to_char(max(document_at), 'YYYY-MM-DD"T"HH24:MI:SS') as at
    from external_documents where register_id = e.id) d`;

const valuesOf = (facts: ExternalRegisterFacts): (string | null)[] => [
  facts.nodeId,
  facts.name,
  facts.model,
  facts.serial,
  facts.rnm,
  facts.address,
  facts.fnNumber,
  facts.fnValidUntil,
  facts.operatorName,
  facts.operatorPaidUntil,
  facts.note,
];

/** Registers that clients run themselves, and the documents they told of. */
export class ExternalRegisterStore {
  constructor(private readonly sql: Sql) {}

  async list(clientId: string): Promise<ExternalRegisterRow[]> {
    return this.sql.query<ExternalRegisterRow>(
      `${withDocuments} where e.client_id = $1 and e.archived_at is null order by e.name, e.id`,
      [clientId],
    );
  }

  /** Undefined for another client's and for one that was put away. */
  async read(id: string, clientId: string): Promise<ExternalRegisterRow | undefined> {
    const rows = await this.sql.query<ExternalRegisterRow>(
      `${withDocuments} where e.id = $1 and e.client_id = $2 and e.archived_at is null`,
      [id, clientId],
    );
    return rows[0];
  }

  /** @throws the unique violation `external_registers_serial` for a serial number the client has already */
  async add(id: string, clientId: string, facts: ExternalRegisterFacts): Promise<void> {
    await this.sql.query(
      `insert into external_registers (id, client_id, node_id, name, model, serial, rnm, address, fn_number, fn_valid_until,
         operator_name, operator_paid_until, note)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [id, clientId, ...valuesOf(facts)],
    );
  }

  async change(id: string, facts: ExternalRegisterFacts): Promise<void> {
    await this.sql.query(
      `update external_registers set node_id = $2, name = $3, model = $4, serial = $5, rnm = $6, address = $7,
         fn_number = $8, fn_valid_until = $9, operator_name = $10, operator_paid_until = $11, note = $12,
         updated_at = farm_now()
       where id = $1`,
      [id, ...valuesOf(facts)],
    );
  }

  async archive(id: string): Promise<void> {
    await this.sql.query('update external_registers set archived_at = farm_now() where id = $1', [id]);
  }

  /** Documents that were known already are brought up to date. Returns how many were new. */
  async addDocuments(
    registerId: string,
    documents: readonly Omit<ExternalDocumentRow, 'addedBy'>[],
    addedBy: string,
  ): Promise<number> {
    const rows = await this.sql.query<{ isNew: boolean }>(
      `insert into external_documents as d (register_id, fn_number, fd_number, form, sign, document_at, fiscal_sign, total_kop,
         added_by)
       select $1, "fnNumber", "fdNumber", form, sign, at, "fiscalSign", "totalKop", $3
       from json_to_recordset($2::json) as x("fnNumber" text, "fdNumber" integer, form smallint, sign smallint, at timestamp,
                                             "fiscalSign" bigint, "totalKop" bigint)
       on conflict (register_id, fn_number, fd_number) do update set form = excluded.form, sign = excluded.sign,
         document_at = excluded.document_at, fiscal_sign = excluded.fiscal_sign, total_kop = excluded.total_kop
       returning xmax = 0 as "isNew"`,
      [registerId, JSON.stringify(documents), addedBy],
    );
    return rows.filter(({ isNew }) => isNew).length;
  }

  /** The newest first. */
  async documents(registerId: string, limit: number, offset: number): Promise<ExternalDocumentRow[]> {
    return this.sql.query<ExternalDocumentRow>(
      `select fn_number as "fnNumber", fd_number as "fdNumber", form, sign,
              to_char(document_at, 'YYYY-MM-DD"T"HH24:MI:SS') as at, fiscal_sign::float8 as "fiscalSign",
              total_kop::float8 as "totalKop", added_by as "addedBy"
       from external_documents where register_id = $1
       order by document_at desc, fn_number, fd_number desc limit $2 offset $3`,
      [registerId, limit, offset],
    );
  }

  async totals(registerId: string): Promise<{ sign: number; documents: number; totalKop: number }[]> {
    return this.sql.query(
      `select sign, count(*)::integer as documents, sum(total_kop)::float8 as "totalKop"
       from external_documents where register_id = $1 and sign is not null group by sign order by sign`,
      [registerId],
    );
  }

  async removeDocument(registerId: string, fnNumber: string, fdNumber: number): Promise<boolean> {
    const rows = await this.sql.query(
      `delete from external_documents where register_id = $1 and fn_number = $2 and fd_number = $3 returning fd_number`,
      [registerId, fnNumber, fdNumber],
    );
    return rows.length > 0;
  }

  /** Registers whose FN ends within so many days from a day, or ended in the last week. */
  async ending(today: string, withinDays: number): Promise<ExternalRegisterRow[]> {
    return this.sql.query<ExternalRegisterRow>(
      `${withDocuments} where e.archived_at is null
         and e.fn_valid_until between $1::date - 7 and $1::date + $2::integer`,
      [today, withinDays],
    );
  }
}
