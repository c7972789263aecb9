/** Bodies a shop can send: `r` receipt, `c` correction; 4 and 5 are protocol versions. */
export type Place = 'r4' | 'c4' | 'r5' | 'c5';

export type FieldType = 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'array';

/**
 * One field of a receipt body. From these rows come the compiled schemas of the compatible doors, and the classes,
 * OpenAPI and documentation of our own: so they cannot drift apart.
 */
export interface Field {
  /** Inside `receipt` or `correction`; `[]` stands for each element: `items[].vat.type`. */
  path: string;
  type: FieldType;
  in: readonly Place[];
  /** Where its absence refuses the body. Elsewhere null and an empty text mean absence. */
  required?: readonly Place[];
  /** Required, yet null is taken (typed clients send it). */
  nullable?: boolean;
  /** FFD tag it becomes. */
  tag?: number;
  minLength?: number;
  maxLength?: number;
  /** Must run in linear time: bodies come from outside. */
  pattern?: string;
  minimum?: number;
  maximum?: number;
  /** Digits after the point. */
  decimals?: number;
  minItems?: number;
  maxItems?: number;
  values?: readonly (string | number)[];
  ru: string;
  en: string;
}

export const everywhere: readonly Place[] = ['r4', 'c4', 'r5', 'c5'];
export const receipts: readonly Place[] = ['r4', 'r5'];
export const v5: readonly Place[] = ['r5', 'c5'];
/** Bodies with items: all but the correction of version 4. */
export const full: readonly Place[] = ['r4', 'r5', 'c5'];
