import { FarmError, type Clock } from '@kkt/contracts';
import type { Database } from '@kkt/storage';

/** A document as it is passed on: its key, whose it is, and the JSON in the naming of the FNS. */
export interface TaxDocument {
  fnNumber: string;
  fdNumber: number;
  inn: string;
  rnm: string;
  /** JSON text. */
  document: string;
}

export interface TaxBatch {
  id: string;
  documents: readonly TaxDocument[];
}

/** Takes documents for the state. Resolves when the whole batch is kept there; the same batch may come again. */
export interface TaxService {
  deliver(batch: TaxBatch): Promise<void>;
}

/** Stands in for the tax service's intake: keeps what it is given, can be switched off like the real one goes down. */
export class ReferenceTaxService implements TaxService {
  private up = true;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  get isUp(): boolean {
    return this.up;
  }

  switch(up: boolean): void {
    this.up = up;
  }

  async deliver(batch: TaxBatch): Promise<void> {
    if (!this.up) throw new FarmError('WIRE-TAX-DOWN', 'The tax service does not answer');
    const column = <T>(pick: (document: TaxDocument) => T): T[] => batch.documents.map(pick);
    await this.database.query(
      `insert into ofd.tax_documents (fn_number, fd_number, inn, rnm, document, batch_id, received_at)
       select fn, fd, inn, rnm, document::jsonb, $6::uuid, $7
         from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[]) as t (fn, fd, inn, rnm, document)
       on conflict (fn_number, fd_number) do nothing`,
      [
        column((document) => document.fnNumber),
        column((document) => document.fdNumber),
        column((document) => document.inn),
        column((document) => document.rnm),
        column((document) => document.document),
        batch.id,
        new Date(this.clock.nowMs()),
      ],
      'ofd-tax-keep',
    );
  }
}
