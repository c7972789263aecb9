import { FarmError } from '@kkt/contracts';
import { decodeContainer, MAX_CONTAINER_BYTES, type OfdContainer } from './container';
import { notParsed, type Parsed } from './parsed';
import {
  decodeSessionHeader,
  isSessionCrcRight,
  SESSION_HEADER_BYTES,
  SIGNATURE_BYTES,
  signatureOf,
  type SessionChannel,
  type SessionHeader,
} from './session-header';

/** One whole message that passed every check it carries. */
export interface OfdMessage {
  header: SessionHeader;
  /** Absent in a link check. */
  container?: OfdContainer;
}

export type OfdStreamEvent =
  | { kind: 'message'; message: OfdMessage }
  /** Something began like a message and was not one; the search for the next goes on. */
  | { kind: 'fault'; error: FarmError; header?: SessionHeader }
  /** Bytes that belong to no message were skipped. */
  | { kind: 'noise'; bytes: number }
  /** Over the limits: nothing more is read, close the connection. */
  | { kind: 'overrun'; error: FarmError };

export interface OfdStreamLimits {
  channel?: SessionChannel;
  /** A longer container is refused by its header, before its bytes are kept. */
  maxContainerBytes?: number;
  /** Skipped bytes a connection may send in all. */
  maxNoiseBytes?: number;
  /** Damaged messages a connection may send in all. */
  maxFaults?: number;
}

type Attempt = { skip: number; event: OfdStreamEvent } | { needBytes: number };

/**
 * Cuts a byte stream into messages, however it was split on the way. After garbage or damage it searches for the next
 * signature, so a good message behind a bad one is found. Memory is bounded by one message; work by the limits.
 */
export class OfdStreamParser {
  private readonly signature: Buffer;
  private readonly maxContainerBytes: number;
  private readonly maxNoiseBytes: number;
  private readonly maxFaults: number;
  private store = Buffer.alloc(1024);
  private from = 0;
  private to = 0;
  private needBytes = SIGNATURE_BYTES;
  private skipped = 0;
  private noiseBytes = 0;
  private faults = 0;
  private over = false;

  constructor(limits: OfdStreamLimits = {}) {
    this.signature = signatureOf(limits.channel ?? 'documents');
    this.maxContainerBytes = limits.maxContainerBytes ?? MAX_CONTAINER_BYTES;
    this.maxNoiseBytes = limits.maxNoiseBytes ?? 65_536;
    this.maxFaults = limits.maxFaults ?? 64;
  }

  /** Bytes kept for a message that is not whole yet. */
  get pendingBytes(): number {
    return this.to - this.from;
  }

  /** Takes the next bytes; returns what became known, in order. */
  push(chunk: Uint8Array): OfdStreamEvent[] {
    if (this.over) return [];
    this.append(chunk);
    return this.parse(false);
  }

  /** The stream ended or fell silent: what is left cannot be waited for. Messages inside it are still found. */
  end(): OfdStreamEvent[] {
    return this.over ? [] : this.parse(true);
  }

  private parse(final: boolean): OfdStreamEvent[] {
    const events: OfdStreamEvent[] = [];
    while (!this.over) {
      this.skipToSignature(final);
      if (this.pendingBytes === 0 || (this.pendingBytes < this.needBytes && !final)) break;
      const attempt = this.tryMessage();
      if ('needBytes' in attempt) {
        this.needBytes = attempt.needBytes;
        if (!final) break;
      }
      this.reportNoise(events);
      if (this.over) break;
      this.take(events, 'needBytes' in attempt ? { skip: 1, event: this.unfinished() } : attempt);
    }
    this.reportNoise(events);
    return events;
  }

  private take(events: OfdStreamEvent[], { skip, event }: { skip: number; event: OfdStreamEvent }): void {
    events.push(event);
    if (event.kind === 'fault') this.countFault(events);
    if (this.over) return;
    this.skip(skip);
    if (skip === 1) this.skipped += 1;
  }

  /** Drops bytes up to the next signature, or to what may be the beginning of one. */
  private skipToSignature(final: boolean): void {
    const window = this.store.subarray(this.from, this.to);
    let at = window.indexOf(this.signature);
    if (at < 0) at = final ? window.length : window.length - signatureStartAtEnd(window, this.signature);
    if (at === 0) return;
    this.skipped += at;
    this.skip(at);
  }

