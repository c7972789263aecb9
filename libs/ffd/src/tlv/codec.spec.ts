import * as fc from 'fast-check';
import { FarmError } from '@kkt/contracts';
import { RECEIPT_35, REGISTRATION_BODY } from '../golden/published-documents';
import { TAG } from '../tags/tag-numbers';
import { TAGS } from '../tags/tags';
import type { TagInfo } from '../tags/tag-types';
import { CP866_UNIT } from './cp866';
import { decodeTlv, type DecodeOptions } from './decode';
import { encodeTlv } from './encode';
import { secondsToLocalTime } from './local-time';
import type { TlvNode } from './node';

const hex = (nodes: TlvNode[]) => encodeTlv(nodes).toString('hex');
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof FarmError) return error.code;
    throw error;
  }
  return 'none';
};
const value = (bytes: string, options?: DecodeOptions) =>
  decodeTlv(Buffer.from(bytes, 'hex'), options)[0]?.value;

describe('TLV values', () => {
  it.each<[string, TlvNode, string]>([
    ['u8', { tag: 1054, value: 3 }, '1e04010003'],
    ['u16', { tag: 1213, value: 410 }, 'bd0402009a01'],
    ['u32', { tag: 1040, value: 35 }, '1004040023000000'],
    ['u32, highest bit', { tag: 1205, value: 0x80000001 }, 'b504040001000080'],
    ['flag', { tag: 1002, value: true }, 'ea03010001'],
    ['VLN zero is one byte', { tag: 1215, value: 0 }, 'bf04010000'],
    // yandex/ofd, tests/unit/test_protocol.py, TestVLN: e92d06 is 404969.
    ['VLN', { tag: 1020, value: 404969 }, 'fc030300e92d06'],
    ['VLN of six bytes', { tag: 1020, value: 2 ** 48 - 1 }, 'fc030600ffffffffffff'],
    // yandex/ofd, TestFVLN: 1234567.89 is 02 15cd5b07.
    ['FVLN', { tag: 1023, value: 1_234_567_890_000 }, 'ff0305000215cd5b07'],
    ['FVLN of one and a half', { tag: 1023, value: 1_500_000 }, 'ff030200010f'],
    ['FVLN of one', { tag: 1023, value: 1_000_000 }, 'ff0302000001'],
    ['FVLN of one millionth', { tag: 1023, value: 1 }, 'ff0302000601'],
    ['FVLN zero', { tag: 1023, value: 0 }, 'ff0302000000'],
    ['text', { tag: 1030, value: 'Тест' }, '0604040092a5e1e2'],
    ['fixed text is padded', { tag: 1018, value: '7702203276' }, 'fa030c00373730323230333237362020'],
    ['time', { tag: 1012, value: '2017-03-03T11:38:00' }, 'f40304009855b958'],
    ['bytes', { tag: 1077, value: Buffer.from('31049967f4a9', 'hex') }, '3504060031049967f4a9'],
    ['structure', { tag: 1084, value: [{ tag: 1085, value: 'a' }] }, '3c0405003d04010061'],
  ])('%s', (_name, node, bytes) => {
    expect(hex([node])).toBe(bytes);
    expect(decodeTlv(Buffer.from(bytes, 'hex'))).toEqual([node]);
  });

  it.each<[string, string, unknown]>([
    ['VLN of no bytes', 'fc030000', 0],
    ['VLN of eight bytes, as some operators write', 'fc0308000100000000000000', 1],
    ['u32 of no bytes', '10040000', 0],
    ['u32 of two bytes', '100402002301', 0x123],
    // yandex/ofd, TestFVLN: 1453.67 in eight bytes.
    ['FVLN in eight bytes', 'ff03080002d7370200000000', 1_453_670_000],
    ['FVLN with a longer mantissa than needed', 'ff03030003dc05', 1_500_000],
    ['FVLN of no bytes', 'ff030000', 0],
    ['FVLN with idle digits', 'ff0303000764' + '00', 10],
    ['flag of two', 'ea03010002', true],
    ['date', '9a04040000000000', '1970-01-01T00:00:00'],
  ])('reads %s', (_name, bytes, expected) => expect(value(bytes)).toEqual(expected));

  it.each<[string, string, string]>([
    ['a cut header', '1004', 'DEVICE-TLV-TRUNCATED'],
    ['a cut value', '10040400230000', 'DEVICE-TLV-TRUNCATED'],
    ['a child longer than its parent', '3c0406003d0405006161', 'DEVICE-TLV-TRUNCATED'],
    ['u8 of two bytes', '1e0402000100', 'DEVICE-TLV-VALUE'],
    ['VLN of nine bytes', 'fc030900010000000000000000', 'DEVICE-TLV-VALUE'],
    ['a number over 2^53', 'fc030800ffffffffffffffff', 'DEVICE-TLV-VALUE'],
    ['a quantity finer than a millionth', 'ff0302000701', 'DEVICE-TLV-VALUE'],
    ['a quantity over 2^53 millionths', 'ff03080000ffffffffffff' + '01', 'DEVICE-TLV-VALUE'],
  ])('refuses %s', (_name, bytes, code) => expect(codeOf(() => value(bytes))).toBe(code));

  it('keeps unknown tags as bytes', () => {
    const bytes = Buffer.from('ffff0300010203e70301000a', 'hex');
    const nodes = decodeTlv(bytes);
    expect(nodes).toEqual([
      { tag: 0xffff, value: Buffer.from([1, 2, 3]) },
      { tag: 999, value: Buffer.from([10]) },
    ]);
    expect(encodeTlv(nodes)).toEqual(bytes);
  });

  it('holds to its limits', () => {
    let deep: TlvNode[] = [{ tag: 1085, value: 'x' }];
    for (let i = 0; i < 10; i++) deep = [{ tag: 1084, value: deep }];
    const bytes = encodeTlv(deep);
    expect(codeOf(() => decodeTlv(bytes))).toBe('DEVICE-TLV-TOO-DEEP');
    expect(decodeTlv(bytes, { maxDepth: 11 })).toEqual(deep);
    const many = Buffer.from('e703000'.concat('0').repeat(5), 'hex');
    expect(codeOf(() => decodeTlv(many, { maxNodes: 4, origin: 'CLIENT' }))).toBe('CLIENT-TLV-TOO-MANY');
    expect(decodeTlv(many, { maxNodes: 5 })).toHaveLength(5);
    expect(codeOf(() => decodeTlv(many, { maxBytes: 19, origin: 'OFD' }))).toBe('OFD-TLV-TOO-LONG');
  });

  it.each<[string, TlvNode, string]>([
    ['a negative sum', { tag: 1020, value: -1 }, 'CLIENT-TLV-VALUE'],
    ['half a kopeck', { tag: 1020, value: 1.5 }, 'CLIENT-TLV-VALUE'],
    ['a sum over six bytes', { tag: 1020, value: 2 ** 48 }, 'CLIENT-TLV-TOO-LONG'],
    ['u8 over 255', { tag: 1054, value: 256 }, 'CLIENT-TLV-VALUE'],
    ['u32 over its most', { tag: 1040, value: 2 ** 32 }, 'CLIENT-TLV-VALUE'],
    ['a number for text', { tag: 1030, value: 1 }, 'CLIENT-TLV-VALUE'],
    ['text for a number', { tag: 1040, value: '1' }, 'CLIENT-TLV-VALUE'],
    ['text for an unknown tag', { tag: 999, value: '1' }, 'CLIENT-TLV-VALUE'],
    ['long text', { tag: 1030, value: 'x'.repeat(129) }, 'CLIENT-TLV-TOO-LONG'],
    ['a wrong time', { tag: 1012, value: '2026-02-30T00:00:00' }, 'CLIENT-TLV-VALUE'],
    [
      'a structure over its length',
      { tag: 1084, value: Array(2).fill({ tag: 1086, value: 'x'.repeat(256) }) },
      'CLIENT-TLV-TOO-LONG',
    ],
    ['bytes no TLV can hold', { tag: 999, value: Buffer.alloc(0x10000) }, 'CLIENT-TLV-TOO-LONG'],
  ])('does not write %s', (_name, node, code) => expect(codeOf(() => encodeTlv([node]))).toBe(code));

  it('writes plain equivalents of what CP866 has not, and lets nothing else change', () => {
    const nodes = encodeTlv([{ tag: 1030, value: '«Чай» — 5₽ 茶\u00a0\n' }]);
    expect(decodeTlv(nodes)).toEqual([{ tag: 1030, value: '"Чай" - 5руб ?\u00a0\n' }]);
    expect(codeOf(() => encodeTlv([{ tag: 1192, value: '₽'.repeat(6) }]))).toBe('CLIENT-TLV-TOO-LONG');
  });

  it('does not write without end', () => {
    const piece: TlvNode = { tag: 999, value: Buffer.alloc(0xffff) };
    expect(codeOf(() => encodeTlv([piece, piece, piece, piece]))).toBe('CLIENT-TLV-TOO-LONG');
    expect(encodeTlv([piece, piece])).toHaveLength(2 * 0x10003);
  });
});

