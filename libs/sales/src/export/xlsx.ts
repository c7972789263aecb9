import { crc32, createDeflateRaw, type DeflateRaw } from 'node:zlib';
import type { Cell } from './columns';

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packaged = 'http://schemas.openxmlformats.org/package/2006';

/** Cell styles by their place in `cellXfs`. */
const style = { plain: 0, head: 1, money: 2, time: 3 } as const;

const staticFiles: readonly (readonly [string, string])[] = [
  [
    '[Content_Types].xml',
    `${head}<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`,
  ],
  [
    '_rels/.rels',
    `${head}<Relationships xmlns="${packaged}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ],
  [
    'xl/_rels/workbook.xml.rels',
    `${head}<Relationships xmlns="${packaged}/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
  ],
  [
    'xl/styles.xml',
    `${head}<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="#,##0.00"/><numFmt numFmtId="165" formatCode="dd.mm.yyyy hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf xfId="0"/><xf fontId="1" xfId="0" applyFont="1"/><xf numFmtId="164" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`,
  ],
];

/** Characters that XML 1.0 cannot hold are left out. */
// eslint-disable-next-line no-control-regex
const unspeakable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/g;
const escape = (text: string): string =>
  text
    .replace(/[\ud800-\udbff][\udc00-\udfff]/g, '\u25a1')
    .replace(unspeakable, '')
    .replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Days since 30 December 1899, on the Moscow clock. */
const serial = (at: Date): string => ((at.getTime() + 3 * 3_600_000) / 86_400_000 + 25_569).toFixed(9);

function cellXml(cell: Cell): string {
  switch (cell.kind) {
    case 'text':
      return `<c t="inlineStr"><is><t xml:space="preserve">${escape(cell.value)}</t></is></c>`;
    case 'money':
      return `<c s="${style.money}"><v>${cell.kop / 100}</v></c>`;
    case 'number':
      return `<c><v>${cell.value}</v></c>`;
    case 'time':
      return `<c s="${style.time}"><v>${serial(cell.at)}</v></c>`;
    case 'empty':
      return '<c/>';
  }
}

interface Entry {
  name: string;
  crc: number;
  packed: number;
  plain: number;
  offset: number;
}

/** Moment of the archive's entries: the same for all, so that equal rows give equal files (1 January 2026). */
const dosDate = ((2026 - 1980) << 9) | (1 << 5) | 1;

function localHeader(name: string): Buffer {
  const bytes = Buffer.from(name);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  // Sizes follow the data; the name is UTF-8.
  header.writeUInt16LE(0x0808, 6);
  header.writeUInt16LE(8, 8);
  header.writeUInt16LE(dosDate, 12);
  header.writeUInt16LE(bytes.length, 26);
  return Buffer.concat([header, bytes]);
}

function descriptor({ crc, packed, plain }: Entry): Buffer {
  const block = Buffer.alloc(16);
  block.writeUInt32LE(0x08074b50, 0);
  block.writeUInt32LE(crc, 4);
  block.writeUInt32LE(packed, 8);
  block.writeUInt32LE(plain, 12);
  return block;
}

function directory(entries: readonly Entry[], offset: number): Buffer {
  const records = entries.map((entry) => {
    const name = Buffer.from(entry.name);
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE(20, 4);
    record.writeUInt16LE(20, 6);
    record.writeUInt16LE(0x0808, 8);
    record.writeUInt16LE(8, 10);
    record.writeUInt16LE(dosDate, 14);
    record.writeUInt32LE(entry.crc, 16);
    record.writeUInt32LE(entry.packed, 20);
    record.writeUInt32LE(entry.plain, 24);
    record.writeUInt16LE(name.length, 28);
    record.writeUInt32LE(entry.offset, 42);
    return Buffer.concat([record, name]);
  });
  const all = Buffer.concat(records);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(all.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([all, end]);
}

/** A spreadsheet of one sheet written row by row: what is written is given away at once, nothing but it is kept. */
export class XlsxWriter {
  private readonly entries: Entry[] = [];
  private offset = 0;
  private ready: Buffer[] = [];
  private sheet: { entry: Entry; deflate: DeflateRaw } | undefined;

  constructor(
    private readonly sheetName: string,
    private readonly columns: readonly { title: string; width: number }[],
  ) {}

  /** Bytes that are ready, from the last call on. */
  take(): Buffer {
    const bytes = Buffer.concat(this.ready);
    this.ready = [];
    return bytes;
  }

  async begin(): Promise<void> {
    for (const [name, text] of staticFiles) await this.file(name, text);
    await this.file(
      'xl/workbook.xml',
      `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${escape(this.sheetName)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    );
    this.open('xl/worksheets/sheet1.xml');
    const widths = this.columns
      .map(
        ({ width }, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
      )
      .join('');
    const titles = this.columns
      .map(({ title }) => `<c s="${style.head}" t="inlineStr"><is><t>${escape(title)}</t></is></c>`)
      .join('');
    await this.write(
      `${head}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths}</cols><sheetData><row>${titles}</row>`,
    );
  }

  rows(rows: readonly (readonly Cell[])[]): Promise<void> {
    return this.write(rows.map((cells) => `<row>${cells.map(cellXml).join('')}</row>`).join(''));
  }

  async end(): Promise<void> {
    await this.write('</sheetData></worksheet>');
    await this.close();
    this.push(directory(this.entries, this.offset));
  }

  private push(bytes: Buffer): void {
    this.offset += bytes.length;
    this.ready.push(bytes);
  }

  private open(name: string): void {
    const entry = { name, crc: 0, packed: 0, plain: 0, offset: this.offset };
    this.entries.push(entry);
    this.push(localHeader(name));
    const deflate = createDeflateRaw({ level: 6 });
    deflate.on('data', (bytes: Buffer) => {
      entry.packed += bytes.length;
      this.push(bytes);
    });
    this.sheet = { entry, deflate };
  }

  private write(text: string): Promise<void> {
    const { sheet } = this;
    if (!sheet || text === '') return Promise.resolve();
    const bytes = Buffer.from(text);
    sheet.entry.crc = crc32(bytes, sheet.entry.crc);
    sheet.entry.plain += bytes.length;
    return new Promise((resolve, reject) =>
      sheet.deflate.write(bytes, (error) => (error ? reject(error) : resolve())),
    );
  }

  private async close(): Promise<void> {
    const { sheet } = this;
    if (!sheet) return;
    await new Promise<void>((resolve) => {
      sheet.deflate.once('end', resolve);
      sheet.deflate.end();
    });
    this.sheet = undefined;
    this.push(descriptor(sheet.entry));
  }

  private async file(name: string, text: string): Promise<void> {
    this.open(name);
    await this.write(text);
    await this.close();
  }
}
