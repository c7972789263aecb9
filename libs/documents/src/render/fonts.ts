import { dirname, join } from 'node:path';
import { openSync, type Font } from 'fontkit';

/** Roboto with Cyrillic, as it comes with pdfmake: the machine needs no fonts of its own. */
const folder = join(dirname(require.resolve('pdfmake/fonts/Roboto')), 'Roboto');

export const FONT_FAMILY = 'Roboto';
export const FONT_FILES = {
  normal: join(folder, 'Roboto-Regular.ttf'),
  bold: join(folder, 'Roboto-Medium.ttf'),
} as const;

export type Weight = keyof typeof FONT_FILES;

const opened = new Map<Weight, Font>();

function font(weight: Weight): Font {
  const found = opened.get(weight) ?? (openSync(FONT_FILES[weight]) as Font);
  opened.set(weight, found);
  return found;
}

/** Width of a text in units of its size: 1 is as wide as the letters are high. */
export function textWidth(text: string, weight: Weight): number {
  const face = font(weight);
  return face.layout(text).advanceWidth / face.unitsPerEm;
}