describe('published documents', () => {
  it.each([
    ['receipt 35', RECEIPT_35],
    ['registration report', REGISTRATION_BODY.subarray(0, 263)],
  ])('come back byte for byte when read raw: %s', (_name, bytes) => {
    expect(encodeTlv(decodeTlv(bytes, { raw: true }))).toEqual(bytes);
  });

  it('come back by value, shorter only where a number was written longer than needed', () => {
    const again = encodeTlv(decodeTlv(RECEIPT_35));
    // 1023 as 03 DC05 (1.500) becomes 01 0F (1.5).
    expect(again).toHaveLength(RECEIPT_35.length - 1);
    expect(decodeTlv(again)).toEqual(decodeTlv(RECEIPT_35));
  });

  it('cannot be cut anywhere', () => {
    for (let length = 1; length < RECEIPT_35.length; length++) {
      expect(codeOf(() => decodeTlv(RECEIPT_35.subarray(0, length)))).toBe('DEVICE-TLV-TRUNCATED');
    }
  });
});

const cp866Text = (min: number, max: number) =>
  fc
    .array(fc.integer({ min: 0, max: 255 }), { minLength: min, maxLength: max })
    .map((bytes) => bytes.map((byte) => String.fromCharCode(CP866_UNIT[byte]!)).join(''));

