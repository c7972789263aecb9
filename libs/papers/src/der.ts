/** A value of DER (X.690): its tag and its content. */
export interface DerNode {
  tag: number;
  content: Buffer;
  /** With tag and length: what is signed. */
  raw: Buffer;
}

/** The bytes are no DER. */
export class DerError extends Error {}

function readAt(bytes: Buffer, at: number): { node: DerNode; next: number } {
  if (at + 2 > bytes.length) throw new DerError('it ends too soon');
  const tag = bytes.readUInt8(at);
  const first = bytes.readUInt8(at + 1);
  // Long lengths up to 4 bytes; an indefinite one is no DER.
  const sizeBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || sizeBytes > 4) throw new DerError('a length it cannot have');
  if (at + 2 + sizeBytes > bytes.length) throw new DerError('it ends too soon');
  const size = sizeBytes === 0 ? first : bytes.readUIntBE(at + 2, sizeBytes);
  const from = at + 2 + sizeBytes;
  if (from + size > bytes.length) throw new DerError('it ends too soon');
  return {
    node: { tag, content: bytes.subarray(from, from + size), raw: bytes.subarray(at, from + size) },
    next: from + size,
  };
}

/** The one value a file holds. @throws DerError */
export const readDer = (bytes: Buffer): DerNode => readAt(bytes, 0).node;

/** Values inside a constructed value. */
export function children({ tag, content }: Pick<DerNode, 'tag' | 'content'>): DerNode[] {
  if ((tag & 0x20) === 0) return [];
  const found: DerNode[] = [];
  for (let at = 0; at < content.length;) {
    const { node, next } = readAt(content, at);
    found.push(node);
    at = next;
  }
  return found;
}

/** `1.2.840.113549`; empty when the value is no object identifier. */
export function oidOf({ tag, content }: Pick<DerNode, 'tag' | 'content'>): string {
  if (tag !== 0x06) return '';
  const parts: number[] = [];
  let value = 0;
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (parts.length === 0)
      parts.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)));
    else parts.push(value);
    value = 0;
  }
  return parts.join('.');
}

/** Text of a string type; BMPString is UTF-16 big-endian, others are UTF-8 or its subsets. */
export function textOf({ tag, content }: DerNode): string {
  if (tag === 0x1e) return Buffer.from(content).swap16().toString('utf16le');
  return content.toString('utf8');
}
