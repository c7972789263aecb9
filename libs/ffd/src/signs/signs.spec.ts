import * as fc from 'fast-check';
import { FarmError } from '@kkt/contracts';
import { crc16 } from './crc16';
import { fiscalSignToNumber, fiscalSignToWire, messageSignToText } from './fiscal-sign';
import { isInn, plainInn } from './inn';
import { buildQr, parseQr } from './qr';
import { isRnmFor, looksLikeRnm, makeRnm } from './rnm';

const bytes = (hex: string) => Buffer.from(hex, 'hex');

describe('CRC-16/CCITT-FALSE', () => {
  it.each([
    // Catalogue of parametrised CRC algorithms: check value of CRC-16/IBM-3740, alias CCITT-FALSE.
    ['123456789', 0x29b1],
    ['', 0xffff],
    ['A', 0xb915],
  ])('%j', (text, crc) => expect(crc16(Buffer.from(text, 'latin1'))).toBe(crc));

  it('goes on from a part to the next', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (first, second) => {
        const whole = Buffer.concat([first, second]);
        expect(crc16(second, 0, second.length, crc16(first))).toBe(crc16(whole));
        expect(crc16(whole, first.length)).toBe(crc16(second));
      }),
    );
  });
});

describe('fiscal sign', () => {
  it.each([
    // fp= of a published receipt QR code, and an FN dump of yandex/ofd.
    ['31049967f4a9', 0x3104, 2573726889],
    ['2104aa107541', 0x2104, 2853205313],
  ])('%s is printed as %i %i', (hex, prefix, printed) => {
    expect(fiscalSignToNumber(bytes(hex))).toBe(printed);
    expect(fiscalSignToWire(printed, prefix)).toEqual(bytes(hex));
  });

  it('refuses what is no sign', () => {
    expect(() => fiscalSignToNumber(bytes('2104aa'))).toThrow(FarmError);
    expect(() => fiscalSignToWire(2 ** 32)).toThrow(FarmError);
    expect(() => fiscalSignToWire(-1)).toThrow(FarmError);
    expect(() => messageSignToText(bytes('8106'))).toThrow(FarmError);
  });

  it('shows the message sign as little-endian decimal', () => {
    expect(messageSignToText(bytes('0100000000000000'))).toBe('1');
    expect(messageSignToText(bytes('810673fca34b2872'))).toBe(BigInt('0x72284ba3fc730681').toString());
  });
});

describe('INN', () => {
  // Operators and a KKT software vendor; the last is a vendor's published example of a person.
  it.each(['7704358518', '7702203276', '7709364346', '6663003127', '504404744207'])('%s is right', (inn) =>
    expect(isInn(inn)).toBe(true),
  );
  it.each([
    '7704358519',
    '504404744208',
    '504404744217',
    '0012345678',
    '770435851',
    '77043585180',
    'x704358518',
    '',
  ])('%j is wrong', (inn) => expect(isInn(inn)).toBe(false));
  it('has one right check digit', () => {
    for (const inn of ['7704358518', '7702203276', '504404744207']) {
      const right = Array.from({ length: 10 }, (_, digit) => inn.slice(0, -1) + digit).filter(isInn);
      expect(right).toEqual([inn]);
    }
  });
  it('drops padding', () => {
    expect(plainInn('7702203276  ')).toBe('7702203276');
    expect(plainInn('007702203276')).toBe('7702203276');
    expect(plainInn('504404744207')).toBe('504404744207');
  });
});

describe('registration number', () => {
  it.each([
    // yandex/ofd test dump; kkmserver published example.
    ['5', '7702203276', '2', '0000000005008570'],
    ['0149060006', '504404744207', '0149060006000651', '0149060006035849'],
  ])('order %s, INN %s, device %s', (order, inn, factory, rnm) => {
    expect(makeRnm(order, inn, factory)).toBe(rnm);
    expect(isRnmFor(rnm, inn, factory)).toBe(true);
    expect(isRnmFor(rnm, inn, `${factory}1`)).toBe(false);
    expect(isRnmFor(rnm, '7704358518', factory)).toBe(false);
  });

  it('knows a number that cannot be one', () => {
    expect(looksLikeRnm('0000000005008570')).toBe(true);
    expect(looksLikeRnm('0000000005065536')).toBe(false);
    expect(looksLikeRnm('000000000500857')).toBe(false);
    expect(isRnmFor('x', '7702203276', '2')).toBe(false);
    expect(() => makeRnm('12345678901', '7702203276', '2')).toThrow('CLIENT-RNM-PART');
  });
});

describe('QR code', () => {
  // Published receipt QR code.
  const text = 't=20230825T2302&s=1.54&fn=9999078945337305&i=5633&fp=2573726889&n=1';
  const fields = {
    at: '2023-08-25T23:02:00',
    totalKop: 154,
    fnNumber: '9999078945337305',
    fdNumber: 5633,
    fiscalSign: 2573726889,
    sign: 1 as const,
  };
  it('is written and read', () => {
    expect(buildQr(fields)).toBe(text);
    expect(parseQr(text)).toEqual(fields);
    expect(buildQr({ ...fields, at: '2023-08-25T23:02:07', totalKop: 100005 })).toContain(
      't=20230825T230207&s=1000.05&',
    );
  });
  it('is read with seconds, other order and short kopecks', () => {
    expect(parseQr('n=1&fp=2573726889&i=5633&fn=9999078945337305&s=1.5&t=20230825T230200')).toEqual({
      ...fields,
      totalKop: 150,
    });
    expect(parseQr(text.replace('s=1.54', 's=20')).totalKop).toBe(2000);
  });
  it.each([
    ['t', text.replace('T', ' ')],
    ['s', text.replace('1.54', '1.545')],
    ['fn', text.replace('9999078945337305', '999')],
    ['i', text.replace('i=5633', 'i=')],
    ['fp', text.replace('2573726889', '4294967296')],
    ['n', text.replace('n=1', 'n=5')],
  ])('names the wrong part: %s', (part, wrong) => {
    try {
      parseQr(wrong);
      throw new Error('accepted');
    } catch (error) {
      expect(error).toMatchObject({ code: 'CLIENT-QR', context: { part } });
    }
  });
  it('comes back whatever it says', () => {
    fc.assert(
      fc.property(fc.nat(99_999_999_99), fc.nat(0xffffffff), fc.nat(59), (totalKop, fiscalSign, second) => {
        const one = {
          ...fields,
          totalKop,
          fiscalSign,
          at: `2026-01-02T03:04:${String(second).padStart(2, '0')}`,
        };
        expect(parseQr(buildQr(one))).toEqual(one);
      }),
    );
  });
});
