import {
  decodeContainer,
  encodeContainer,
  encodeSessionHeader,
  isOperatorSignRight,
  type OfdMessage,
  OfdStreamParser,
  orThrow,
  parseConfirmation,
  readPlainBody,
  signedPartOf,
} from '@kkt/ofd-protocol';
import type { VirtualClock } from '@kkt/testing';
import type { Dial, WireEvents } from '../wire';
import { answerTo } from './fake-operator';

/** What breaks, and on which side of the exchange the byte position is counted. */
export const STRIKES = [
  'request: reset',
  'request: half-open',
  'request: flipped byte',
  'answer: reset',
  'answer: closed',
  'answer: half-open',
  'answer: flipped byte',
  'answer: flipped byte under a right checksum',
  'answer: garbage put in',
  'answer: byte lost',
  'answer: a pause of a minute',
  'answer: other document with this byte',
] as const;
export type Strike = (typeof STRIKES)[number];

const garbage = Buffer.from('2a08410a00ff', 'hex');

/**
 * An operator in memory that keeps what it was given and confirms it, once struck per FN at the byte `positionOf` says.
 * It notes every document that came twice with other bytes or out of its order.
 */
export class StruckOperator {
  readonly kept = new Map<string, number[]>();
  readonly breaches: string[] = [];
  private readonly struck = new Set<string>();

  constructor(
    private readonly clock: VirtualClock,
    private readonly strike: Strike,
    private readonly positionOf: (fnNumber: string) => number,
    /** Only this FD of every FN is struck. */
    private readonly struckFd: number,
  ) {}

  get strikes(): number {
    return this.struck.size;
  }

  readonly dial: Dial = (_operator, events) => {
    const line = { isOpen: true, isDeaf: false };
    const parser = new OfdStreamParser();
    return Promise.resolve({
      write: (bytes: Buffer) => this.hear(this.damagedRequest(bytes, line, events), parser, line, events),
      destroy: () => (line.isOpen = false),
    });
  };

  private hear(
    bytes: Buffer,
    parser: OfdStreamParser,
    line: { isOpen: boolean; isDeaf: boolean },
    events: WireEvents,
  ): void {
    for (const event of parser.push(bytes)) {
      if (event.kind === 'message' && event.message.container) this.take(event.message, line, events);
      // What cannot be read is not answered: the connection is closed.
      else if (event.kind !== 'noise') this.close(line, events);
    }
  }

  private take(message: OfdMessage, line: { isOpen: boolean }, events: WireEvents): void {
    const { fnNumber, fdNumber } = message.container!;
    const kept = this.kept.get(fnNumber) ?? [];
    this.kept.set(fnNumber, kept);
    const last = kept.at(-1) ?? 0;
    if (fdNumber === last + 1) kept.push(fdNumber);
    else if (fdNumber > last) this.breaches.push(`${fnNumber}: ${fdNumber} after ${last}`);
    const answer = answerTo(message);
    const at = this.positionFor(fnNumber, fdNumber, 'answer');
    if (at === undefined || at >= answer.length) return this.later(20, line, events, answer);
    this.struck.add(fnNumber);
    this.answerStruck(answer, at, message, line, events);
  }

  private answerStruck(
    answer: Buffer,
    at: number,
    message: OfdMessage,
    line: { isOpen: boolean },
    events: WireEvents,
  ): void {
    const before = answer.subarray(0, at);
    const after = answer.subarray(at);
    const flipped = Buffer.from(answer);
    flipped[at]! ^= 0x41;
    const send = (...parts: Buffer[]): void => this.later(20, line, events, Buffer.concat(parts));
    switch (this.strike) {
      case 'answer: reset':
        send(before);
        return this.closeLater(line, events, 'ECONNRESET');
      case 'answer: closed':
        send(before);
        return this.closeLater(line, events);
      case 'answer: half-open':
        return send(before);
      case 'answer: flipped byte':
        return send(flipped);
      case 'answer: flipped byte under a right checksum':
        return send(withChecksums(flipped, answer));
      case 'answer: garbage put in':
        return send(before, garbage, after);
      case 'answer: byte lost':
        return send(before, after.subarray(1));
      case 'answer: a pause of a minute':
        send(before);
        return this.later(60_000, line, events, after);
      case 'answer: other document with this byte':
        return send(
          answerTo(message, { fdNumber: message.container!.fdNumber + 1 + at }),
          answer.subarray(0, at),
        );
      default:
        return send(answer);
    }
  }

