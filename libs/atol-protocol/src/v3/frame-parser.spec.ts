import fc from 'fast-check';
import { encodeFrame, STX, type Frame } from './frame';
import { FrameParser, type FrameEvent } from './frame-parser';

const F: Frame = { id: 5, data: Buffer.from('c10107fefd00a440', 'hex') };
const G: Frame = { id: 6, data: Buffer.from('a3', 'hex') };
const wire = (frame: Frame): Buffer => encodeFrame(frame.id, frame.data);
const framesOf = (events: FrameEvent[]): Frame[] =>
  events.flatMap((event) => (event.type === 'frame' ? [{ id: event.id, data: event.data }] : []));
const feed = (chunks: Uint8Array[], parser = new FrameParser()): FrameEvent[] =>
  chunks.flatMap((chunk) => parser.push(chunk));
const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');
const withoutTail = (frame: Frame, count = 1): Buffer => wire(frame).subarray(0, -count);
const withByte = (frame: Frame, at: number, value: number): Buffer => {
  const copy = Buffer.from(wire(frame));
  copy[at] = value;
  return copy;
};

interface Feed {
  name: string;
  chunks: Uint8Array[];
  frames: Frame[];
  badCrc?: number[];
  discarded?: number;
}

const feeds: Feed[] = [
  { name: 'a whole frame', chunks: [wire(F)], frames: [F] },
  { name: 'a frame byte by byte', chunks: [...wire(F)].map((byte) => Uint8Array.of(byte)), frames: [F] },
  { name: 'two frames in a chunk', chunks: [Buffer.concat([wire(F), wire(G)])], frames: [F, G] },
  { name: 'noise before a frame', chunks: [hex('00 FD 31 FF'), wire(F)], frames: [F], discarded: 4 },
  { name: 'noise between frames', chunks: [wire(F), hex('EE ED 00'), wire(G)], frames: [F, G], discarded: 3 },
  { name: 'a false start', chunks: [hex('FE'), wire(F)], frames: [F], discarded: 1 },
  {
    name: 'a false start with a plausible head',
    chunks: [hex('FE 40 00 05 11 22'), wire(F)],
    frames: [F],
    discarded: 6,
  },
  { name: 'a cut frame', chunks: [withoutTail(F, 3), wire(G)], frames: [G], discarded: wire(F).length - 3 },
  {
    name: 'a frame cut inside an escape',
    chunks: [wire(F).subarray(0, 8), wire(G)],
    frames: [G],
    discarded: 8,
  },
  { name: 'a wrong CRC', chunks: [withByte(G, 5, 0x2f), wire(F)], frames: [F], badCrc: [6] },
  {
    name: 'a length that promises too much',
    chunks: [withByte(F, 1, 0x7f), wire(G)],
    frames: [G],
    discarded: wire(F).length,
  },
  {
    name: 'a length that promises the whole buffer',
    chunks: [withByte(F, 2, 0x7f), wire(G), wire(F)],
    frames: [G, F],
    discarded: wire(F).length,
  },
  {
    name: 'a length byte above 7F',
    chunks: [withByte(F, 1, 0x80), wire(G)],
    frames: [G],
    discarded: wire(F).length,
  },
  {
    name: 'FD followed by a foreign byte',
    chunks: [hex('FE 02 00 05 FD 00 11'), wire(G)],
    frames: [G],
    discarded: 7,
  },
  { name: 'a reserved id', chunks: [hex('FE 01 00 E0 A3 00'), wire(G)], frames: [G], discarded: 6 },
  { name: 'another reserved id', chunks: [hex('FE 01 00 FF A3 00'), wire(G)], frames: [G], discarded: 6 },
  {
    name: 'a frame that begins inside an escape',
    chunks: [hex('FE 02 00 05 FD'), wire(G)],
    frames: [G],
    discarded: 5,
  },
];

describe('reader of transport v3', () => {
  test.each(feeds.map((item) => [item.name, item] as const))('survives %s', (_name, item) => {
    const events = feed(item.chunks);
    expect(framesOf(events)).toEqual(item.frames);
    const badCrc = events.flatMap((event) => (event.type === 'badCrc' ? [event.id] : []));
    expect(badCrc).toEqual(item.badCrc ?? []);
    const discarded = events.reduce((sum, event) => sum + (event.type === 'discarded' ? event.bytes : 0), 0);
    expect(discarded).toBe(item.discarded ?? 0);
  });

  it('takes a declared length above its limit for a false start', () => {
    const parser = new FrameParser({ maxDataBytes: 8 });
    expect(framesOf(feed([encodeFrame(1, Buffer.alloc(9)), wire(F)], parser))).toEqual([F]);
    expect(() => new FrameParser({ maxDataBytes: 16_384 })).toThrow('SYS-UNENCODABLE');
  });

  it('forgets an unfinished frame on reset', () => {
    const parser = new FrameParser();
    parser.push(withoutTail(F, 2));
    expect(parser.pendingBytes).toBe(wire(F).length - 2);
    expect(parser.reset()).toBe(wire(F).length - 2);
    expect(parser.push(wire(F).subarray(-2))).toEqual([{ type: 'discarded', bytes: 2 }]);
    expect(framesOf(parser.push(wire(G)))).toEqual([G]);
  });

  it('gives frames that own their bytes', () => {
    const chunk = wire(F);
    const [frame] = framesOf(new FrameParser().push(chunk));
    chunk.fill(0);
    expect(frame).toEqual(F);
  });
});

