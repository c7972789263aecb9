import { malformed } from './faults';

/** Reads a buffer from front to back; a read past the end is a `WIRE-MALFORMED` error, never a silent zero. */
export class ByteReader {
  private at: number;

  constructor(
    private readonly bytes: Buffer,
    from = 0,
  ) {
    this.at = from;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  u8(): number {
    const value = this.bytes[this.at];
    if (value === undefined) throw malformed('Message ends before its layout does', { at: this.at });
    this.at += 1;
    return value;
  }

  /** A view on the next `count` bytes. */
  take(count: number): Buffer {
    if (count > this.left) {
      throw malformed('Message ends before its layout does', { at: this.at, needed: count, left: this.left });
    }
    const part = this.bytes.subarray(this.at, this.at + count);
    this.at += count;
    return part;
  }

  rest(): Buffer {
    return this.take(this.left);
  }
}

/** Collects bytes of a message. Grows by doubling; `toBuffer` gives an exact copy. */
export class ByteWriter {
  private store = Buffer.allocUnsafe(64);
  private size = 0;

  u8(value: number): void {
    this.room(1);
    this.store[this.size] = value;
    this.size += 1;
  }

  put(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.store.set(bytes, this.size);
    this.size += bytes.length;
  }

  toBuffer(): Buffer {
    return Buffer.from(this.store.subarray(0, this.size));
  }

  private room(count: number): void {
    if (this.size + count <= this.store.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.store.length * 2, this.size + count));
    this.store.copy(grown, 0, 0, this.size);
    this.store = grown;
  }
}
