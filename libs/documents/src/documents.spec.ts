import { execFileSync } from 'node:child_process';
import { Resvg } from '@resvg/resvg-js';
import { decodeTlv, parseDocument, TAG, type TlvNode } from '@kkt/ffd';
import { FnBench } from '../../../hardware/emulator/src/testing/fn-bench';
import { printedForm, toHtml, toPdf, toPng, toSvg, type Paper } from '.';
import { textWidth } from './render/fonts';
import { wrapText } from './render/wrap';
import { correction, fullReceipt } from './test/samples';
import { money, quantity } from './words';

const wordsOf = ({ lines }: Paper): string =>
  lines
    .map((line) => {
      if (line.kind === 'rule' || line.kind === 'gap') return '';
      return line.kind === 'pair' ? `${line.name} | ${line.value}` : line.text;
    })
    .join('\n')
    .replaceAll('\u00a0', ' ');

/** Every kind of document an FN makes, from the emulated FN itself. */
function fnDocuments(): Record<string, Buffer> {
  const bench = new FnBench();
  bench.register();
  bench.later(60_000).openShift();
  bench.later(60_000).receipt(12_345);
  bench.later(60_000).receipt(5_000, 2);
  bench.later(60_000).receipt(700, 1, 'correction');
  bench.later(60_000).settlement();
  bench.later(60_000).closeShift();
  bench.later(60_000).reregister();
  bench.later(60_000).closeFn();
  const names = [
    'registration',
    'open',
    'receipt',
    'refund',
    'correction',
    'settlement',
    'close',
    'change',
    'end',
  ];
  return Object.fromEntries(names.map((name, index) => [name, bench.drive.document(index + 1)!.tlv]));
}

const documents: Record<string, Buffer> = { ...fnDocuments(), full: fullReceipt(), order: correction() };

describe('what stands on the paper', () => {
  it('prints a receipt as its buyer knows it', () => {
    const words = wordsOf(printedForm(documents.full!));
    for (const line of [
      'ООО "Ромашка"',
      'ИНН 7704358518',
      'КАССОВЫЙ ЧЕК',
      'ПРИХОД',
      '01.03.2026 12:13:14 | Смена 4, чек 3',
      '1. Кофе "Арабика" - зерно [М+]',
      '1,5 кг × 99,90 | =149,85',
      'НДС 22% | =27,02',
      'ИТОГ | =449,85',
      'Безналичными | =449,85',
      'Сумма без НДС | =300,00',
      'Сумма НДС 22% | =27,02',
      'СНО | ОСН',
      'ФН | 9999078900005488',
      'ФП | 2573726889',
      'Дробная часть | 1/2',
      'Промокод | ВЕСНА-2026',
      'Реквизит 1999 | 0102',
      't=20260301T121314&s=449.85&fn=9999078900005488&i=35&fp=2573726889&n=1',
    ])
      expect(words).toContain(line);
    expect(words).not.toContain('Наличными');
  });

  it.each([
    ['registration', ['ОТЧЕТ О РЕГИСТРАЦИИ', 'РН ККТ', 'Оператор']],
    ['open', ['ОТЧЕТ ОБ ОТКРЫТИИ СМЕНЫ', 'Смена 1']],
    ['correction', ['КАССОВЫЙ ЧЕК КОРРЕКЦИИ', 'Тип коррекции | САМОСТОЯТЕЛЬНО', 'Дата расчета | 10.01.2026']],
    ['settlement', ['ОТЧЕТ О ТЕК. СОСТ. РАСЧЕТОВ', 'СЧЕТЧИКИ ИТОГОВ НЕПЕРЕДАННЫХ ФД']],
    ['close', ['ОТЧЕТ О ЗАКРЫТИИ СМЕНЫ', 'СЧЕТЧИКИ ИТОГОВ СМЕНЫ', 'Итого | 123,45', 'Возврат расхода | нет']],
    ['change', ['ОТЧЕТ ОБ ИЗМ. ПАР. РЕГИСТРАЦИИ', 'изменение наименования пользователя']],
    ['end', ['ОТЧЕТ О ЗАКРЫТИИ ФИСКАЛЬНОГО НАКОПИТЕЛЯ', 'СЧЕТЧИКИ ИТОГОВ ФН', 'Возврат прихода | ']],
    [
      'order',
      ['ВОЗВРАТ ПРИХОДА', 'Номер предписания | ПР-17/4', 'ИТОГ | =123 456 789,01', 'Наличными | =0,01'],
    ],
  ])('prints the %s document', (name, expected) => {
    const words = wordsOf(printedForm(documents[name]!));
    for (const line of expected) expect(words).toContain(line);
  });

  it('leaves out no requisite of any document', () => {
    // Counters are pressed together, totals by VAT and arithmetic of items are joined: these are covered above.
    const joined = new Set<number>([TAG.shiftTotals, TAG.fnTotals, TAG.unsentTotals]);
    const leaves = (nodes: readonly TlvNode[]): TlvNode[] =>
      nodes.flatMap((node) => {
        if (joined.has(node.tag)) return [];
        return Array.isArray(node.value) ? leaves(node.value) : [node];
      });
    for (const [name, tlv] of Object.entries(documents)) {
      const words = wordsOf(printedForm(tlv));
      for (const { tag, value } of leaves(parseDocument(tlv).nodes)) {
        if (typeof value !== 'string' || value.includes('T')) continue;
        expect([name, tag, words]).toEqual([name, tag, expect.stringContaining(value.trim())]);
      }
    }
  });

  it('hides what only the buyer needs', () => {
    const words = wordsOf(printedForm(documents.full!, { personal: 'masked' }));
    expect(words).toContain('b***@example.com');
    for (const personal of ['buyer@', 'Иванов Иван', 'Новая', '504404744207\nПокупатель'])
      expect(words).not.toContain(personal);
  });

  it('has no empty part between two rules', () => {
    for (const tlv of Object.values(documents)) {
      const kinds = printedForm(tlv).lines.map(({ kind }) => kind);
      expect(kinds.join(' ')).not.toContain('rule rule');
    }
  });

  it('says that it is no document when told so, and takes the inside of one', () => {
    const inside = documents.full!.subarray(4);
    const paper = printedForm(inside, { form: 3, note: 'ОБРАЗЕЦ' });
    expect(paper.lines[0]).toEqual({ kind: 'note', text: 'ОБРАЗЕЦ' });
    expect(paper.lines.slice(1)).toEqual(printedForm(documents.full!).lines);
    expect(() => printedForm(Buffer.from('ff', 'hex'), { origin: 'CLIENT' })).toThrow('CLIENT-TLV-FORM');
  });

  it('writes kopecks and millionths without floats', () => {
    expect([0, 5, 100, 123_456_789_01, -150].map(money)).toEqual([
      '0,00',
      '0,05',
      '1,00',
      '123\u00a0456\u00a0789,01',
      '−1,50',
    ]);
    expect([1, 1_500_000, 20_000_000, 0].map(quantity)).toEqual(['0,000001', '1,5', '20', '0']);
  });
});

