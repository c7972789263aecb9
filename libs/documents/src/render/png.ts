import { Resvg } from '@resvg/resvg-js';
import type { Paper } from '../paper';
import { FONT_FAMILY, FONT_FILES } from './fonts';
import { toSvg } from './svg';

/** Picture of the paper, PNG, 640 points wide (8 to the millimetre). */
export function toPng(paper: Paper): Buffer {
  const picture = new Resvg(toSvg(paper).svg, {
    font: {
      loadSystemFonts: false,
      fontFiles: Object.values(FONT_FILES),
      defaultFontFamily: FONT_FAMILY,
    },
  });
  return picture.render().asPng();
}
