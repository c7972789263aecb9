import { crc32, inflateRawSync } from 'node:zlib';
import { csvLine } from './csv';
import { XlsxWriter } from './xlsx';

/** Files of an archive by its directory, each checked against its size and CRC. */
function unzip(bytes: Buffer): Map<string, string> {
  const end = bytes.length - 22;
  expect(bytes.readUInt32LE(end)).toBe(0x06054b50);
  const files = new Map<string, string>();
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count -= 1) {
    const nameLength = bytes.readUInt16LE(at + 28);
    const offset = bytes.readUInt32LE(at + 42);
    const name = bytes.subarray(at + 46, at + 46 + nameLength).toString();
    const dataAt = offset + 30 + bytes.readUInt16LE(offset + 26);
    const data = inflateRawSync(bytes.subarray(dataAt, dataAt + bytes.readUInt32LE(at + 20)));
    expect(data.length).toBe(bytes.readUInt32LE(at + 24));
    expect(crc32(data)).toBe(bytes.readUInt32LE(at + 16));
    files.set(name, data.toString());
    at += 46 + nameLength;
  }
  return files;
}

describe('XlsxWriter', () => {
  it('writes a whole archive piece by piece', async () => {
    const writer = new XlsxWriter('Чеки', [
      { title: 'Имя & <знак>', width: 10 },
      { title: 'Сумма', width: 8 },
    ]);
    const pieces: Buffer[] = [];
    await writer.begin();
    for (let page = 0; page < 20; page += 1) {
      await writer.rows(
        Array.from({ length: 500 }, (_, index) => [
          { kind: 'text', value: `строка ${page * 500 + index} <&"\u0001` } as const,
          { kind: 'money', kop: 12_345 } as const,
        ]),
      );
      pieces.push(writer.take());
    }
    await writer.rows([[{ kind: 'time', at: new Date('2026-11-26T21:00:00Z') }, { kind: 'empty' }]]);
    await writer.end();
    pieces.push(writer.take());
    expect(writer.take()).toHaveLength(0);
    const files = unzip(Buffer.concat(pieces));
    expect([...files.keys()]).toContain('[Content_Types].xml');
    const sheet = files.get('xl/worksheets/sheet1.xml') ?? '';
    expect(sheet.match(/<row>/g)).toHaveLength(10_002);
    expect(sheet).toContain('Имя &#38; &#60;знак&#62;');
    expect(sheet).toContain('строка 9999 &#60;&#38;&#34;<');
    expect(sheet).toContain('<v>123.45</v>');
    // Midnight of 27 November 2026 in Moscow, in days since the end of 1899.
    expect(sheet).toContain('<v>46353.000000000</v>');
    expect(files.get('xl/workbook.xml')).toContain('name="Чеки"');
  });
});

describe('csvLine', () => {
  it('quotes what divides, and disarms formulas', () => {
    expect(
      csvLine([
        { kind: 'text', value: 'а;б "в"' },
        { kind: 'text', value: '=1+1' },
        { kind: 'money', kop: -105 },
        { kind: 'empty' },
      ]),
    ).toBe(`"а;б ""в""";'=1+1;-1,05;\r\n`);
  });
});
