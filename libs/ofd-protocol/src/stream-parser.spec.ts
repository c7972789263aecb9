import fc from 'fast-check';
import { buildLinkCheck, buildMessage, OfdStreamParser, wrapContainer, type OfdStreamEvent } from './index';
import { receipt35 } from './golden/published-messages';

const message = (fdNumber: number, crcMode: 'none' | 'header' | 'full' = 'full'): Buffer =>
  buildMessage({
    fnNumber: receipt35.fnNumber,
    fdNumber,
    documentCode: 3,
    tlv: receipt35.tlv,
    messageSign: receipt35.messageSign,
    ffd: 2,
    crcMode,
  });

const fdNumbers = (events: OfdStreamEvent[]): (number | undefined)[] =>
  events.flatMap((event) => (event.kind === 'message' ? [event.message.container?.fdNumber] : []));

/** Pushes `stream` in pieces cut at the given places. */
function feed(parser: OfdStreamParser, stream: Buffer, cuts: readonly number[]): OfdStreamEvent[] {
  const places = [
    0,
    ...[...cuts].map((cut) => cut % (stream.length + 1)).sort((a, b) => a - b),
    stream.length,
  ];
  return places.slice(1).flatMap((end, index) => parser.push(stream.subarray(places[index], end)));
}

const noSignature = (bytes: Uint8Array): boolean => !Buffer.from(bytes).includes(Buffer.from('2a08', 'hex'));

