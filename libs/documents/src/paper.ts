/** How loud a line is on paper. */
export type Tone = 'plain' | 'strong' | 'quiet' | 'total';

/** One line of a printed form, before it is laid out. */
export type PaperLine =
  | { kind: 'text'; text: string; align: 'start' | 'center'; tone: Tone }
  /** A name at the left edge and its value at the right one. `depth` moves the name in. */
  | { kind: 'pair'; name: string; value: string; depth: number; tone: Tone }
  | { kind: 'rule' }
  /** A little air between two things of a kind. */
  | { kind: 'gap' }
  /** Text of a QR code (tag 1196). */
  | { kind: 'qr'; text: string }
  /** A framed remark that is no part of the document. */
  | { kind: 'note'; text: string };

/** A printed form as lines, the same for every way of drawing it. */
export interface Paper {
  /** Name of the document, for windows and files. */
  title: string;
  lines: PaperLine[];
}

export const text = (
  value: string,
  tone: Tone = 'plain',
  align: 'start' | 'center' = 'start',
): PaperLine => ({
  kind: 'text',
  text: value,
  align,
  tone,
});

export const centered = (value: string, tone: Tone = 'plain'): PaperLine => text(value, tone, 'center');

export const pair = (name: string, value: string, tone: Tone = 'plain', depth = 0): PaperLine => ({
  kind: 'pair',
  name,
  value,
  depth,
  tone,
});

export const rule: PaperLine = { kind: 'rule' };
export const gap: PaperLine = { kind: 'gap' };
