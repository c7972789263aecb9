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

/** First node of the tag. */
export function findNode(nodes: readonly TlvNode[], tag: number): TlvNode | undefined {
  for (const node of nodes) if (node.tag === tag) return node;
  return undefined;
}

/** All nodes of a repeated tag, in their order. */
export function allOf(nodes: readonly TlvNode[], tag: number): TlvNode[] {
  return nodes.filter((node) => node.tag === tag);
}

/** Value of the first node of the tag when it is text (strings and times). */
export function textOf(nodes: readonly TlvNode[], tag: number): string | undefined {
  const value = findNode(nodes, tag)?.value;
  return typeof value === 'string' ? value : undefined;
}

/** Value of the first node of the tag when it is a number. */
export function numberOf(nodes: readonly TlvNode[], tag: number): number | undefined {
  const value = findNode(nodes, tag)?.value;
  return typeof value === 'number' ? value : undefined;
}

/** Value of the first node of the tag when it is a flag. */
export function flagOf(nodes: readonly TlvNode[], tag: number): boolean | undefined {
  const value = findNode(nodes, tag)?.value;
  return typeof value === 'boolean' ? value : undefined;
}

/** Value of the first node of the tag when it is bytes. */
export function bytesOf(nodes: readonly TlvNode[], tag: number): Uint8Array | undefined {
  const value = findNode(nodes, tag)?.value;
  return value instanceof Uint8Array ? value : undefined;
}

/** Children of the first node of the tag. */
export function childrenOf(nodes: readonly TlvNode[], tag: number): TlvNode[] | undefined {
  const value = findNode(nodes, tag)?.value;
  return Array.isArray(value) ? value : undefined;
}
