import { malformed, unencodable } from '../bytes/faults';

/** Control bytes of transport v2. */
export const V2 = { ENQ: 0x05, ACK: 0x06, NAK: 0x15, STX: 0x02, ETX: 0x03, EOT: 0x04, DLE: 0x10 } as const;

/** Longest command in v2 (two independent implementations). */
export const MAX_V2_DATA = 255;

/** XOR of every byte behind STX, as stuffed, ETX included. */
export function lrc(bytes: Uint8Array): number {
  let value = 0;
  for (const byte of bytes) value ^= byte;
  return value;
}

/**
 * `STX data′ ETX LRC`; in data′ 10 is `10 10` and 03 is `10 03`. Data is the same task as in v3: password, command,
 * parameters. Source: the specification's own example, in the tests of two implementations.
 */
export function encodeV2Frame(data: Uint8Array): Buffer {
  if (data.length === 0 || data.length > MAX_V2_DATA) {
    throw unencodable('v2 data must be 1 to 255 bytes', { bytes: data.length });
  }
  const out: number[] = [V2.STX];
  for (const byte of data) {
    if (byte === V2.DLE || byte === V2.ETX) out.push(V2.DLE);
    out.push(byte);
  }
  out.push(V2.ETX);
  out.push(lrc(Uint8Array.from(out.slice(1))));
  return Buffer.from(out);
}

export type V2Control = 'enq' | 'ack' | 'nak' | 'eot';

const CONTROL: ReadonlyMap<number, V2Control> = new Map([
  [V2.ENQ, 'enq'],
  [V2.ACK, 'ack'],
  [V2.NAK, 'nak'],
  [V2.EOT, 'eot'],
]);

const CONTROL_BYTE: Readonly<Record<V2Control, number>> = {
  enq: V2.ENQ,
  ack: V2.ACK,
  nak: V2.NAK,
  eot: V2.EOT,
};

export const encodeV2Control = (control: V2Control): Buffer => Buffer.of(CONTROL_BYTE[control]);

export type V2Event =
  | { type: 'control'; control: V2Control }
  | { type: 'frame'; data: Buffer }
  /** A frame came to its end damaged (LRC, length): answer NAK. */
  | { type: 'badFrame' }
  | { type: 'discarded'; bytes: number };

const enum At {
  Outside,
  Inside,
  Escaped,
  Lrc,
}

/**
 * Cuts a byte stream into v2 control bytes and frames, in pieces of any size. Outside a frame every byte but STX and
 * the four controls is noise. Inside, control values are data, so a frame that lost its ETX ends by length or by the
 * caller's silence timer (T6), who then calls `reset`.
 */
export class V2Parser {
  private at: At = At.Outside;
  private body: number[] = [];
  private sum = 0;
  private broken = false;
  private lost = 0;

  get isInsideFrame(): boolean {
    return this.at !== At.Outside;
  }

  /** Forgets an unfinished frame. Returns true when there was one. */
  reset(): boolean {
    const inside = this.isInsideFrame;
    this.at = At.Outside;
    this.body = [];
    this.lost = 0;
    return inside;
  }

  push(chunk: Uint8Array): V2Event[] {
    const events: V2Event[] = [];
    for (const byte of chunk) this.take(byte, events);
    this.tellLost(events);
    return events;
  }

  private take(byte: number, events: V2Event[]): void {
    switch (this.at) {
      case At.Outside: {
        const control = CONTROL.get(byte);
        if (control === undefined && byte !== V2.STX) {
          this.lost += 1;
          return;
        }
        this.tellLost(events);
        if (control) {
          events.push({ type: 'control', control });
          return;
        }
        this.at = At.Inside;
        this.body = [];
        this.sum = 0;
        this.broken = false;
        return;
      }
      case At.Inside:
        this.sum ^= byte;
        if (byte === V2.DLE) this.at = At.Escaped;
        else if (byte === V2.ETX) this.at = At.Lrc;
        else this.keep(byte);
        return;
      case At.Escaped:
        this.sum ^= byte;
        this.at = At.Inside;
        if (byte === V2.DLE || byte === V2.ETX) this.keep(byte);
        else this.broken = true;
        return;
      case At.Lrc: {
        const good = !this.broken && byte === this.sum && this.body.length > 0;
        events.push(good ? { type: 'frame', data: Buffer.from(this.body) } : { type: 'badFrame' });
        this.at = At.Outside;
        this.body = [];
        return;
      }
    }
  }

  /** A frame known to be bad is still read to its ETX: its bytes must not be taken for controls. */
  private keep(byte: number): void {
    if (this.body.length >= MAX_V2_DATA) this.broken = true;
    else this.body.push(byte);
  }

  private tellLost(events: V2Event[]): void {
    if (this.lost === 0) return;
    events.push({ type: 'discarded', bytes: this.lost });
    this.lost = 0;
  }
}

/** Decodes exactly one frame; for tools and tests. @throws FarmError `WIRE-MALFORMED` */
export function decodeV2Frame(bytes: Uint8Array): Buffer {
  const [event, ...rest] = new V2Parser().push(bytes);
  if (event?.type !== 'frame' || rest.length > 0)
    throw malformed('Not one v2 frame', { bytes: bytes.length });
  return event.data;
}
