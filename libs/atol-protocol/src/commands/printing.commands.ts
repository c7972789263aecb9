import { nothing, struct } from '../bytes/codec';
import { bytes, text } from '../bytes/fields';
import { exchange } from './exchange';

/**
 * Commands of paper, drawer and sound. A module without a printer accepts them and does nothing, so parameters beyond
 * the line's text are not taken apart. Codes: two or more implementations; names also from a public log reader.
 */
const raw = <const N extends string>(name: N, code: number, meaning: string) =>
  exchange({
    name,
    prefix: [code],
    meaning,
    timeoutClass: 'usual',
    onSilence: 'repeat-safe',
    confidence: 'agreed',
    request: struct({ parameters: bytes() }),
    head: 'ext',
    answer: nothing,
  });

const rawLong = <const N extends string>(name: N, code: number, meaning: string) =>
  exchange({
    name,
    prefix: [code],
    meaning,
    timeoutClass: 'closing',
    onSilence: 'repeat-safe',
    confidence: 'agreed',
    request: struct({ parameters: bytes() }),
    head: 'ext',
    answer: nothing,
  });

export const printingCommands = {
  printLine: exchange({
    name: 'printLine',
    prefix: [0x4c],
    meaning: 'Print a line of text',
    timeoutClass: 'usual',
    onSilence: 'repeat-safe',
    confidence: 'agreed',
    request: struct({ text: text() }),
    head: 'ext',
    answer: nothing,
  }),
  printField: raw('printField', 0x87, 'Print a line with a font and a place'),
  printHeader: raw('printHeader', 0x6c, 'Print the header lines'),
  printFooter: raw('printFooter', 0x73, 'Print the foot of the receipt'),
  cutPaper: raw('cutPaper', 0x75, 'Cut the paper'),
  openDrawer: raw('openDrawer', 0x80, 'Open the cash drawer'),
  pulseDrawer: raw('pulseDrawer', 0x85, 'Open the cash drawer with a given pulse'),
  beep: raw('beep', 0x47, 'Beep'),
  tone: raw('tone', 0x88, 'Sound of a given pitch and length'),
  printPicture: rawLong('printPicture', 0x8d, 'Print a stored picture'),
  printHostPicture: rawLong('printHostPicture', 0x8e, 'Print a picture sent by the host'),
  printBarcode: raw('printBarcode', 0xc1, 'Print a barcode'),
  addBarcodeData: raw('addBarcodeData', 0xc2, 'Add data to the barcode'),
} as const;