describe('OfdStreamParser', () => {
  it('finds every message however the stream was cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('none', 'header', 'full') as fc.Arbitrary<'none' | 'header' | 'full'>, {
          minLength: 1,
          maxLength: 5,
        }),
        fc.array(fc.nat(3000), { maxLength: 40 }),
        (modes, cuts) => {
          const stream = Buffer.concat(modes.map((mode, index) => message(index + 1, mode)));
          const events = feed(new OfdStreamParser(), stream, cuts);
          expect(fdNumbers(events)).toEqual(modes.map((_, index) => index + 1));
          expect(events).toHaveLength(modes.length);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('byte by byte gives the same as all at once', () => {
    const stream = Buffer.concat([message(1), Buffer.from('noise'), message(2, 'none')]);
    const parser = new OfdStreamParser();
    const events = [...stream].flatMap((byte) => parser.push(Buffer.of(byte)));
    expect(fdNumbers(events)).toEqual([1, 2]);
    expect(parser.pendingBytes).toBe(0);
  });

  it('loses no message to garbage before, between and after', () => {
    const garbage = fc.uint8Array({ maxLength: 200 }).filter(noSignature);
    fc.assert(
      fc.property(
        fc.array(garbage, { minLength: 3, maxLength: 5 }),
        fc.array(fc.nat(3000)),
        (pieces, cuts) => {
          const stream = Buffer.concat(
            pieces.flatMap((piece, index) => (index === 0 ? [piece] : [message(index), piece])),
          );
          const parser = new OfdStreamParser();
          const events = [...feed(parser, stream, cuts), ...parser.end()];
          expect(fdNumbers(events)).toEqual(pieces.slice(1).map((_, index) => index + 1));
          const noise = events.reduce((sum, event) => sum + (event.kind === 'noise' ? event.bytes : 0), 0);
          expect(noise).toBe(pieces.reduce((sum, piece) => sum + piece.length, 0));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('never accepts a message with one changed byte when the CRC covers all', () => {
    const good = message(35);
    for (let at = 0; at < good.length; at++) {
      for (const mask of [0x01, 0x02, 0x03, 0x80, 0xff, 0x10]) {
        const bad = Buffer.from(good);
        bad[at] = (bad[at] ?? 0) ^ mask;
        const parser = new OfdStreamParser();
        const events = [...parser.push(bad), ...parser.end()];
        expect({ at, mask, fd: fdNumbers(events) }).toEqual({ at, mask, fd: [] });
      }
    }
  });

  it('never accepts a document that differs from the sent one after any two byte changes, CRC on', () => {
    const good = message(35);
    fc.assert(
      fc.property(
        fc.nat(good.length - 1),
        fc.nat(good.length - 1),
        fc.integer({ min: 1, max: 255 }),
        (a, b, mask) => {
          fc.pre(a !== b);
          const bad = Buffer.from(good);
          bad[a] = (bad[a] ?? 0) ^ mask;
          bad[b] = (bad[b] ?? 0) ^ mask;
          const parser = new OfdStreamParser();
          for (const event of [...parser.push(bad), ...parser.end()]) {
            if (event.kind !== 'message') continue;
            expect(event.message.container?.bytes.equals(good.subarray(30))).toBe(true);
          }
        },
      ),
      { numRuns: 500, seed: 54 },
    );
  });

  it('finds the good message behind a damaged one', () => {
    const damaged = message(1);
    damaged[100] = (damaged[100] ?? 0) ^ 0xff;
    const events = new OfdStreamParser().push(Buffer.concat([damaged, message(2)]));
    expect(events.map((event) => event.kind)).toEqual(['fault', 'noise', 'message']);
    expect(fdNumbers(events)).toEqual([2]);
    expect(events[0]).toMatchObject({
      error: { code: 'WIRE-CRC' },
      header: { fnNumber: receipt35.fnNumber },
    });
  });

  it('a size that grew on the way swallows nothing once the stream falls silent', () => {
    const damaged = message(1, 'none');
    damaged.writeUInt16LE(2000, 24);
    const parser = new OfdStreamParser();
    expect(parser.push(Buffer.concat([damaged, message(2)]))).toEqual([]);
    const events = parser.end();
    expect(fdNumbers(events)).toEqual([2]);
    expect(events[0]).toMatchObject({ kind: 'fault', error: { code: 'WIRE-SHORT' } });
  });

  it('refuses an oversized container by its header, before its bytes', () => {
    const container = Buffer.alloc(4096);
    const big = wrapContainer(container, { ffd: 2, fnNumber: receipt35.fnNumber });
    const parser = new OfdStreamParser({ maxContainerBytes: 1024 });
    const events = parser.push(big.subarray(0, 30));
    expect(events[0]).toMatchObject({ kind: 'fault', error: { code: 'WIRE-LIMIT' } });
    expect(parser.pendingBytes).toBe(0);
  });

  it('a broken container under a right session CRC costs that message only', () => {
    const container = Buffer.from(message(1).subarray(30));
    container[200] = (container[200] ?? 0) ^ 1;
    const events = new OfdStreamParser().push(
      Buffer.concat([wrapContainer(container, { ffd: 2, fnNumber: receipt35.fnNumber }), message(2)]),
    );
    expect(events.map((event) => event.kind)).toEqual(['fault', 'message']);
  });

  it('gives up on a line of noise, and then reads nothing', () => {
    const parser = new OfdStreamParser({ maxNoiseBytes: 1000 });
    const events = [...parser.push(Buffer.alloc(600, 1)), ...parser.push(Buffer.alloc(600, 1))];
    expect(events.at(-1)).toMatchObject({ kind: 'overrun', error: { code: 'WIRE-OVERRUN' } });
    expect(parser.push(message(1))).toEqual([]);
  });

  it('gives up on too many damaged messages', () => {
    const parser = new OfdStreamParser({ maxFaults: 3 });
    const header = buildLinkCheck({ ffd: 2, fnNumber: '1' });
    header[28] = (header[28] ?? 0) ^ 1;
    const events = parser.push(Buffer.concat(Array.from({ length: 10 }, () => header)));
    expect(events.filter((event) => event.kind === 'fault')).toHaveLength(4);
    expect(events.at(-1)?.kind).toBe('overrun');
  });

  it('random bytes never throw and never make a message', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 10 }), (chunks) => {
        const parser = new OfdStreamParser();
        const events = [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.end()];
        expect(fdNumbers(events)).toEqual([]);
      }),
    );
  });

  it('signatures followed by chance never make a message', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 10 }), (chunks) => {
        const parser = new OfdStreamParser();
        const events = chunks.flatMap((chunk) =>
          parser.push(Buffer.concat([Buffer.from('2a08410a81a20105', 'hex'), chunk])),
        );
        expect(fdNumbers([...events, ...parser.end()])).toEqual([]);
      }),
    );
  });
});
