import { documentRules, TAG, type TlvNode } from '@kkt/ffd';
import type { FfdVersion } from '@kkt/contracts';

/**
 * What of the requisites a host gave goes into the document itself: those of the printed form only (1292, the user and
 * the place in shift reports) stay on paper, and the time zone (1011) belongs to notifications of marked goods.
 */
export function electronicForm(nodes: readonly TlvNode[], parent: number, ffd: FfdVersion): TlvNode[] {
  return nodes
    .filter(({ tag }) => tag !== TAG.timezone && !isPaperOnly(tag, parent, ffd))
    .map((node) =>
      Array.isArray(node.value) ? { ...node, value: electronicForm(node.value, node.tag, ffd) } : node,
    );
}

/** Whether the order puts this requisite only into the printed form of the document or structure. */
export const isPaperOnly = (tag: number, parent: number, ffd: FfdVersion): boolean =>
  documentRules(ffd, parent)?.get(tag)?.form === 'printed';
