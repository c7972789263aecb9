import type { FindingKind } from '@kkt/storage';

/** What every place knows of a document. */
export interface DocumentFacts {
  /** Tag 1040. */
  fdNumber: number;
  /** Form by the FFD; 0 when the place does not tell. */
  form: number;
  /** Tag 1077. */
  fiscalSign: number;
  totalKop: number | null;
  /** Local wall clock, `YYYY-MM-DDTHH:MM:SS`; places differ in their seconds. */
  at: string;
}

export interface FnFacts extends DocumentFacts {
  /** The operator's confirmation is in the FN. */
  delivered: boolean;
}

export interface DatabaseFacts extends DocumentFacts {
  confirmed: boolean;
  receiptId: string | null;
}

export type OperatorFacts = DocumentFacts;

export type Place = 'fn' | 'database' | 'operator';

/** All that is known of one FN's documents, by FD number. A place that could not be read is absent. */
export interface DriveFacts {
  /** Numbers below it are not looked at. */
  fromFd: number;
  fn?: ReadonlyMap<number, FnFacts>;
  /** The FN's last number by its own count. */
  lastFdInFn?: number;
  database: ReadonlyMap<number, DatabaseFacts>;
  operator?: ReadonlyMap<number, OperatorFacts>;
  /**
   * The FN is still in its register. Without its word an open confirmation may simply be waiting for it, so it is
   * no difference then.
   */
  isInstalled: boolean;
  /** Documents older than this local time should be at the operator by now. */
  lateBefore: string;
}

/** Something that is not the same everywhere. */
export interface Difference {
  kind: FindingKind;
  fdNumber: number;
  /** The last number of a gap; `fdNumber` for one document. */
  toFd: number;
  /** Absent when nobody tells it. */
  form?: number;
  details: DifferenceDetails;
}

export interface DifferenceDetails {
  /** Places that have the document. */
  seenIn?: readonly Place[];
  /** Places that say it is confirmed, or that do not, as the kind has it. */
  saidBy?: readonly Place[];
  /** Why a document should be at the operator. */
  why?: 'operator_has_later_ones' | 'waits_too_long';
  /** What differs: the field and each place's value. */
  fields?: readonly FieldDifference[];
  fiscalSign?: number;
  totalKop?: number;
  at?: string;
  receiptId?: string;
}

export interface FieldDifference {
  field: 'form' | 'fiscalSign' | 'totalKop' | 'at' | 'confirmed';
  values: Partial<Record<Place, string | number | boolean>>;
}

export interface Comparison {
  differences: Difference[];
  /** Documents that at least one place has. */
  documents: number;
  /** Everything from `fromFd` to this number is the same everywhere and confirmed; `fromFd - 1` when nothing is. */
  provenUpTo: number;
}

/** Receipts, correction receipts and strict accounting forms: documents of a settlement. */
const SETTLEMENT_FORMS: ReadonlySet<number> = new Set([3, 4, 31, 41]);

/** A settlement that the database does not know: money was taken and nobody here can tell for what. */
export const isLostSettlement = ({ kind, form }: Pick<Difference, 'kind' | 'form'>): boolean =>
  kind === 'missing_in_database' && form !== undefined && SETTLEMENT_FORMS.has(form);
