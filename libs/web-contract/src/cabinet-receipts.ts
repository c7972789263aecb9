import type { Moment, ReceiptStateWord } from './common';

/** A search that a person keeps: `GET /api/receipt-filters`. */
export interface SavedFilterView {
  id: string;
  name: string;
  /** As the address of the page writes it, without the question mark. */
  query: string;
}

/** A file of receipts that is being written or is ready: `GET /api/exports`. */
export interface ReceiptExportView {
  id: string;
  format: 'csv' | 'xlsx';
  state: 'queued' | 'working' | 'done' | 'failed' | 'cancelled';
  /** Null until it is counted. */
  rowsTotal: number | null;
  rowsDone: number;
  bytes: number;
  error: string | null;
  createdAt: Moment;
  finishedAt: Moment | null;
  expiresAt: Moment;
}

/** What a refund or a correction would be: `POST /api/receipts/:id/derived/plan`. */
export type DerivedPreview =
  | {
      ok: true;
      operation: string;
      totalKop: number;
      /** Money of the original that would still not be taken back; null for a correction. */
      leftKop: number | null;
      items: { name: string; priceKop: number; quantityMicro: number; sumKop: number }[];
      payments: {
        cashKop: number;
        ecashKop: number;
        prepaidKop: number;
        creditKop: number;
        provisionKop: number;
      };
    }
  | { ok: false; problems: { pointer: string; text: string }[] };

/** `POST /api/receipts/:id/derived`. */
export interface MadeReceipt {
  id: string;
}

/** A receipt made from another, or the one it was made from. */
export interface LinkedReceipt {
  id: string;
  externalId: string;
  operation: string;
  state: ReceiptStateWord;
  totalKop: number;
  /** `original`: what this one was made from; otherwise how that one was made from this. */
  link: 'original' | 'refund' | 'undo' | 'redo';
}

/** Where a document is on its way to the tax service, by the operator's word; null: the operator tells nothing. */
export interface TaxStateView {
  stage: 'new' | 'sent' | 'accepted';
  at: Moment | null;
}
