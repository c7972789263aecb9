/**
 * Codes of the operator's answer (tag 1022). The order names three: 0, 11, 14. How an operator says why it will not take
 * a document is not public (some just close the connection). Ours are 200 and up, in a document 7 without tag 1078:
 * an FN must refuse it, so the document stays in its queue, while the sender reads the cause.
 */
export const ANSWER_CODE = {
  accepted: 0,
  /** The document is not recognised: not an open document, or its requisites differ from the container's. */
  notRecognised: 11,
  /** Taken, but failed format-logic control: signed, the FN sets its warning flag and goes on. */
  formatLogicFailed: 14,
  /** No KKT is registered here with this FN. */
  unknownKkt: 200,
  /** The KKT is known, its contract was not activated. */
  notActivated: 201,
  /** The service is not paid. */
  unpaid: 202,
  /** The KKT was closed or the FN gave its closing report before. */
  closed: 203,
  /** FN numbers of session header, container and document differ, or the FN is not the KKT's. */
  wrongFn: 204,
  /** An earlier document of this FN was not seen yet. */
  outOfOrder: 205,
  /** Another document with this number is stored. */
  conflict: 206,
  /** The operator cannot store now. */
  tryLater: 207,
} as const;

export type AnswerName = keyof typeof ANSWER_CODE;

/** What must happen before the same document can be taken. */
export type Remedy =
  /** Nothing: it was taken. */
  | 'none'
  /** Send again later. */
  | 'retry'
  /** Send the earlier documents first. */
  | 'earlier-first'
  /** A person settles it with the operator: registration, payment, FN. */
  | 'person'
  /** Two documents claim one number: stop and investigate. */
  | 'alarm';

const REMEDIES: Record<AnswerName, Remedy> = {
  accepted: 'none',
  notRecognised: 'person',
  formatLogicFailed: 'none',
  unknownKkt: 'person',
  notActivated: 'person',
  unpaid: 'person',
  closed: 'person',
  wrongFn: 'person',
  outOfOrder: 'earlier-first',
  conflict: 'alarm',
  tryLater: 'retry',
};

const NAME_BY_CODE = new Map<number, AnswerName>(
  (Object.keys(ANSWER_CODE) as AnswerName[]).map((name) => [ANSWER_CODE[name], name]),
);

export interface AnswerMeaning {
  code: number;
  /** Undefined for a code of an operator we do not know. */
  name?: AnswerName;
  remedy: Remedy;
}

/** What a code of tag 1022 means for the sender; an unknown code needs a person. */
export function meaningOf(code: number): AnswerMeaning {
  const name = NAME_BY_CODE.get(code);
  return { code, name, remedy: name ? REMEDIES[name] : 'person' };
}
