import fc from 'fast-check';
import { decodeBcd, decodeBcdDigits, encodeBcd, encodeBcdDigits } from './bcd';
import { decodeCp866, encodeCp866 } from './cp866';
import { ByteReader, ByteWriter } from './cursor';
import { ascii, bits, counted, text } from './fields';
import { moment, momentOrNone } from './moment';
import type { Codec } from './codec';

const write = <T>(codec: Codec<T>, value: T): string => {
  const out = new ByteWriter();
  codec.write(out, value);
  return out.toBuffer().toString('hex');
};
const read = <T>(codec: Codec<T>, bytes: string): T => codec.read(new ByteReader(Buffer.from(bytes, 'hex')));

describe('BCD', () => {
  it('puts the most significant byte first', () => {
    expect(encodeBcd(12345, 3).toString('hex')).toBe('012345');
    expect(decodeBcd(Buffer.from('012345', 'hex'))).toBe(12345);
    expect(encodeBcd(30, 4).toString('hex')).toBe('00000030');
  });

  it('refuses what does not fit, and nibbles above 9', () => {
    expect(() => encodeBcd(100, 1)).toThrow('SYS-UNENCODABLE');
    expect(() => encodeBcd(-1, 1)).toThrow('SYS-UNENCODABLE');
    expect(() => encodeBcd(0.5, 1)).toThrow('SYS-UNENCODABLE');
    expect(() => decodeBcd(Buffer.of(0x1a))).toThrow('WIRE-MALFORMED');
    expect(() => decodeBcd(Buffer.of(0xa1))).toThrow('WIRE-MALFORMED');
    expect(() => decodeBcd(Buffer.alloc(9, 0x99))).toThrow('WIRE-MALFORMED');
  });

  it('reads every number back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.maxSafeNat(), (size, seed) => {
        const value = seed % 100 ** size;
        expect(decodeBcd(encodeBcd(value, size))).toBe(value);
        expect(decodeBcdDigits(encodeBcd(value, size))).toBe(String(value).padStart(size * 2, '0'));
      }),
    );
  });

  it('keeps leading zeros of digit strings', () => {
    expect(decodeBcdDigits(encodeBcdDigits('0012345', 4))).toBe('00012345');
    expect(() => encodeBcdDigits('12a', 4)).toThrow('SYS-UNENCODABLE');
    expect(() => encodeBcdDigits('123456789', 4)).toThrow('SYS-UNENCODABLE');
    expect(() => decodeBcdDigits(Buffer.of(0xfa))).toThrow('WIRE-MALFORMED');
  });
});

describe('text', () => {
  it('is CP866: the name in the captured answer to A5', () => {
    const captured = Buffer.from('8A A0 A7 AD A0 E7 A5 A9 20 94 80'.replace(/ /g, ''), 'hex');
    expect(decodeCp866(captured)).toBe('Казначей ФА');
    expect(encodeCp866('Казначей ФА')).toEqual(captured);
    expect(encodeCp866('№ Ёё').toString('hex')).toBe('fc20f0f1');
  });

  it('refuses a character that the page lacks instead of printing a question mark', () => {
    expect(() => encodeCp866('5 €')).toThrow('SYS-UNENCODABLE');
    expect(encodeCp866('5 ?').toString('hex')).toBe('35203f');
  });

  it('fills fixed fields with spaces', () => {
    expect(write(text(5), 'Чай')).toBe('97a0a92020');
    expect(read(text(5), '97a0a92020')).toBe('Чай');
    expect(() => write(text(2), 'Чай')).toThrow('SYS-UNENCODABLE');
    expect(write(ascii(4), '77')).toBe('37372020');
    expect(read(ascii(4), '37370000')).toBe('77');
    expect(() => write(ascii(4), 'чай')).toThrow('SYS-UNENCODABLE');
  });
});

describe('moments', () => {
  const fn = momentOrNone(['YY', 'MM', 'DD', 'hh', 'mm'], 'binary');
  const clock = moment(['DD', 'MM', 'YY', 'hh', 'mm', 'ss'], 'bcd');

  it('are binary inside the FN and BCD in the register', () => {
    expect(write(fn, '2026-11-23T14:05')).toBe('1a0b170e05');
    expect(read(fn, '1a0b170e05')).toBe('2026-11-23T14:05');
    expect(write(clock, '2026-11-23T14:05:09')).toBe('231126140509');
    expect(read(clock, '231126140509')).toBe('2026-11-23T14:05:09');
    expect(read(moment(['hh', 'mm', 'ss'], 'bcd'), '140509')).toBe('14:05:09');
  });

  it('drop seconds that the field does not carry', () => {
    expect(write(fn, '2026-11-23T14:05:59')).toBe('1a0b170e05');
  });

  it('are null when the device has no date, and never nonsense', () => {
    expect(read(fn, '0000000000')).toBeNull();
    expect(write(fn, null)).toBe('0000000000');
    expect(read(fn, '1a0d010000')).toBeNull();
    expect(read(fn, '1a021e0000')).toBeNull();
    expect(() => read(clock, '990000000000')).toThrow('WIRE-MALFORMED');
    expect(() => read(clock, '1a1126140509')).toThrow('WIRE-MALFORMED');
    expect(() => write(clock, '2026-02-30T00:00:00')).toThrow('SYS-UNENCODABLE');
    expect(() => write(clock, '14:05:09')).toThrow('SYS-UNENCODABLE');
    expect(() => write(clock, 'yesterday')).toThrow('SYS-UNENCODABLE');
  });
});

describe('small fields', () => {
  it('name bits', () => {
    const flags = bits({ low: 0x01, high: 0x80 });
    expect(write(flags, { low: true, high: true })).toBe('81');
    expect(read(flags, '7f')).toEqual({ low: true, high: false });
  });

  it('count their bytes', () => {
    expect(write(counted(2), Buffer.from('abcd', 'hex'))).toBe('0200abcd');
    expect(() => read(counted(2), '0300abcd')).toThrow('WIRE-MALFORMED');
    expect(() => write(counted(1), Buffer.alloc(256))).toThrow('SYS-UNENCODABLE');
  });

  it('never read past the end', () => {
    expect(() => new ByteReader(Buffer.alloc(0)).u8()).toThrow('WIRE-MALFORMED');
    expect(() => new ByteReader(Buffer.alloc(3)).take(4)).toThrow('WIRE-MALFORMED');
  });
});
