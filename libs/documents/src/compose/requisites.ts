import type { TlvNode } from '@kkt/ffd';
import { pair, text, type PaperLine, type Tone } from '../paper';
import { nameOf, valueText, type Personal } from './value-text';

/**
 * Requisites of a document or of a structure inside it, taken one by one. What a form has no place of its own for
 * is left over and printed by its name, so that nothing a document holds is missing on paper.
 */
export class Requisites {
  private readonly left: Set<TlvNode>;

  constructor(
    private readonly nodes: readonly TlvNode[],
    readonly personal: Personal,
  ) {
    this.left = new Set(nodes);
  }

  /** All nodes of a tag; they count as printed. */
  takeAll(tag: number): TlvNode[] {
    const found = this.nodes.filter((node) => node.tag === tag && this.left.has(node));
    for (const node of found) this.left.delete(node);
    return found;
  }

  /** Value of a tag as text; repeated ones on one line. */
  take(tag: number): string | undefined {
    const texts = this.takeAll(tag).map((node) => valueText(node, this.personal));
    const shown = texts.filter((value) => value !== '');
    return shown.length > 0 ? shown.join(', ') : undefined;
  }

  takeNumber(tag: number): number | undefined {
    const value = this.takeAll(tag)[0]?.value;
    return typeof value === 'number' ? value : undefined;
  }

  /** Children of the first node of a tag. */
  takeInside(tag: number): Requisites | undefined {
    const value = this.takeAll(tag)[0]?.value;
    return Array.isArray(value) ? new Requisites(value, this.personal) : undefined;
  }

  /** A line with the requisite's own name, or nothing when the document does not hold it. */
  line(tag: number, name = nameOf(tag), tone: Tone = 'plain', depth = 0): PaperLine[] {
    const value = this.take(tag);
    return value === undefined ? [] : [pair(name, value, tone, depth)];
  }

  /** Lines for all that was not taken, structures as a heading with their parts moved in. */
  rest(tone: Tone = 'plain', depth = 0): PaperLine[] {
    const nodes = [...this.left];
    this.left.clear();
    return nodes.flatMap((node) => linesOf(node, this.personal, tone, depth));
  }
}

function linesOf(node: TlvNode, personal: Personal, tone: Tone, depth: number): PaperLine[] {
  if (!Array.isArray(node.value)) return [pair(nameOf(node.tag), valueText(node, personal), tone, depth)];
  const inside = node.value.flatMap((child) => linesOf(child, personal, tone, depth + 1));
  return [depth === 0 ? text(nameOf(node.tag), tone) : pair(nameOf(node.tag), '', tone, depth), ...inside];
}