function leaf(info: TagInfo): fc.Arbitrary<TlvNode> {
  const of = (values: fc.Arbitrary<TlvNode['value']>) => values.map((one) => ({ tag: info.tag, value: one }));
  const number = (max: number) => of(fc.integer({ min: 0, max }));
  switch (info.type) {
    case 'string':
      return of(
        cp866Text(0, Math.min(info.maxLength, 30)).map((text) =>
          info.fixed ? text.replace(/ +$/, '') : text,
        ),
      );
    case 'u8':
    case 'bits8':
      return number(0xff);
    case 'u16':
      return number(0xffff);
    case 'u32':
    case 'bits32':
      return number(0xffffffff);
    case 'bool':
      return of(fc.boolean());
    case 'vln':
      return of(fc.maxSafeNat().map((n) => (info.maxLength < 8 ? n % 2 ** 48 : n)));
    case 'fvln':
      return of(fc.maxSafeNat());
    case 'unixtime':
      return of(fc.integer({ min: 0, max: 0xffffffff }).map(secondsToLocalTime));
    default:
      return of(
        fc.uint8Array({ maxLength: Math.min(info.maxLength, 32) }).map((bytes) => Buffer.from(bytes)),
      );
  }
}

const leaves = TAGS.filter((info) => info.type !== 'stlv').map(leaf);
const anyLeaf = fc.oneof(...leaves);
const structures = [TAG.item, TAG.buyerInformation, 3, 31].map((tag) => tag);
const tree: fc.Arbitrary<TlvNode[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: anyLeaf },
    {
      weight: 1,
      arbitrary: fc.record({
        tag: fc.constantFrom(...structures),
        value: fc.array(anyLeaf, { maxLength: 12 }) as fc.Arbitrary<TlvNode['value']>,
      }),
    },
  ),
  { maxLength: 30 },
);

describe('any nodes', () => {
  it('are the same after writing and reading', () => {
    fc.assert(
      fc.property(tree, (nodes) => {
        const bytes = encodeTlv(nodes);
        expect(decodeTlv(bytes)).toEqual(nodes);
        expect(encodeTlv(decodeTlv(bytes, { raw: true }))).toEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });

  it('cut anywhere give an error or whole nodes, never a crash', () => {
    fc.assert(
      fc.property(tree, fc.nat(), (nodes, at) => {
        const bytes = encodeTlv(nodes);
        const cut = bytes.subarray(0, at % (bytes.length + 1));
        const code = codeOf(() => expect(encodeTlv(decodeTlv(cut))).toEqual(cut));
        expect(['none', 'DEVICE-TLV-TRUNCATED']).toContain(code);
      }),
      { numRuns: 300 },
    );
  });

  it('random bytes never do more than fail with a code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(codeOf(() => decodeTlv(bytes, { origin: 'OFD' }))).toMatch(/^(none|OFD-TLV-[A-Z-]+)$/);
      }),
      { numRuns: 500 },
    );
  });

  it('damaged documents never do more than fail with a code', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Buffer.from(RECEIPT_35);
        bytes[at % bytes.length]! ^= flip;
        expect(codeOf(() => decodeTlv(bytes))).toMatch(/^(none|DEVICE-TLV-[A-Z-]+)$/);
      }),
      { numRuns: 500 },
    );
  });
});
