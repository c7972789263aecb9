import * as fc from 'fast-check';
import { CP866_UNIT, fromCp866, plainText, readCp866, toCp866 } from './cp866';

describe('CP866', () => {
  it.each([
    // yandex/ofd, tests/unit/test_protocol.py: "Тест".
    ['Тест', '92a5e1e2'],
    // Unicode Consortium, CP866.TXT: positions of the letters outside the two runs and of the number sign.
    ['№ёЁЯя', 'fcf1f09fef'],
    ['рп', 'e0af'],
    ['°·√■', 'f8fafbfe'],
    ['└╬┐', 'c0cebf'],
  ])('writes %s', (text, hex) => {
    expect(toCp866(text)).toEqual({ bytes: Buffer.from(hex, 'hex'), replaced: [] });
    expect(fromCp866(Buffer.from(hex, 'hex'))).toBe(text);
  });

  it('gives every byte its own character and takes it back', () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    expect(new Set(CP866_UNIT).size).toBe(256);
    expect(fromCp866(all)).toHaveLength(256);
    expect(fromCp866(all.subarray(0x80))).toContain('А');
  });

  it.each([
    ['«Ромашка» “x” „y‟', '"Ромашка" "x" "y"'],
    ['2024–2025 — да…', '2024-2025 - да...'],
    ['1000₽', '1000руб'],
    ['a\u00a0b\u2009c', 'a b c'],
    ['строка\r\nстрока\t.', 'строка  строка .'],
    ['м² × 2', 'м2 x 2'],
    ['café Nuñez', 'cafe Nunez'],
    ['й как и + бреве: и\u0306', 'й как и + бреве: й'],
    ['мягкий\u00adперенос\u200b', 'мягкийперенос'],
  ])('makes %j plain', (text, plain) => {
    const replaced = new Set<string>();
    expect(plainText(text, replaced)).toBe(plain);
    expect([...replaced]).toEqual([]);
  });

  it('reports what it cannot hold, each once', () => {
    const result = toCp866('Чай 茶 😀 茶');
    expect(result.replaced).toEqual(['茶', '😀']);
    expect(fromCp866(result.bytes)).toBe('Чай ? ? ?');
  });

  it('cuts after plain equivalents are in', () => {
    expect(fromCp866(toCp866('да…нет', 4).bytes)).toBe('да..');
  });

  it('is stable: plain text stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const plain = plainText(text);
        expect(plainText(plain)).toBe(plain);
        expect(toCp866(plain).replaced).toEqual([]);
        expect(fromCp866(toCp866(text).bytes)).toBe(plain);
      }),
    );
  });

  it('reads texts of any length the same way', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const source = Buffer.from(bytes);
        const expected = Array.from(bytes, (byte) => String.fromCharCode(CP866_UNIT[byte]!)).join('');
        expect(readCp866(source, 0, source.length)).toBe(expected);
      }),
    );
  });

  it('reads texts longer than its scratch', () => {
    const long = Buffer.alloc(70_000, 0x8f);
    expect(fromCp866(long)).toBe('П'.repeat(70_000));
  });
});