const id = fc.oneof(fc.integer({ min: 0, max: 0xdf }), fc.constant(0xf0));
/** Every fifth value becomes one of those where framing mistakes live: bytes rich in FE, FD, EE, ED. */
const SPECIAL = [0xfe, 0xfd, 0xee, 0xed, 0x7e, 0x00, 0xff];
const rich = (value: number): number =>
  value % 5 === 0 ? (SPECIAL[(value / 5) % SPECIAL.length] ?? 0) : value;
const data = (maxLength: number, minLength = 0) =>
  fc.uint8Array({ minLength, maxLength }).map((all) => Buffer.from(all.map(rich)));
const frame = fc.record({ id, data: data(24) });
const quiet = data(12).map((all) => Buffer.from([...all].filter((value) => value !== STX)));

function cut(stream: Buffer, places: number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (stream.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => stream.subarray(from, at[index] ?? stream.length));
}

const isSubsequence = (wanted: Frame[], found: Frame[]): boolean => {
  let next = 0;
  for (const item of found) {
    const goal = wanted[next];
    if (goal && goal.id === item.id && goal.data.equals(item.data)) next += 1;
  }
  return next === wanted.length;
};

describe('reader of transport v3, any stream', () => {
  it('finds the same frames however the stream is cut (10,000 streams)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(quiet, frame), { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat(200), { maxLength: 6 }),
        (pieces, places) => {
          const stream = Buffer.concat(pieces.flatMap(([noise, item]) => [noise, wire(item)]));
          const noise = pieces.reduce((sum, [part]) => sum + part.length, 0);
          const events = feed(cut(stream, places));
          expect(framesOf(events)).toEqual(pieces.map(([, item]) => item));
          expect(events.reduce((sum, event) => sum + (event.type === 'discarded' ? event.bytes : 0), 0)).toBe(
            noise,
          );
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it('never loses a good frame to any noise before, between and after, false starts included', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(data(16), frame), { minLength: 1, maxLength: 4 }),
        data(16),
        (pieces, tail) => {
          const stream = [...pieces.flatMap(([noise, item]) => [noise, wire(item)]), tail];
          expect(
            isSubsequence(
              pieces.map(([, item]) => item),
              framesOf(feed(stream)),
            ),
          ).toBe(true);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('never loses the frame behind one whose length was corrupted', () => {
    fc.assert(
      fc.property(frame, frame, fc.nat(255), fc.nat(255), (broken, good, low, high) => {
        const damaged = Buffer.from(wire(broken));
        damaged[1] = low;
        damaged[2] = high;
        expect(isSubsequence([good], framesOf(feed([damaged, wire(good)])))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('holds no more than one frame', () => {
    const parser = new FrameParser({ maxDataBytes: 64 });
    fc.assert(
      fc.property(data(200), (noise) => {
        parser.push(noise);
        // STX, two length bytes, id, then at most every byte of data and CRC stuffed.
        expect(parser.pendingBytes).toBeLessThanOrEqual(4 + 2 * 65);
      }),
    );
  });
});

/** Where a flip leaves the framing alone: the byte stays an ordinary byte, and it is the id, data or CRC. */
const keepsFraming = (stream: Buffer, at: number, flipped: number): boolean => {
  const special = (value: number | undefined) => value === 0xfe || value === 0xfd;
  if (at < 3 || special(stream[at]) || special(flipped)) return false;
  return at === 3 || stream[at - 1] !== 0xfd;
};

const flip = (stream: Buffer, at: number, bit: number): Buffer => {
  const copy = Buffer.from(stream);
  copy[at] = copy.readUInt8(at) ^ (1 << bit);
  return copy;
};

describe('one flipped bit', () => {
  it('in id, data or CRC is always caught, as long as it does not touch the framing', () => {
    fc.assert(
      fc.property(fc.record({ id, data: data(20) }), (item) => {
        const stream = wire(item);
        for (let at = 3; at < stream.length; at += 1) {
          for (let bit = 0; bit < 8; bit += 1) {
            const damaged = flip(stream, at, bit);
            if (keepsFraming(stream, at, damaged.readUInt8(at)))
              expect(framesOf(feed([damaged]))).toEqual([]);
          }
        }
        return true;
      }),
      { numRuns: 300 },
    );
  });

  it('in an escape mark is always caught: FD EE and FD ED differ in two bits', () => {
    for (const value of [0xee, 0xed]) {
      for (let bit = 0; bit < 8; bit += 1) {
        const stream = Buffer.of(0xfe, 0x01, 0x00, 0x05, 0xfd, value ^ (1 << bit), 0x00);
        expect(framesOf(feed([stream]))).toEqual([]);
      }
    }
  });

  it('in start, length or escape moves the span under the CRC: only chance (1 in 256) can let it through', () => {
    let tried = 0;
    let accepted = 0;
    fc.assert(
      fc.property(fc.record({ id, data: data(40, 6) }), (item) => {
        const stream = wire(item);
        for (let at = 0; at < stream.length; at += 1) {
          for (let bit = 0; bit < 8; bit += 1) {
            const damaged = flip(stream, at, bit);
            if (keepsFraming(stream, at, damaged.readUInt8(at))) continue;
            tried += 1;
            accepted += framesOf(feed([damaged])).length;
          }
        }
      }),
      { numRuns: 500, seed: 20261123 },
    );
    expect(tried).toBeGreaterThan(10_000);
    expect(accepted / tried).toBeLessThan(1 / 100);
  });

  it('can make a frame of data that looks like one: the limit of a CRC-8, known and written down', () => {
    // The data holds a repeat request whose first byte is 7E; one bit makes it FE.
    const stream = encodeFrame(7, hex('C1 7E 00 00 01 9D'));
    const damaged = flip(stream, 5, 7);
    expect(framesOf(feed([damaged]))).toEqual([{ id: 1, data: Buffer.alloc(0) }]);
  });
});
