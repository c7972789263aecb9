/**
 * CP866, the code page of FFD strings. Bytes 00–7F are ASCII. Table: the Unicode Consortium's mapping CP866.TXT.
 */
const UPPER_HALF =
  'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмноп' +
  '░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
  'рстуфхцчшщъыьэюяЁёЄєЇїЎў°∙·√№¤■\u00a0';

/** Plain equivalents of characters people type and CP866 has not. */
const PLAIN: Readonly<Record<string, string>> = {
  '«': '"',
  '»': '"',
  '“': '"',
  '”': '"',
  '„': '"',
  '‟': '"',
  '″': '"',
  '‘': "'",
  '’': "'",
  '‚': "'",
  '‛': "'",
  '′': "'",
  '`': '`',
  '‹': "'",
  '›': "'",
  '–': '-',
  '—': '-',
  '―': '-',
  '‐': '-',
  '‑': '-',
  '‒': '-',
  '−': '-',
  '\u00ad': '',
  '…': '...',
  '₽': 'руб',
  '€': 'EUR',
  '£': 'GBP',
  '•': '·',
  '‧': '·',
  '×': 'x',
  '÷': '/',
  '±': '+/-',
  '≈': '~',
  '≤': '<=',
  '≥': '>=',
  '²': '2',
  '³': '3',
  '¹': '1',
  '½': '1/2',
  '¼': '1/4',
  '¾': '3/4',
  º: '°',
  '˚': '°',
  '℃': '°C',
  '™': '(TM)',
  '®': '(R)',
  '©': '(C)',
  µ: 'мк',
  μ: 'мк',
  Ø: 'D',
  ø: 'd',
  '⌀': 'D',
  '\u2028': ' ',
  '\u2029': ' ',
  '\u200b': '',
  '\u200c': '',
  '\u200d': '',
  '\u2060': '',
  '\ufeff': '',
  '\ufe0f': '',
};

/** Every space of Unicode, and the no-break space although CP866 has it: printers and comparisons want one space. */
const SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/;

/** Byte by UTF-16 unit; 0 where CP866 has no such character. */
export const CP866_BYTE = new Uint8Array(0x10000);
/** UTF-16 unit by byte. */
export const CP866_UNIT = new Uint16Array(256);

for (let byte = 0; byte < 128; byte++) CP866_UNIT[byte] = byte;
for (let index = 0; index < 128; index++) CP866_UNIT[128 + index] = UPPER_HALF.charCodeAt(index);
for (let byte = 0; byte < 256; byte++) CP866_BYTE[CP866_UNIT[byte]!] = byte;

/** Result of fitting text into CP866. */
export interface Cp866Result {
  bytes: Buffer;
  /** Characters that CP866 cannot hold and that have no plain equivalent, each once; each became `?` in the bytes. */
  replaced: string[];
}

function plainOf(char: string): string | undefined {
  const plain = PLAIN[char];
  if (plain !== undefined) return plain;
  if (SPACES.test(char)) return ' ';
  // A letter with an accent becomes the letter: é, ü, ñ.
  const bare = char.normalize('NFD').replace(/[\u0300-\u036f]/g, '');
  return bare !== char && bare !== '' && CP866_BYTE[bare.charCodeAt(0)] ? bare : undefined;
}

/**
 * The text as it will stand in a document: typographic characters become plain ones, line breaks and other control
 * characters become spaces, what CP866 cannot hold becomes `?` (and is added to `replaced`).
 */
export function plainText(text: string, replaced?: Set<string>): string {
  if (isPlain(text)) return text;
  let result = '';
  for (const char of text.normalize('NFC')) {
    const unit = char.charCodeAt(0);
    if (unit < 0x20 || unit === 0x7f) result += ' ';
    else if (char.length === 1 && unit !== 0xa0 && CP866_BYTE[unit] !== 0) result += char;
    else {
      const plain = plainOf(char);
      if (plain === undefined) replaced?.add(char);
      result += plain ?? '?';
    }
  }
  return result;
}

function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit === 0x7f || unit === 0xa0 || CP866_BYTE[unit] === 0) return false;
  }
  return true;
}

/** Text to CP866 with plain equivalents (see `plainText`), cut to `maxBytes` when given. */
export function toCp866(text: string, maxBytes = Infinity): Cp866Result {
  const replaced = new Set<string>();
  const plain = plainText(text, replaced);
  const length = Math.min(plain.length, maxBytes);
  const bytes = Buffer.allocUnsafe(length);
  for (let i = 0; i < length; i++) bytes[i] = CP866_BYTE[plain.charCodeAt(i)]!;
  return { bytes, replaced: [...replaced] };
}

/**
 * Writes text at `at` and returns the position after it. Every character of CP866 is its own byte; one outside it is
 * written by its plain equivalent, or `?`. The caller has made sure of the room: four bytes for a character at most.
 */
export function writeCp866(target: Uint8Array, text: string, at: number): number {
  const length = text.length;
  let position = at;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    const byte = CP866_BYTE[unit]!;
    if (byte === 0 && unit !== 0) return writeCp866(target, substitute(text), at);
    target[position++] = byte;
  }
  return position;
}

/** Only what CP866 has not is replaced: control characters and no-break spaces stay. */
function substitute(text: string): string {
  let result = '';
  for (const char of text) {
    const unit = char.charCodeAt(0);
    result += char.length === 1 && (CP866_BYTE[unit] !== 0 || unit === 0) ? char : (plainOf(char) ?? '?');
  }
  return result;
}

/** Longest value of a TLV. */
const SCRATCH_UNITS = 0x10000;
const scratch = Buffer.alloc(2 * SCRATCH_UNITS);
const scratchUnits = new Uint16Array(scratch.buffer, scratch.byteOffset, SCRATCH_UNITS);

/**
 * Bytes `start` to `end` of CP866 as text. Never fails: every byte is a character. Three ways, each the fastest for
 * its case: short text by character codes, ASCII by latin1, the rest through UTF-16 in one go.
 */
export function readCp866(source: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length > SCRATCH_UNITS) {
    return readCp866(source, start, start + SCRATCH_UNITS) + readCp866(source, start + SCRATCH_UNITS, end);
  }
  let seen = 0;
  for (let i = 0; i < length; i++) {
    const byte = source[start + i]!;
    seen |= byte;
    scratchUnits[i] = CP866_UNIT[byte]!;
  }
  if (length <= SHORT) return shortText(length);
  return seen < 0x80 ? source.toString('latin1', start, end) : scratch.toString('utf16le', 0, length * 2);
}

const SHORT = 12;

function shortText(length: number): string {
  const u = scratchUnits;
  let text = '';
  let i = 0;
  for (; i + 4 <= length; i += 4) text += String.fromCharCode(u[i]!, u[i + 1]!, u[i + 2]!, u[i + 3]!);
  for (; i < length; i++) text += String.fromCharCode(u[i]!);
  return text;
}

/** CP866 bytes to text. */
export function fromCp866(bytes: Uint8Array): string {
  return readCp866(asBuffer(bytes), 0, bytes.length);
}

/** The same memory as a Buffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
