import type { CompanyNodeView, NodeKindWord } from '@kkt/web-contract';

/** From the whole to the part; a node hangs below one of a larger kind. */
const sizes: readonly NodeKindWord[] = ['company', 'brand', 'region', 'shop', 'group'];

/** Whether a node of a kind may hang below one of another. */
export const fitsBelow = (kind: NodeKindWord, parent: NodeKindWord): boolean =>
  sizes.indexOf(parent) < sizes.indexOf(kind);

/** Kinds that people add; groups come with their registers. */
export const addable = ['brand', 'region', 'shop'] as const;
export type AddableKind = (typeof addable)[number];

export interface PlacedNode extends CompanyNodeView {
  depth: number;
  children: number;
}

/** Nodes in the order of the tree, each with its depth. A node whose parent is not shown stands at the top. */
export function inOrder(nodes: readonly CompanyNodeView[]): PlacedNode[] {
  const known = new Set(nodes.map(({ id }) => id));
  const below = new Map<string | null, CompanyNodeView[]>();
  for (const node of nodes) {
    const parent = node.parentId !== null && known.has(node.parentId) ? node.parentId : null;
    below.set(parent, [...(below.get(parent) ?? []), node]);
  }
  const placed: PlacedNode[] = [];
  const walk = (parentId: string | null, depth: number): void => {
    for (const node of below.get(parentId) ?? []) {
      placed.push({ ...node, depth, children: below.get(node.id)?.length ?? 0 });
      walk(node.id, depth + 1);
    }
  };
  walk(null, 0);
  return placed;
}

/** A node itself and all below it, by id. */
export function withBelow(nodes: readonly CompanyNodeView[], id: string): Set<string> {
  const found = new Set([id]);
  for (const node of inOrder(nodes))
    if (node.parentId !== null && found.has(node.parentId)) found.add(node.id);
  return found;
}

/** Lines of a choice, indented like the tree. */
export const nodeChoices = (nodes: readonly PlacedNode[]): { value: string; label: string }[] =>
  nodes.map(({ id, name, depth }) => ({ value: id, label: `${'\u00a0\u00a0\u00a0'.repeat(depth)}${name}` }));