  private tryMessage(): Attempt {
    const window = this.store.subarray(this.from, this.to);
    if (window.length < SESSION_HEADER_BYTES) return { needBytes: SESSION_HEADER_BYTES };
    const headerBytes = window.subarray(0, SESSION_HEADER_BYTES);
    const decoded = this.checkHeader(decodeSessionHeader(headerBytes));
    if (!decoded.ok) return { skip: 1, event: { kind: 'fault', error: decoded.error } };
    const header = decoded.value;
    const messageBytes = SESSION_HEADER_BYTES + header.bodyBytes;
    if (window.length < messageBytes) return { needBytes: messageBytes };
    // A copy: the store moves on, a message is kept by its reader.
    const body = Buffer.from(window.subarray(SESSION_HEADER_BYTES, messageBytes));
    if (!isSessionCrcRight(header, headerBytes, body)) {
      const error = new FarmError('WIRE-CRC', 'CRC of the session message is wrong', { crc: header.crc });
      return { skip: 1, event: { kind: 'fault', error, header } };
    }
    if (!header.hasContainer) return { skip: messageBytes, event: { kind: 'message', message: { header } } };
    const container = decodeContainer(body);
    if (!container.ok) {
      // With a right CRC over the body its bounds are true; otherwise a good message may hide inside.
      const skip = header.crcMode === 'full' ? messageBytes : 1;
      return { skip, event: { kind: 'fault', error: container.error, header } };
    }
    return {
      skip: messageBytes,
      event: { kind: 'message', message: { header, container: container.value } },
    };
  }

  private checkHeader(decoded: Parsed<SessionHeader>): Parsed<SessionHeader> {
    if (!decoded.ok || decoded.value.bodyBytes <= this.maxContainerBytes) return decoded;
    return notParsed('WIRE-LIMIT', 'The container is over the limit', {
      bodyBytes: decoded.value.bodyBytes,
      maxContainerBytes: this.maxContainerBytes,
    });
  }

  private unfinished(): OfdStreamEvent {
    const decoded = decodeSessionHeader(this.store.subarray(this.from, this.to));
    const error = new FarmError('WIRE-SHORT', 'The stream ended inside a message', {
      bytes: this.pendingBytes,
      needBytes: this.needBytes,
    });
    return { kind: 'fault', error, header: decoded.ok ? decoded.value : undefined };
  }

  private reportNoise(events: OfdStreamEvent[]): void {
    if (this.over || this.skipped === 0) return;
    events.push({ kind: 'noise', bytes: this.skipped });
    this.noiseBytes += this.skipped;
    this.skipped = 0;
    if (this.noiseBytes > this.maxNoiseBytes) this.overrun(events, 'noise', this.noiseBytes);
  }

  private countFault(events: OfdStreamEvent[]): void {
    this.faults += 1;
    if (this.faults > this.maxFaults) this.overrun(events, 'faults', this.faults);
  }

  private overrun(events: OfdStreamEvent[], what: string, count: number): void {
    this.over = true;
    this.store = Buffer.alloc(0);
    this.from = this.to = 0;
    events.push({
      kind: 'overrun',
      error: new FarmError('WIRE-OVERRUN', 'Too much damage on one connection', { what, count }),
    });
  }

  private skip(bytes: number): void {
    this.from = Math.min(this.from + bytes, this.to);
    this.needBytes = SIGNATURE_BYTES;
    if (this.from === this.to) this.from = this.to = 0;
  }

  private append(chunk: Uint8Array): void {
    if (this.to + chunk.length > this.store.length) {
      const kept = this.to - this.from;
      const target =
        kept + chunk.length <= this.store.length ? this.store : Buffer.alloc(2 * (kept + chunk.length));
      this.store.copy(target, 0, this.from, this.to);
      this.store = target;
      this.from = 0;
      this.to = kept;
    }
    this.store.set(chunk, this.to);
    this.to += chunk.length;
  }
}

/** How many bytes at the end of `window` may be the beginning of a signature. */
function signatureStartAtEnd(window: Buffer, signature: Buffer): number {
  for (let length = Math.min(signature.length - 1, window.length); length > 0; length--) {
    if (window.subarray(window.length - length).equals(signature.subarray(0, length))) return length;
  }
  return 0;
}
