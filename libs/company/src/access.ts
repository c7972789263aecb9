import { FarmError } from '@kkt/contracts';
import { type CompanyRole, companyWide, type Right, rightsOfRole } from './roles';
import type { CompanyTree } from './tree';

/** A role given to a person at a node: it holds there and everywhere below. */
export interface Grant {
  readonly nodeId: string;
  readonly role: CompanyRole;
}

/** What one person may do in one company. Made anew for each request, so that a change holds at once. */
export class Access {
  /** For each right, the nodes at which it was given. */
  private readonly given = new Map<Right, Set<string>>();

  constructor(
    private readonly tree: CompanyTree,
    grants: readonly Grant[],
  ) {
    for (const { nodeId, role } of grants) {
      const node = tree.node(nodeId);
      // A grant at a node that is gone gives nothing.
      if (!node) continue;
      for (const right of rightsOfRole[role]) {
        if (companyWide.has(right) && node.kind !== 'company') continue;
        const nodes = this.given.get(right) ?? new Set<string>();
        this.given.set(right, nodes.add(nodeId));
      }
    }
  }

  /** Whether the person may do it at a node. */
  can(right: Right, nodeId: string): boolean {
    const nodes = this.given.get(right);
    if (!nodes) return false;
    for (const node of this.tree.upwards(nodeId)) if (nodes.has(node.id)) return true;
    return false;
  }

  /** Whether he may do it somewhere in the company: decides what a menu shows. */
  canSomewhere(right: Right): boolean {
    return (this.given.get(right)?.size ?? 0) > 0;
  }

  /** Whether he may do it in the whole company, also with what hangs at no node. */
  canEverywhere(right: Right): boolean {
    return this.given.get(right)?.has(this.tree.root.id) ?? false;
  }

  /** Whether he may do it at a node or somewhere below it: then the node is on the way to something of his. */
  hasBelow(right: Right, nodeId: string): boolean {
    for (const node of this.tree.downwards(nodeId)) if (this.can(right, node.id)) return true;
    return false;
  }

  get rootId(): string {
    return this.tree.root.id;
  }

  /** Groups of registers where he may do it. */
  groups(right: Right): number[] {
    const found = new Set<number>();
    for (const nodeId of this.given.get(right) ?? [])
      for (const groupId of this.tree.groupsBelow(nodeId)) found.add(groupId);
    return [...found].sort((a, b) => a - b);
  }

  /** @throws FarmError CLIENT-FORBIDDEN when he may not */
  must(right: Right, nodeId: string = this.tree.root.id): void {
    if (!this.can(right, nodeId))
      throw new FarmError('CLIENT-FORBIDDEN', `Недостаточно прав: ${right}`, { right });
  }

  /**
   * Whether he may give a role at a node: only one whose every right he has there himself, so that nobody raises
   * himself by way of another.
   */
  canGive(role: CompanyRole, nodeId: string): boolean {
    if (!this.canEverywhere('people:write')) return false;
    const isRoot = nodeId === this.tree.root.id;
    return rightsOfRole[role]
      .filter((right) => isRoot || !companyWide.has(right))
      .every((right) => this.can(right, nodeId));
  }
}
