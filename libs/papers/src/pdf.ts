// The package is one object whose methods need it as `this`, which named imports would take away.
// eslint-disable-next-line @typescript-eslint/no-require-imports
import pdfmake = require('pdfmake');
import { dirname, join } from 'node:path';
import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces';

const folder = join(dirname(require.resolve('pdfmake/fonts/Roboto')), 'Roboto');
const fonts = {
  Roboto: { normal: join(folder, 'Roboto-Regular.ttf'), bold: join(folder, 'Roboto-Medium.ttf') },
};

pdfmake.setFonts(fonts);
// A document is made of what it holds: nothing is fetched, and nothing is read from the disk but the two fonts.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => Object.values(fonts.Roboto).includes(path));

/** A4 with the farm's look. */
export function pdfOf(title: string, content: Content[]): Promise<Buffer> {
  const definition: TDocumentDefinitions = {
    info: { title },
    pageSize: 'A4',
    pageMargins: [48, 42, 42, 48],
    defaultStyle: { font: 'Roboto', fontSize: 9.5, lineHeight: 1.15 },
    styles: {
      title: { fontSize: 14, bold: true, margin: [0, 14, 0, 8] },
      heading: { bold: true, fontSize: 10.5, margin: [0, 10, 0, 3] },
      soft: { color: '#555' },
    },
    footer: (page, pages) => ({
      text: `${title} — стр. ${page} из ${pages}`,
      alignment: 'right',
      fontSize: 7.5,
      color: '#777',
      margin: [48, 16, 42, 0],
    }),
    content,
  };
  return pdfmake.createPdf(definition).getBuffer();
}

/** A table with a bold head; columns named in `right` hold figures. */
export function tableOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  widths: (string | number)[],
  right: readonly number[],
): Content {
  const cell = (text: string, column: number, bold: boolean): TableCell => ({
    text,
    bold,
    alignment: right.includes(column) ? 'right' : 'left',
  });
  return {
    table: {
      headerRows: 1,
      widths,
      body: [
        head.map((text, column) => cell(text, column, true)),
        ...rows.map((row) => row.map((text, column) => cell(text, column, false))),
      ],
    },
    layout: {
      hLineWidth: () => 0.5,
      vLineWidth: () => 0.5,
      hLineColor: () => '#999',
      vLineColor: () => '#999',
    },
    margin: [0, 6, 0, 6],
  };
}
