import type { Paper, PaperLine, Tone } from '../paper';
import { escapeMarkup } from './escape';
import { FONT_FAMILY, textWidth, type Weight } from './fonts';
import { qrPath } from './qr';
import { wrapText } from './wrap';

/** Width of the roll is 80 mm; eight units are a millimetre, as thermal heads have it. */
export const PAPER_WIDTH = 640;
export const UNITS_PER_MM = 8;
const MARGIN = 36;
const INNER = PAPER_WIDTH - 2 * MARGIN;
const GAP = 16;
const INDENT = 18;
const LINE = 1.32;
/** Largest part of a line that a value takes beside its name; a longer one goes below it. */
const VALUE_PART = 0.62;

interface Look {
  size: number;
  weight: Weight;
  fill: string;
}

const LOOKS: Readonly<Record<Tone, Look>> = {
  plain: { size: 23, weight: 'normal', fill: '#111' },
  strong: { size: 23, weight: 'bold', fill: '#111' },
  quiet: { size: 20, weight: 'normal', fill: '#444' },
  total: { size: 36, weight: 'bold', fill: '#111' },
};
const NOTE: Look = { size: 22, weight: 'bold', fill: '#b00020' };

/** A drawing of a paper: SVG text and its height in units. */
export interface Drawing {
  svg: string;
  width: number;
  height: number;
}

class Pen {
  readonly parts: string[] = [];
  y = MARGIN;

  /** One line of text; the baseline is put where the letters of a line of this size stand. */
  row(left: string, right: string, look: Look, indent = 0): void {
    const baseline = this.y + look.size;
    if (left) this.put(left, MARGIN + indent, baseline, look, 'start');
    if (right) this.put(right, PAPER_WIDTH - MARGIN, baseline, look, 'end');
    this.y += look.size * LINE;
  }

  middle(value: string, look: Look): void {
    this.put(value, PAPER_WIDTH / 2, this.y + look.size, look, 'middle');
    this.y += look.size * LINE;
  }

  private put(value: string, x: number, y: number, { size, weight, fill }: Look, anchor: string): void {
    const heavy = weight === 'bold' ? ' font-weight="bold"' : '';
    const at = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
    this.parts.push(
      `<text x="${x}" y="${round(y)}" font-size="${size}" fill="${fill}"${heavy}${at}>${escapeMarkup(value)}</text>`,
    );
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;

const fit = (value: string, look: Look, width = INNER): string[] =>
  wrapText(value, width / look.size, look.weight);

function drawPair(pen: Pen, { name, value, depth, tone }: Extract<PaperLine, { kind: 'pair' }>): void {
  const look = LOOKS[tone];
  const indent = depth * INDENT;
  const room = INNER - indent;
  const wide = textWidth(value, look.weight) * look.size;
  if (wide <= room * VALUE_PART || wide + GAP + textWidth(name, look.weight) * look.size <= room) {
    const names = fit(name, look, room - wide - GAP);
    // The value stands on the last line of its name, as a price does after a long name of goods.
    names.forEach((line, index) => pen.row(line, index === names.length - 1 ? value : '', look, indent));
    return;
  }
  for (const line of fit(name, look, room)) pen.row(line, '', look, indent);
  for (const line of fit(value, look, room)) pen.row('', line, look, indent);
}

function drawNote(pen: Pen, value: string): void {
  const top = pen.y;
  pen.y += 12;
  for (const line of fit(value, NOTE, INNER - 24)) pen.middle(line, NOTE);
  pen.y += 14;
  pen.parts.push(
    `<rect x="${MARGIN}" y="${top}" width="${INNER}" height="${round(pen.y - top)}" fill="none" stroke="${NOTE.fill}" stroke-width="3"/>`,
  );
  pen.y += 16;
}

function drawQr(pen: Pen, content: string): void {
  const { path, size } = qrPath(content);
  // Whole units for a square keep its edges sharp; about 42 mm wide.
  const scale = Math.max(2, Math.floor((42 * UNITS_PER_MM) / size));
  pen.y += 20;
  pen.parts.push(
    `<path transform="translate(${(PAPER_WIDTH - size * scale) / 2} ${round(pen.y)}) scale(${scale})" fill="#000" d="${path}"/>`,
  );
  pen.y += size * scale + 10;
}

function drawLine(pen: Pen, line: PaperLine): void {
  switch (line.kind) {
    case 'pair':
      return drawPair(pen, line);
    case 'note':
      return drawNote(pen, line.text);
    case 'gap':
      pen.y += 10;
      return;
    case 'qr':
      pen.y = Math.ceil(pen.y);
      return drawQr(pen, line.text);
    case 'rule': {
      const y = round(pen.y + 10);
      pen.parts.push(
        `<path d="M${MARGIN} ${y}H${PAPER_WIDTH - MARGIN}" stroke="#888" stroke-width="2" stroke-dasharray="7 5" fill="none"/>`,
      );
      pen.y += 18;
      return;
    }
    case 'text': {
      const look = LOOKS[line.tone];
      for (const part of fit(line.text, look)) {
        if (line.align === 'center') pen.middle(part, look);
        else pen.row(part, '', look);
      }
    }
  }
}

/** The paper drawn line by line; PNG and PDF are made of this very drawing. */
export function toSvg(paper: Paper): Drawing {
  const pen = new Pen();
  for (const line of paper.lines) drawLine(pen, line);
  const height = Math.ceil(pen.y + MARGIN);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${PAPER_WIDTH}" height="${height}" viewBox="0 0 ${PAPER_WIDTH} ${height}" font-family="${FONT_FAMILY}">` +
    `<rect width="${PAPER_WIDTH}" height="${height}" fill="#fff"/>${pen.parts.join('')}</svg>`;
  return { svg, width: PAPER_WIDTH, height };
}
