import { FarmError } from '@kkt/contracts';

/** From the whole to the part. A company may leave out brands and regions. */
export const nodeKinds = ['company', 'brand', 'region', 'shop', 'group'] as const;
export type NodeKind = (typeof nodeKinds)[number];

/** A place in a company's tree. */
export interface TreeNode {
  readonly id: string;
  readonly parentId: string | null;
  readonly kind: NodeKind;
  readonly name: string;
  /** Of a node of kind `group`: the group of registers it stands for. */
  readonly groupId: number | null;
}

const depthOf = (kind: NodeKind): number => nodeKinds.indexOf(kind);

const refuse = (field: string, rule: string): never => {
  throw new FarmError('CLIENT-TREE', rule, { field });
};

/**
 * A company's tree, checked once: one root, every parent there and of a larger kind, so that there are no circles.
 * @throws FarmError CLIENT-TREE with the rule that does not hold
 */
export class CompanyTree {
  private readonly nodes: ReadonlyMap<string, TreeNode>;
  private readonly children = new Map<string, TreeNode[]>();
  readonly root: TreeNode;

  constructor(nodes: readonly TreeNode[]) {
    this.nodes = new Map(nodes.map((node) => [node.id, node]));
    const roots = nodes.filter(({ parentId }) => parentId === null);
    const root = roots[0];
    this.root =
      root?.kind === 'company' && roots.length === 1
        ? root
        : refuse('nodes', 'У дерева должен быть один корень — компания');
    for (const node of nodes) {
      if (node.parentId === null) continue;
      const parent = this.nodes.get(node.parentId) ?? refuse('parentId', `Нет узла ${node.parentId}`);
      checkPlace(node.kind, parent.kind);
      this.children.set(parent.id, [...(this.children.get(parent.id) ?? []), node]);
    }
  }

  node(id: string): TreeNode | undefined {
    return this.nodes.get(id);
  }

  childrenOf(id: string): readonly TreeNode[] {
    return this.children.get(id) ?? [];
  }

  /** From the node itself to the root. */
  *upwards(id: string): Generator<TreeNode> {
    for (
      let node = this.nodes.get(id);
      node;
      node = node.parentId ? this.nodes.get(node.parentId) : undefined
    )
      yield node;
  }

  /** The node itself and everything below it. */
  *downwards(id: string): Generator<TreeNode> {
    const node = this.nodes.get(id);
    if (!node) return;
    yield node;
    for (const child of this.childrenOf(id)) yield* this.downwards(child.id);
  }

  /** Groups of registers at or below a node. */
  groupsBelow(id: string): number[] {
    return [...this.downwards(id)].flatMap(({ groupId }) => (groupId === null ? [] : [groupId]));
  }

  /** Names from the company down to the node, for a bread crumb. */
  pathOf(id: string): string[] {
    return [...this.upwards(id)].map(({ name }) => name).reverse();
  }

  /**
   * Whether a node may be hung below another.
   * @throws FarmError CLIENT-TREE when the place is not larger, or below the node itself
   */
  checkMove(id: string, parentId: string): void {
    const node = this.nodes.get(id) ?? refuse('id', `Нет узла ${id}`);
    const parent = this.nodes.get(parentId) ?? refuse('parentId', `Нет узла ${parentId}`);
    if (node.kind === 'company') refuse('id', 'Компанию нельзя переместить');
    if ([...this.downwards(id)].some((below) => below.id === parentId))
      refuse('parentId', 'Узел нельзя переместить внутрь самого себя');
    checkPlace(node.kind, parent.kind);
  }
}

/** @throws FarmError CLIENT-TREE */
export function checkPlace(kind: NodeKind, parentKind: NodeKind): void {
  if (kind === 'company' || depthOf(parentKind) >= depthOf(kind))
    refuse('parentId', `Узел «${kind}» не может находиться внутри «${parentKind}»`);
}
