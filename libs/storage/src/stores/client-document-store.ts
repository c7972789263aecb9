import type { Sql } from '../sql';

export type ClientDocumentState = 'made' | 'signed' | 'in_force' | 'rejected' | 'archived';

/** What was found of a client's signature when it came. */
export interface SignatureChecks {
  algorithm: string;
  digest: 'matches' | 'other_algorithm';
  mathematics: 'checked' | 'not_checked';
  inns: string[];
  validFrom: string;
  validTo: string;
}

export interface ClientDocumentRow {
  id: string;
  clientId: string;
  clientName: string;
  kind: 'contract';
  number: string;
  state: ClientDocumentState;
  day: string;
  clientSigner: string | null;
  signedAt: Date | null;
  decidedBy: string | null;
  decidedAt: Date | null;
  note: string | null;
  /** Null before it is signed, and of signatures taken before they were kept. */
  signatureChecks: SignatureChecks | null;
}

const columns = `d.id, d.client_id as "clientId", c.name as "clientName", d.kind, d.number, d.state, d.day::text,
  d.client_signer as "clientSigner", d.signed_at as "signedAt", d.decided_by as "decidedBy", d.decided_at as "decidedAt",
  d.note, d.signature_checks as "signatureChecks"`;
const source = 'client_documents d join clients c on c.id = d.client_id';

/** Contracts: the file as it was made, and the detached signature of it. */
export class ClientDocumentStore {
  constructor(private readonly sql: Sql) {}

  async add(one: {
    id: string;
    clientId: string;
    number: string;
    day: string;
    pdf: Buffer;
    sha256: Buffer;
  }): Promise<void> {
    await this.sql.query(
      `insert into client_documents (id, client_id, kind, number, day, pdf, sha256)
       values ($1, $2, 'contract', $3, $4, $5, $6)`,
      [one.id, one.clientId, one.number, one.day, one.pdf, one.sha256],
    );
  }

  /** Those of a client, or with null those of all clients that wait for our signature. */
  async list(clientId: string | null): Promise<ClientDocumentRow[]> {
    return this.sql.query<ClientDocumentRow>(
      `select ${columns} from ${source}
       where case when $1::uuid is null then d.state = 'signed' else d.client_id = $1 end
       order by d.created_at desc limit 200`,
      [clientId],
    );
  }

  /** Locked until the end of the transaction; undefined for another client's. */
  async lock(id: string, clientId: string | null): Promise<ClientDocumentRow | undefined> {
    const rows = await this.sql.query<ClientDocumentRow>(
      `select ${columns} from ${source} where d.id = $1 and ($2::uuid is null or d.client_id = $2) for update of d`,
      [id, clientId],
    );
    return rows[0];
  }

  async file(
    id: string,
    clientId: string | null,
  ): Promise<{ number: string; pdf: Buffer; signature: Buffer | null } | undefined> {
    const rows = await this.sql.query<{ number: string; pdf: Buffer; signature: Buffer | null }>(
      `select number, pdf, client_signature as signature from client_documents
       where id = $1 and ($2::uuid is null or client_id = $2)`,
      [id, clientId],
    );
    return rows[0];
  }

  async signed(id: string, signature: Buffer, signer: string, checks: SignatureChecks): Promise<void> {
    await this.sql.query(
      `update client_documents set state = 'signed', client_signature = $2, client_signer = $3, signed_at = farm_now(),
         signature_checks = $4, note = null where id = $1`,
      [id, signature, signer, JSON.stringify(checks)],
    );
  }

  async decide(
    id: string,
    state: 'in_force' | 'rejected' | 'archived',
    by: string,
    note: string | null,
  ): Promise<void> {
    await this.sql.query(
      `update client_documents set state = $2, decided_by = $3, decided_at = farm_now(), note = $4 where id = $1`,
      [id, state, by, note],
    );
  }

  /** A newer one replaces those that nobody has signed. */
  async archiveUnsigned(clientId: string): Promise<void> {
    await this.sql.query(
      `update client_documents set state = 'archived' where client_id = $1 and state = 'made'`,
      [clientId],
    );
  }
}
