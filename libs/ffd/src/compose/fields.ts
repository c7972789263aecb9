import type { TlvNode } from '../tlv/node';
import { plainText } from '../tlv/cp866';
import { maxLengthOfTag } from '../tags/tags';

/** The text as tag `tag` will hold it: plain characters, no spaces at the ends, cut to the tag's length. */
export function fitText(tag: number, text: string): string {
  return plainText(text).trim().slice(0, maxLengthOfTag[tag]).trimEnd();
}

/** Gathers requisites in order, leaving out what is not given. */
export class Fields {
  readonly nodes: TlvNode[] = [];

  text(tag: number, value: string | undefined): this {
    if (value === undefined) return this;
    const fitted = fitText(tag, value);
    if (fitted !== '') this.nodes.push({ tag, value: fitted });
    return this;
  }

  texts(tag: number, values: readonly string[] | undefined): this {
    for (const value of values ?? []) this.text(tag, value);
    return this;
  }

  /** Text that is not prose and must stay as it is: marking codes, times. */
  exact(tag: number, value: string | undefined): this {
    if (value !== undefined) this.nodes.push({ tag, value });
    return this;
  }

  number(tag: number, value: number | undefined): this {
    if (value !== undefined) this.nodes.push({ tag, value });
    return this;
  }

  /** A flag; absent stays absent. */
  flag(tag: number, value: boolean | undefined): this {
    if (value !== undefined) this.nodes.push({ tag, value });
    return this;
  }

  bytes(tag: number, value: Uint8Array | undefined): this {
    if (value !== undefined) this.nodes.push({ tag, value });
    return this;
  }

  /** A structure; left out when it would be empty. */
  group(tag: number, children: Fields): this {
    if (children.nodes.length > 0) this.nodes.push({ tag, value: children.nodes });
    return this;
  }

  add(nodes: readonly TlvNode[]): this {
    for (const node of nodes) this.nodes.push(node);
    return this;
  }
}
