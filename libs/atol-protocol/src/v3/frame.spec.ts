import { crc8, CRC8_TABLE } from './crc8';
import { encodeFrame, isRepeatRequest, MAX_FRAME_DATA, repeatRequest } from './frame';
import { FrameParser } from './frame-parser';
import { ASYNC_PACKET_ID, isPacketId, nextPacketId } from './packet-id';

const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/\s/g, ''), 'hex');

/** [name, origin, frame, id, data] */
const vectors: [string, string, string, number, string][] = [
  ['R1', 'capture of a real terminal: Abort', 'FE 01 00 06 C4 58', 0x06, 'C4'],
  [
    'R2',
    'capture: Add, NeedResult, tid 2, A5',
    'FE 06 00 07 C1 01 02 00 00 A5 8D',
    0x07,
    'C1 01 02 00 00 A5',
  ],
  ['R3', 'capture: Req tid 2', 'FE 02 00 08 C3 02 FC', 0x08, 'C3 02'],
  ['R4', 'capture: Req tid 2', 'FE 02 00 09 C3 02 BA', 0x09, 'C3 02'],
  ['R5', 'capture: Req tid 2', 'FE 02 00 0A C3 02 70', 0x0a, 'C3 02'],
  ['T1', 'test of implementation A', 'FE 06 00 01 C1 01 02 00 00 A5 99', 0x01, 'C1 01 02 00 00 A5'],
  ['T2', 'test of implementation A', 'FE 06 00 02 C1 01 02 00 00 A5 93', 0x02, 'C1 01 02 00 00 A5'],
  ['T3', 'test of implementation B: repeat request', 'FE 00 00 01 9D', 0x01, ''],
  [
    'T4',
    'test of implementation B: CRC is FE, stuffed',
    'FE 05 00 F0 A6 57 55 00 00 FD EE',
    0xf0,
    'A6 57 55 00 00',
  ],
  [
    'S1',
    'computed: FE in data',
    'FE 0B 00 09 C1 01 07 00 00 A4 40 FD EE 00 00 00 90',
    0x09,
    'C1 01 07 00 00 A4 40 FE 00 00 00',
  ],
  [
    'S2',
    'computed: FD FE in data',
    'FE 0B 00 0A C1 01 08 00 00 A4 40 FD ED FD EE 00 00 AD',
    0x0a,
    'C1 01 08 00 00 A4 40 FD FE 00 00',
  ],
  ['S3', 'computed: CRC is FD', 'FE 02 00 00 C3 01 FD ED', 0x00, 'C3 01'],
  ['S4', 'computed: CRC is FE, highest id', 'FE 02 00 DF C3 00 FD EE', 0xdf, 'C3 00'],
  ['S5a', 'computed: Abort', 'FE 01 00 00 C4 02', 0x00, 'C4'],
  ['S5b', 'computed: its reply', 'FE 01 00 00 A3 2E', 0x00, 'A3'],
  ['S6', 'computed: status request', 'FE 06 00 01 C1 01 01 00 00 3F E7', 0x01, 'C1 01 01 00 00 3F'],
  ['S7a', 'computed: Pending', 'FE 01 00 01 A1 B8', 0x01, 'A1'],
  ['S7b', 'computed: InProgress', 'FE 01 00 01 A2 EB', 0x01, 'A2'],
  ['S8', 'computed: state code', 'FE 06 00 02 C1 01 02 00 00 45 52', 0x02, 'C1 01 02 00 00 45'],
  ['S9', 'computed: async result', 'FE 05 00 F0 A6 02 55 01 00 47', 0xf0, 'A6 02 55 01 00'],
  ['S10', 'computed: Ack', 'FE 02 00 03 C2 02 90', 0x03, 'C2 02'],
  ['S11a', 'computed: Req', 'FE 02 00 04 C3 02 87', 0x04, 'C3 02'],
  ['S11b', 'computed: Result', 'FE 04 00 04 A3 55 01 00 5C', 0x04, 'A3 55 01 00'],
  [
    'S12',
    'computed: enter mode 1',
    'FE 0B 00 05 C1 01 03 00 00 56 01 00 00 00 30 F1',
    0x05,
    'C1 01 03 00 00 56 01 00 00 00 30',
  ],
  [
    'S13',
    'computed: open sale receipt',
    'FE 08 00 06 C1 01 04 00 00 92 04 01 99',
    0x06,
    'C1 01 04 00 00 92 04 01',
  ],
  ['S14', 'computed: async error', 'FE 05 00 F0 A7 04 55 9A 00 CA', 0xf0, 'A7 04 55 9A 00'],
  [
    'S15',
    'computed: FN exchange status',
    'FE 07 00 07 C1 01 05 00 00 A4 20 1F',
    0x07,
    'C1 01 05 00 00 A4 20',
  ],
  [
    'S16',
    'computed: register 44',
    'FE 09 00 10 C1 01 0A 00 00 91 2C 00 00 D0',
    0x10,
    'C1 01 0A 00 00 91 2C 00 00',
  ],
  [
    'S17',
    'computed: close receipt',
    'FE 0D 00 11 C1 01 0B 00 00 4A 00 01 00 00 00 00 00 62',
    0x11,
    'C1 01 0B 00 00 4A 00 01 00 00 00 00 00',
  ],
  ['S18a', 'computed: Overflow', 'FE 01 00 0D B1 4F', 0x0d, 'B1'],
  ['S18b', 'computed: AlreadyExists', 'FE 01 00 0B B2 46', 0x0b, 'B2'],
  ['S18c', 'computed: NotFound', 'FE 01 00 0E B3 00', 0x0e, 'B3'],
  ['S18d', 'computed: IllegalValue', 'FE 02 00 0C B4 01 13', 0x0c, 'B4 01'],
  [
    'S19',
    'computed: two-byte length',
    `FE 48 01 20 C1 01 10 00 00 82 ${'41 '.repeat(194)} 53`,
    0x20,
    `C1 01 10 00 00 82 ${'41 '.repeat(194)}`,
  ],
];

