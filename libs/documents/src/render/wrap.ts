import { textWidth, type Weight } from './fonts';

/**
 * Breaks a text into lines no wider than `width` (in units of the letters' size), between words where it can and
 * inside a word that is wider than a whole line. A no-break space is no place to break.
 */
export function wrapText(text: string, width: number, weight: Weight): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/[ \t\n\r]+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word;
    if (textWidth(longer, weight) <= width) {
      line = longer;
      continue;
    }
    if (line) lines.push(line);
    const pieces = breakWord(word, width, weight);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  if (line || lines.length === 0) lines.push(line);
  return lines;
}

function breakWord(word: string, width: number, weight: Weight): string[] {
  if (textWidth(word, weight) <= width) return [word];
  const pieces: string[] = [];
  let piece = '';
  for (const sign of word) {
    if (piece && textWidth(piece + sign, weight) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += sign;
  }
  return [...pieces, piece];
}