  private damagedRequest(
    bytes: Buffer,
    line: { isOpen: boolean; isDeaf: boolean },
    events: WireEvents,
  ): Buffer {
    if (line.isDeaf) return Buffer.alloc(0);
    const container = orThrow(decodeContainer(bytes.subarray(30)));
    const at = this.positionFor(container.fnNumber, container.fdNumber, 'request');
    if (at === undefined || at >= bytes.length) return bytes;
    this.struck.add(container.fnNumber);
    const flipped = Buffer.from(bytes);
    flipped[at]! ^= 0x41;
    switch (this.strike) {
      case 'request: flipped byte':
        // A stream that stops being readable is given up after a while, as servers do.
        this.clock.setTimer(30_000, () => this.close(line, events));
        return flipped;
      case 'request: reset':
        this.closeLater(line, events, 'ECONNRESET');
        return bytes.subarray(0, at);
      default:
        line.isDeaf = true;
        return bytes.subarray(0, at);
    }
  }

  private positionFor(fnNumber: string, fdNumber: number, side: 'request' | 'answer'): number | undefined {
    const isStruck = fdNumber === this.struckFd && this.strike.startsWith(side) && !this.struck.has(fnNumber);
    return isStruck ? this.positionOf(fnNumber) : undefined;
  }

  private later(ms: number, line: { isOpen: boolean }, events: WireEvents, bytes: Buffer): void {
    this.clock.setTimer(ms, () => {
      if (line.isOpen && bytes.length > 0) events.data(bytes);
    });
  }

  private closeLater(line: { isOpen: boolean }, events: WireEvents, code?: string): void {
    this.clock.setTimer(30, () => this.close(line, events, code));
  }

  private close(line: { isOpen: boolean }, events: WireEvents, code?: string): void {
    if (!line.isOpen) return;
    line.isOpen = false;
    events.closed(code ? Object.assign(new Error(code), { code }) : undefined);
  }
}

/** A damaged answer whose checksums were made after the damage: only the FN's own check of 1078 can see it. */
function withChecksums(flipped: Buffer, original: Buffer): Buffer {
  const body = flipped.subarray(30);
  const sound = orThrow(decodeContainer(original.subarray(30)));
  const rebuilt = encodeContainer({
    documentCode: body.readUInt8(5),
    fnNumber: digits(body.toString('hex', 9, 17)) ?? sound.fnNumber,
    fdNumber: body.readUIntBE(17, 3),
    body: body.subarray(32),
    service: { data1: body.subarray(7, 9), data2: body.subarray(20, 32) },
  });
  const header = encodeSessionHeader({ ffd: 4, fnNumber: sound.fnNumber, answerWanted: false }, rebuilt);
  return Buffer.concat([header, rebuilt]);
}

const digits = (hex: string): string | undefined => /^\d{1,16}(?=f*$)/.exec(hex)?.[0];

/** The FN's own judgement of an answer: for this FN, this document, with a right tag 1078. */
export function fnTakes(answer: Buffer, fnNumber: string, fdNumber: number): boolean {
  const container = decodeContainer(answer);
  if (!container.ok || container.value.fnNumber !== fnNumber || container.value.fdNumber !== fdNumber)
    return false;
  const confirmation = parseConfirmation(container.value);
  const body = readPlainBody(container.value);
  if (!confirmation.ok || !body.ok || !confirmation.value.operatorSign) return false;
  if (confirmation.value.fnNumber !== fnNumber || confirmation.value.fdNumber !== fdNumber) return false;
  return isOperatorSignRight(confirmation.value.operatorSign, {
    key: 'test',
    fiscalSign: 1,
    confirmation: signedPartOf(body.value.tlv),
  });
}
