/** What the FN can be asked to make, by the pair of commands that starts and finishes it. */
export type DocumentKind =
  | 'registration'
  | 'fnChange'
  | 'reregistration'
  | 'shiftOpen'
  | 'receipt'
  | 'correction'
  | 'shiftClose'
  | 'settlement'
  | 'closing';

interface KindFacts {
  /** Form code of the document. */
  form: number;
  /** Current document code in the answer to command 30. */
  openCode: number;
}

export const DOCUMENT_KINDS: Readonly<Record<DocumentKind, KindFacts>> = {
  registration: { form: 1, openCode: 0x01 },
  fnChange: { form: 11, openCode: 0x12 },
  reregistration: { form: 11, openCode: 0x13 },
  shiftOpen: { form: 2, openCode: 0x02 },
  receipt: { form: 3, openCode: 0x04 },
  correction: { form: 31, openCode: 0x14 },
  shiftClose: { form: 5, openCode: 0x08 },
  settlement: { form: 21, openCode: 0x17 },
  closing: { form: 6, openCode: 0x10 },
};

/** A container may not exceed 32 KiB, so the document leaves room for the header and the message sign. */
export const MAX_CONTAINER_BYTES = 32_768;
