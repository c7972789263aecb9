import { Inject, Injectable } from '@nestjs/common';
import { FactsAbsorber } from '@kkt/sales';
import { contactKey } from '@kkt/security';
import { CompanyStore, type ReceiptQuery, ReceiptSearchStore } from '@kkt/storage';
import type { Page, ReceiptBrief, ReceiptTotals } from '@kkt/web-contract';
import { receiptBrief } from '@kkt/web-server';
import { type CabinetParts, PARTS } from '../parts';
import type { Caller } from '../session/session.guard';
import { type FilterQuery, queryOf, readCursor } from './receipt-query';

const pageSize = 50;

/** Searches of a client's receipts. What has finished before the question is always found. */
@Injectable()
export class ReceiptSearchService {
  private readonly store: ReceiptSearchStore;
  private readonly absorber: FactsAbsorber;
  private readonly contactKey: Buffer;

  constructor(
    @Inject(PARTS) parts: CabinetParts,
    @Inject(CompanyStore) private readonly companies: CompanyStore,
  ) {
    this.store = new ReceiptSearchStore(parts.database);
    this.absorber = new FactsAbsorber(parts.database, parts.secretKey);
    this.contactKey = contactKey(parts.secretKey);
  }

  queryOf(caller: Caller, asked: FilterQuery): Promise<ReceiptQuery> {
    return queryOf(caller, asked, {
      contactKey: this.contactKey,
      tree: () => this.companies.tree(caller.clientId),
    });
  }

  async list(caller: Caller, asked: FilterQuery, after?: string): Promise<Page<ReceiptBrief>> {
    await this.absorber.catchUp();
    const { rows, next } = await this.store.page(
      await this.queryOf(caller, asked),
      pageSize,
      after === undefined ? undefined : readCursor(after),
    );
    return { rows: rows.map(receiptBrief), next: next && `${next.acceptedAt}|${next.id}` };
  }

  async totals(caller: Caller, asked: FilterQuery): Promise<ReceiptTotals> {
    await this.absorber.catchUp();
    return this.store.totals(await this.queryOf(caller, asked));
  }
}
