/**
 * Value of a node by the type of its tag (see `TagType`): text, number, flag, local time as text, children;
 * bytes for `bytes` tags and for tags the table does not know. A node built by hand may hold bytes for any tag:
 * they are then written as they are.
 */
export type TlvValue = string | number | boolean | Uint8Array | TlvNode[];

/** One requisite: a tag of FFD and its value. */
export interface TlvNode {
  readonly tag: number;
  readonly value: TlvValue;
}