describe('drawing', () => {
  it('escapes what shops write', () => {
    const tlv = documents.full!;
    for (const drawn of [toHtml(printedForm(tlv)), toSvg(printedForm(tlv)).svg]) {
      expect(drawn).toContain('abcDEF&lt;&amp;&gt;1');
      expect(drawn).not.toContain('<&>');
    }
    const nasty: Paper = {
      title: '<script>',
      lines: [
        { kind: 'text', text: '"><script>alert(1)</script>\u001d', align: 'start', tone: 'plain' },
        { kind: 'note', text: "<img src=x onerror='1'>" },
      ],
    };
    expect(toHtml(nasty)).not.toMatch(/<script|<img/);
    expect(toHtml(nasty)).not.toContain('\u001d');
    expect(toPng(nasty).subarray(1, 4).toString()).toBe('PNG');
  });

  it('breaks lines where they fit', () => {
    const words =
      'Доставка курьером до двери https://shop.example/a-very-long-address-without-a-single-space';
    for (const width of [6, 12, 30]) {
      const lines = wrapText(words, width, 'normal');
      for (const line of lines) expect(textWidth(line, 'normal')).toBeLessThanOrEqual(width);
      expect(lines.join('').replaceAll(' ', '')).toBe(words.replaceAll(' ', ''));
    }
    expect(wrapText('', 10, 'bold')).toEqual(['']);
  });

  it.each(Object.keys(documents))('keeps the %s document between its margins', (name) => {
    const { svg, width } = toSvg(printedForm(documents[name]!));
    for (const [, attributes, content] of svg.matchAll(/<text ([^>]*)>([^<]*)</g)) {
      const read = (key: string): string | undefined => new RegExp(`${key}="([^"]*)"`).exec(attributes!)?.[1];
      const words = content!
        .replace(/&quot;/g, '"')
        .replace(/&lt;|&gt;/g, '<')
        .replace(/&amp;/g, '&');
      const wide = textWidth(words, read('font-weight') ? 'bold' : 'normal') * Number(read('font-size'));
      const x = Number(read('x'));
      const left = { start: x, middle: x - wide / 2, end: x - wide }[read('text-anchor') ?? 'start'] ?? NaN;
      expect([words, left >= 35 && left + wide <= width - 35]).toEqual([words, true]);
    }
  });

  it('draws a QR code that scanners read', () => {
    const paper = printedForm(documents.full!);
    const { svg } = toSvg(paper);
    const { pixels, width, height } = new Resvg(svg, { font: { loadSystemFonts: false } }).render();
    // The reader is an ES module, which the test runner cannot load.
    const script = `import decodeQR from 'qr/decode.js'; import { readFileSync } from 'node:fs';
      console.log(decodeQR({ data: readFileSync(0), width: ${width}, height: ${height} }))`;
    const read = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      input: pixels,
      cwd: process.cwd(),
      encoding: 'utf8',
    });
    const qr = paper.lines.find((line) => line.kind === 'qr');
    expect(read.trim()).toBe(qr?.text);
  });

  it.each(['full', 'close'])('makes a picture and a one-page PDF of the %s document', async (name) => {
    const paper = printedForm(documents[name]!);
    const { height } = toSvg(paper);
    const png = toPng(paper);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([640, height]);
    const pdf = (await toPdf(paper)).toString('latin1');
    expect(pdf.startsWith('%PDF-')).toBe(true);
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1);
    const [, wide, tall] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf) ?? [];
    expect(Number(wide)).toBeCloseTo((80 * 72) / 25.4, 1);
    expect(Number(tall)).toBeCloseTo((height / 8) * (72 / 25.4), 1);
    // Both weights of the letters are inside, so the file looks the same on any machine.
    expect(pdf).toMatch(/Roboto-Regular/);
  });

  it('is read back as TLV: samples are true documents', () => {
    for (const tlv of Object.values(documents)) expect(decodeTlv(tlv)).toHaveLength(1);
  });
});
