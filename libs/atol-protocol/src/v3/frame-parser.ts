import { unencodable } from '../bytes/faults';
import { CRC8_INIT, CRC8_TABLE } from './crc8';
import { ESC, ESC_ESC, ESC_STX, MAX_FRAME_DATA, STX } from './frame';
import { isPacketId } from './packet-id';

export type FrameEvent =
  | { type: 'frame'; id: number; data: Buffer }
  /** A frame came whole, but its CRC did not match: ask with `repeatRequest(id)` (the id itself may be the damaged byte). */
  | { type: 'badCrc'; id: number }
  /** Bytes that belong to no frame: noise, a cut frame, a reserved id, a broken escape. */
  | { type: 'discarded'; bytes: number };

export interface FrameParserOptions {
  /** Longest data accepted; a larger declared length is taken for a false start. Default 16383. */
  maxDataBytes?: number;
}

const enum At {
  Hunt,
  LenLo,
  LenHi,
  Id,
  Data,
  Crc,
}

const NOTHING = Buffer.alloc(0);

/**
 * Cuts a byte stream into v3 packets, in pieces of any size.
 *
 * FE never appears inside a frame, so an FE at any place begins a new one. That makes the stream self-synchronising:
 * noise, a false start or a corrupt length can spoil only the bytes before the next FE, and the good frame behind
 * them is always found. Memory is bounded by one frame. Pure: silence and reconnects are the caller's, who calls `reset`.
 */
export class FrameParser {
  private readonly maxDataBytes: number;
  private at: At = At.Hunt;
  private length = 0;
  private id = 0;
  private crc = CRC8_INIT;
  private escaped = false;
  private body: Buffer = NOTHING;
  private filled = 0;
  /** Raw bytes of the frame being read, and bytes already known to belong to none. */
  private raw = 0;
  private lost = 0;

  constructor(options: FrameParserOptions = {}) {
    const maxDataBytes = options.maxDataBytes ?? MAX_FRAME_DATA;
    if (!Number.isInteger(maxDataBytes) || maxDataBytes < 1 || maxDataBytes > MAX_FRAME_DATA) {
      throw unencodable('Frame limit must be between 1 and 16383 bytes', { maxDataBytes });
    }
    this.maxDataBytes = maxDataBytes;
  }

  /** Raw bytes of an unfinished frame held now. */
  get pendingBytes(): number {
    return this.raw;
  }

  /** Forgets an unfinished frame (the link was re-opened); returns how many raw bytes were dropped. */
  reset(): number {
    const dropped = this.raw + this.lost;
    this.lost = 0;
    this.hunt();
    return dropped;
  }

  push(chunk: Uint8Array): FrameEvent[] {
    const events: FrameEvent[] = [];
    const end = chunk.length;
    let at = 0;
    while (at < end) {
      if (this.at === At.Hunt) {
        const start = chunk.indexOf(STX, at);
        const noise = (start < 0 ? end : start) - at;
        this.lost += noise;
        at += noise;
        if (start >= 0) {
          this.begin();
          at += 1;
        }
        continue;
      }
      if (this.at === At.Data && !this.escaped) {
        // The fast path: plain data bytes, no per-byte state.
        const body = this.body;
        const from = at;
        let filled = this.filled;
        let crc = this.crc;
        const stop = Math.min(end, at + this.length - filled);
        while (at < stop) {
          const plain = chunk[at]!;
          if (plain === STX || plain === ESC) break;
          body[filled] = plain;
          filled += 1;
          crc = CRC8_TABLE[crc ^ plain]!;
          at += 1;
        }
        this.raw += at - from;
        this.filled = filled;
        this.crc = crc;
        if (filled === this.length) this.at = At.Crc;
        if (at === end) break;
      }
      const byte = chunk[at]!;
      at += 1;
      if (byte === STX) {
        this.lost += this.raw;
        this.begin();
      } else {
        this.raw += 1;
        this.take(byte, events);
      }
    }
    this.tellLost(events);
    return events;
  }

  private begin(): void {
    this.at = At.LenLo;
    this.escaped = false;
    this.raw = 1;
  }

  private hunt(): void {
    this.at = At.Hunt;
    this.raw = 0;
    this.body = NOTHING;
  }

  private drop(): void {
    this.lost += this.raw;
    this.hunt();
  }

  private take(byte: number, events: FrameEvent[]): void {
    switch (this.at) {
      case At.LenLo:
        if (byte > 0x7f) return this.drop();
        this.length = byte;
        this.at = At.LenHi;
        return;
      case At.LenHi:
        this.length |= byte << 7;
        if (byte > 0x7f || this.length > this.maxDataBytes) return this.drop();
        this.at = At.Id;
        return;
      case At.Id:
        if (!isPacketId(byte)) return this.drop();
        this.id = byte;
        this.crc = CRC8_TABLE[CRC8_INIT ^ byte]!;
        this.filled = 0;
        this.body = this.length === 0 ? NOTHING : Buffer.allocUnsafe(this.length);
        this.at = this.length === 0 ? At.Crc : At.Data;
        return;
      case At.Data:
      case At.Crc:
        return this.takeStuffed(byte, events);
      case At.Hunt:
        return;
    }
  }

  private takeStuffed(raw: number, events: FrameEvent[]): void {
    let byte = raw;
    if (this.escaped) {
      if (raw !== ESC_STX && raw !== ESC_ESC) return this.drop();
      byte = raw === ESC_STX ? STX : ESC;
      this.escaped = false;
    } else if (raw === ESC) {
      this.escaped = true;
      return;
    }
    if (this.at === At.Data) {
      this.body[this.filled] = byte;
      this.filled += 1;
      this.crc = CRC8_TABLE[this.crc ^ byte]!;
      if (this.filled === this.length) this.at = At.Crc;
      return;
    }
    this.tellLost(events);
    events.push(
      byte === this.crc ? { type: 'frame', id: this.id, data: this.body } : { type: 'badCrc', id: this.id },
    );
    this.hunt();
  }

  private tellLost(events: FrameEvent[]): void {
    if (this.lost === 0) return;
    events.push({ type: 'discarded', bytes: this.lost });
    this.lost = 0;
  }
}
