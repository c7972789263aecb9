import type { Field, Place } from './field';
import { itemFields } from './items';
import { partyFields } from './parties';
import { correctionFields, totalFields } from './totals';

export type { Field, FieldType, Place } from './field';
export { envelopeFields } from './envelope';
export { agentWords } from './agents';
export { taxSystemWords } from './parties';
export { paymentMethodWords, paymentObjectWords } from './items';

/** Every field of every receipt body. */
export const receiptFields: readonly Field[] = [
  ...partyFields,
  ...itemFields,
  ...totalFields,
  ...correctionFields,
];

/** The rows that apply to one kind of body. */
export const fieldsOf = (rows: readonly Field[], place: Place): Field[] =>
  rows.filter((row) => row.in.includes(place));
