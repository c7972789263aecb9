import type { MarkKind } from '@kkt/contracts';
import { gs1Parts, markIdentifier, MARK_TAG, productCode1162 } from './marking';

const GS = '\u001d';
// Shape of a code of light industry goods: GTIN, serial, key, crypto tail (values made up).
const FULL = `010460043993125621JgXJ5.T${GS}91EE06${GS}92${'A'.repeat(44)}`;

describe('marking codes', () => {
  it.each<[MarkKind, string, string | undefined]>([
    ['gs1m', FULL, '010460043993125621JgXJ5.T'],
    ['gs1m', `]d2${FULL}`, '010460043993125621JgXJ5.T'],
    ['gs1m', `${GS}${FULL}`, '010460043993125621JgXJ5.T'],
    ['gs1m', `010460043993125621JgXJ5.T${GS}8005112000${GS}93dGVz`, '010460043993125621JgXJ5.T8005112000'],
    ['gs1m', '4600439931256', undefined],
    ['short', '04600439931256JgXJ5.TAAAAdGVz', '04600439931256JgXJ5.T'],
    ['short', 'RU-4307', 'RU-4307'],
    ['ean13', '4600439931256', '4600439931256'],
    ['ean13', '460043993125', undefined],
    ['ean8', '46198488', '46198488'],
    ['itf14', '14600439931253', '14600439931253'],
    ['fur', 'RU-401301-AAA0277031', 'RU-401301-AAA0277031'],
    ['fur', 'RU-401301', undefined],
    ['egais20', '22N0000152CO0F5S8TK07QW', '22N0000152CO0F5S8TK07QW'],
    ['egais30', '13622200005881', '13622200005881'],
    ['gs10', '0104600439931256', '0104600439931256'],
    ['unknown', 'x'.repeat(40), 'x'.repeat(32)],
  ])('%s %j is known as %j', (kind, code, identifier) =>
    expect(markIdentifier({ kind, code })).toBe(identifier),
  );

  it('takes a GS1 code apart', () => {
    expect(gs1Parts(FULL)).toEqual({ gtin: '04600439931256', serial: 'JgXJ5.T' });
    expect(gs1Parts('21JgXJ5.T')).toBeUndefined();
  });

  it.each<[MarkKind, string, string | undefined]>([
    // 04600439931256 is 04 2F1F96 8178 as six bytes.
    ['gs1m', FULL, '444d042f1f9681784a67584a352e54'],
    ['short', '04600439931256JgXJ5.TAAAAdGVz', '444d042f1f9681784a67584a352e5441414141'],
    ['ean13', '4600439931256', '450d042f1f968178'],
    ['ean8', '46198488', '45080000 02c0eed8'.replace(' ', '')],
    ['fur', 'RU-401301-AAA0277031', '5246' + Buffer.from('RU-401301-AAA0277031').toString('hex')],
    ['unknown', 'ABC', '0000414243'],
    ['ean13', 'nonsense', undefined],
  ])('%s %j by FFD 1.05', (kind, code, hex) => {
    expect(productCode1162({ kind, code })?.toString('hex')).toBe(hex);
  });

  it('never makes 1162 longer than its tag', () => {
    for (const kind of Object.keys(MARK_TAG) as MarkKind[]) {
      expect(
        productCode1162({ kind, code: `010460043993125621${'x'.repeat(60)}` })?.length ?? 0,
      ).toBeLessThanOrEqual(32);
    }
  });
});
