import type { DateText, LocalTime } from './common';

/** A register that the client runs himself: what he says of it. */
export interface ExternalRegisterView {
  id: string;
  /** Where in the company it stands; null: nowhere in particular. */
  nodeId: string | null;
  name: string;
  model: string;
  serial: string;
  rnm: string | null;
  address: string;
  fnNumber: string | null;
  fnValidUntil: DateText | null;
  operatorName: string;
  operatorPaidUntil: DateText | null;
  note: string;
  documents: number;
  lastDocumentAt: LocalTime | null;
  mayChange: boolean;
}

/** `GET /api/external-registers`. */
export interface ExternalRegistersView {
  registers: ExternalRegisterView[];
  /** Places of the company where the person may add one; `null` id: the company itself. */
  places: { id: string | null; name: string; depth: number }[];
}

export interface ExternalDocumentView {
  fnNumber: string;
  fdNumber: number;
  form: number;
  sign: number | null;
  at: LocalTime;
  fiscalSign: number;
  totalKop: number | null;
  addedBy: string;
}

/** `GET /api/external-registers/:id`. */
export interface ExternalRegisterPage {
  register: ExternalRegisterView;
  totals: { sign: number; documents: number; totalKop: number }[];
  documents: ExternalDocumentView[];
  /** Offset of the next page; null at the end. */
  next: number | null;
}

/** `POST /api/external-registers/:id/documents`. */
export interface ExternalImportView {
  added: number;
  changed: number;
  problems: { line: number; text: string }[];
}
