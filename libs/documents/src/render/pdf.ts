// The package is one object whose methods need it as `this`, which named imports would take away.
// eslint-disable-next-line @typescript-eslint/no-require-imports
import pdfmake = require('pdfmake');
import type { Paper } from '../paper';
import { FONT_FAMILY, FONT_FILES } from './fonts';
import { toSvg, UNITS_PER_MM } from './svg';

const POINTS_PER_UNIT = 72 / 25.4 / UNITS_PER_MM;

const ours = new Set<string>(Object.values(FONT_FILES));
pdfmake.setFonts({ [FONT_FAMILY]: FONT_FILES });
// A document is made of what it holds: nothing is fetched, and nothing is read from the disk but the two fonts.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => ours.has(path));

/** The paper as a PDF of one page, 80 mm wide and as long as it needs to be; its text can be searched and copied. */
export async function toPdf(paper: Paper): Promise<Buffer> {
  const { svg, width, height } = toSvg(paper);
  const size = { width: width * POINTS_PER_UNIT, height: height * POINTS_PER_UNIT };
  const document = pdfmake.createPdf({
    info: { title: paper.title, creator: 'KKT Farm', producer: 'KKT Farm' },
    pageSize: size,
    pageMargins: 0,
    defaultStyle: { font: FONT_FAMILY },
    content: [{ svg, width: size.width, height: size.height, absolutePosition: { x: 0, y: 0 } }],
  });
  return document.getBuffer();
}
