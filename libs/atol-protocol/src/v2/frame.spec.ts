import fc from 'fast-check';
import { decodeV2Frame, encodeV2Control, encodeV2Frame, MAX_V2_DATA, V2Parser, type V2Event } from './frame';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');

/** [origin, data, frame] */
const vectors: [string, string, string][] = [
  [
    "the specification's example, in two implementations",
    '1F 00 FF 10 02 03 1A',
    '02 1F 00 FF 10 10 02 10 03 1A 03 E8',
  ],
  ['computed: status', '00 00 3F', '02 00 00 3F 03 3C'],
  ['computed: state code', '00 00 45', '02 00 00 45 03 46'],
  ['computed: enter mode 3', '00 00 56 03 00 00 00 30', '02 00 00 56 10 03 00 00 00 30 03 76'],
];

const parse = (...chunks: Uint8Array[]): V2Event[] => {
  const parser = new V2Parser();
  return chunks.flatMap((chunk) => parser.push(chunk));
};

describe('frame of transport v2', () => {
  test.each(vectors)('%s', (_origin, data, frame) => {
    expect(encodeV2Frame(hex(data)).toString('hex')).toBe(hex(frame).toString('hex'));
    expect(decodeV2Frame(hex(frame))).toEqual(hex(data));
  });

  it('tells controls, frames and noise apart', () => {
    const frame = encodeV2Frame(hex('05 06 15 04'));
    expect(parse(hex('05 06 15 04'), hex('77'), frame, encodeV2Control('eot'))).toEqual([
      { type: 'control', control: 'enq' },
      { type: 'control', control: 'ack' },
      { type: 'control', control: 'nak' },
      { type: 'control', control: 'eot' },
      { type: 'discarded', bytes: 1 },
      { type: 'frame', data: hex('05 06 15 04') },
      { type: 'control', control: 'eot' },
    ]);
  });

  it.each([
    ['a wrong LRC', '02 00 00 3F 03 3D'],
    ['a foreign byte behind DLE', '02 00 10 05 3F 03 2A'],
    ['no data', '02 03 03'],
    ['too much data', `02 ${'41'.repeat(MAX_V2_DATA + 1)} 03 03`],
  ])('reports %s once and takes none of its bytes for controls', (_what, bytes) => {
    expect(parse(hex(bytes))).toEqual([{ type: 'badFrame' }]);
  });

  it('leaves a frame without an end to the silence timer', () => {
    const parser = new V2Parser();
    expect(parser.push(hex('02 00 00'))).toEqual([]);
    expect(parser.isInsideFrame).toBe(true);
    expect(parser.reset()).toBe(true);
    expect(parser.push(encodeV2Frame(hex('55 00')))).toEqual([{ type: 'frame', data: hex('55 00') }]);
  });

  it('refuses empty and over-long data', () => {
    expect(() => encodeV2Frame(Buffer.alloc(0))).toThrow('SYS-UNENCODABLE');
    expect(() => encodeV2Frame(Buffer.alloc(256))).toThrow('SYS-UNENCODABLE');
    expect(() => decodeV2Frame(hex('02 00 00 3F 03'))).toThrow('WIRE-MALFORMED');
  });

  it('reads any data back, cut anywhere', () => {
    const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0x02, 0x03, 0x10, 0x05));
    fc.assert(
      fc.property(fc.array(byte, { minLength: 1, maxLength: 60 }), fc.nat(130), (all, place) => {
        const frame = encodeV2Frame(Buffer.from(all));
        const at = place % frame.length;
        expect(parse(frame.subarray(0, at), frame.subarray(at))).toEqual([
          { type: 'frame', data: Buffer.from(all) },
        ]);
      }),
    );
  });

  it('catches any one flipped bit inside data that leaves DLE and ETX alone', () => {
    const plain = fc.integer({ min: 0x40, max: 0xff });
    fc.assert(
      fc.property(
        fc.array(plain, { minLength: 2, maxLength: 20 }),
        fc.nat(19),
        fc.nat(5),
        (all, place, bit) => {
          const frame = encodeV2Frame(Buffer.from(all));
          const at = 1 + (place % all.length);
          frame[at] = frame.readUInt8(at) ^ (1 << bit);
          expect(parse(frame)).toEqual([{ type: 'badFrame' }]);
        },
      ),
    );
  });
});
