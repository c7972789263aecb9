import { malformed, unencodable } from '../bytes/faults';

/** A requisite on the wire: `tag(2 LE) length(2 LE) value`. */
export function encodeTlv(tag: number, value: Uint8Array): Buffer {
  if (tag < 1 || tag > 0xffff || value.length > 0xffff) {
    throw unencodable('Requisite does not fit TLV', { tag, bytes: value.length });
  }
  const out = Buffer.allocUnsafe(4 + value.length);
  out.writeUInt16LE(tag, 0);
  out.writeUInt16LE(value.length, 2);
  out.set(value, 4);
  return out;
}

/** Takes apart a row of requisites, one level deep. @throws FarmError `WIRE-MALFORMED` when the last one is cut */
export function decodeTlvs(bytes: Buffer): { tag: number; value: Buffer }[] {
  const found: { tag: number; value: Buffer }[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = at + 4 <= bytes.length ? at + 4 + bytes.readUInt16LE(at + 2) : bytes.length + 1;
    if (end > bytes.length) throw malformed('Requisite is cut', { at, bytes: bytes.length });
    found.push({ tag: bytes.readUInt16LE(at), value: bytes.subarray(at + 4, end) });
    at = end;
  }
  return found;
}

/** Device error for a requisite block out of order; the row itself is `command('writeAttribute')`. */
export interface AttributeBlock {
  blockCount: number;
  blockNumber: number;
  data: Buffer;
}

/** Cuts a requisite into blocks for E8; a short one is a single block. */
export function attributeBlocks(tlv: Buffer, maxBlockBytes: number): AttributeBlock[] {
  const blockCount = Math.max(1, Math.ceil(tlv.length / maxBlockBytes));
  if (blockCount > 0xff) throw unencodable('Requisite needs more than 255 blocks', { bytes: tlv.length });
  return Array.from({ length: blockCount }, (_, blockNumber) => ({
    blockCount,
    blockNumber,
    data: tlv.subarray(blockNumber * maxBlockBytes, (blockNumber + 1) * maxBlockBytes),
  }));
}

/** Puts blocks of E8 together; a block out of turn is a malformed sequence and drops what was gathered. */
export class AttributeAssembler {
  private parts: Buffer[] = [];

  /** Returns the whole TLV with its last block, undefined before it. */
  push(block: AttributeBlock): Buffer | undefined {
    if (block.blockNumber !== this.parts.length || block.blockNumber >= block.blockCount) {
      const expected = this.parts.length;
      this.reset();
      throw malformed('Requisite block is out of turn', { expected, got: block.blockNumber });
    }
    this.parts.push(Buffer.from(block.data));
    if (this.parts.length < block.blockCount) return undefined;
    const whole = Buffer.concat(this.parts);
    this.reset();
    return whole;
  }

  reset(): void {
    this.parts = [];
  }
}
