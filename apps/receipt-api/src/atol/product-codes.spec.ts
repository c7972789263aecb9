import { readMarkCode, readNomenclature } from './product-codes';
import type { Violation } from './violation';

const gs = '\u001d';
const full = `010460043993125621JgXJ5.T${gs}8005112000${gs}93abcd`;

describe('nomenclature_code of version 4', () => {
  it.each([
    ['00 00 00 01 00 21 fa 41', { nomenclatureHex: '000000010021fa41' }],
    ['44 4D', { nomenclatureHex: '444d' }],
    [Array.from({ length: 32 }, () => '0f').join(' '), { nomenclatureHex: '0f'.repeat(32) }],
    ['4600439931256', { mark: { kind: 'ean13', code: '4600439931256' } }],
    [full, { mark: { kind: 'gs1m', code: full } }],
    [`]C1${full}`, { mark: { kind: 'gs1m', code: `]C1${full}` } }],
  ])('reads %j', (code, expected) => {
    const violations: Violation[] = [];
    expect(readNomenclature(code, 'receipt.items[0]', violations)).toEqual(expected);
    expect(violations).toEqual([]);
  });

  it.each([undefined, null, '', '  '])('takes %j for none', (code) => {
    const violations: Violation[] = [];
    expect(readNomenclature(code, 'receipt.items[0]', violations)).toEqual({});
    expect(violations).toEqual([]);
  });

  it.each([
    'zz',
    '44 4',
    Array.from({ length: 33 }, () => '0f').join(' '),
    '123',
    'код',
    '02046004399312562',
  ])('refuses %j', (code) => {
    const violations: Violation[] = [];
    readNomenclature(code, 'receipt.items[0]', violations);
    expect(violations).toEqual([{ kind: 'PatternMismatch', path: 'receipt.items[0].nomenclature_code' }]);
  });
});

describe('mark_code of version 5', () => {
  it('decodes GS1 from Base64 with its separators', () => {
    const violations: Violation[] = [];
    const gs1m = Buffer.from(full, 'latin1').toString('base64');
    expect(readMarkCode({ gs1m, ean13: null, short: '' }, 'p', violations)).toEqual({
      mark: { kind: 'gs1m', code: full },
    });
    expect(violations).toEqual([]);
  });

  it.each([null, undefined, {}, { gs1m: null, ean8: '' }])('takes %j for none', (codes) => {
    const violations: Violation[] = [];
    expect(readMarkCode(codes, 'p', violations)).toEqual({});
    expect(violations).toEqual([]);
  });

  it.each([
    [
      { ean8: '12345678', ean13: '1234567890123' },
      { kind: 'NotOneOf', path: 'p.mark_code' },
    ],
    [{ strange: 'x' }, { kind: 'NotOneOf', path: 'p.mark_code' }],
    [{ gs1m: full }, { kind: 'PatternMismatch', path: 'p.mark_code.gs1m' }],
    [{ gs1m: 'a' }, { kind: 'PatternMismatch', path: 'p.mark_code.gs1m' }],
    [{ short: 'код' }, { kind: 'PatternMismatch', path: 'p.mark_code.short' }],
  ])('refuses %j', (codes, violation) => {
    const violations: Violation[] = [];
    readMarkCode(codes, 'p', violations);
    expect(violations).toEqual([violation]);
  });
});