describe('frame of transport v3', () => {
  test.each(vectors)('%s (%s) is encoded byte for byte', (_name, _origin, frame, id, data) => {
    expect(encodeFrame(id, bytes(data)).toString('hex')).toBe(bytes(frame).toString('hex'));
  });

  test.each(vectors)('%s (%s) is read back', (_name, _origin, frame, id, data) => {
    expect(new FrameParser().push(bytes(frame))).toEqual([{ type: 'frame', id, data: bytes(data) }]);
  });

  it('has the published CRC check value and table', () => {
    expect(crc8(Buffer.from('123456789'))).toBe(0xf7);
    expect(Buffer.from(CRC8_TABLE.subarray(0, 16)).toString('hex')).toBe('00316253c4f5a697b988dbea7d4c1f2e');
  });

  it('asks for a repeat with an empty frame', () => {
    expect(repeatRequest(1)).toEqual(bytes('FE 00 00 01 9D'));
    expect(isRepeatRequest({ id: 1, data: Buffer.alloc(0) })).toBe(true);
    expect(isRepeatRequest({ id: 1, data: Buffer.of(0xa1) })).toBe(false);
  });

  it('carries the longest data and refuses a byte more', () => {
    const longest = Buffer.alloc(MAX_FRAME_DATA, 0xfe);
    const frame = encodeFrame(0, longest);
    expect(frame.subarray(0, 4)).toEqual(bytes('FE 7F 7F 00'));
    expect(new FrameParser().push(frame)).toEqual([{ type: 'frame', id: 0, data: longest }]);
    expect(() => encodeFrame(0, Buffer.alloc(MAX_FRAME_DATA + 1))).toThrow('SYS-UNENCODABLE');
  });

  it('counts ids from 00 to DF and round again, F0 aside', () => {
    expect(nextPacketId(0)).toBe(1);
    expect(nextPacketId(0xdf)).toBe(0);
    const accepted = Array.from({ length: 256 }, (_, id) => id).filter(isPacketId);
    expect(accepted).toEqual([...Array.from({ length: 0xe0 }, (_, id) => id), ASYNC_PACKET_ID]);
    expect(() => encodeFrame(0xe0, Buffer.alloc(1))).toThrow('SYS-UNENCODABLE');
    expect(() => encodeFrame(0xf1, Buffer.alloc(1))).toThrow('SYS-UNENCODABLE');
  });
});
