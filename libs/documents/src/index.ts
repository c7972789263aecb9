/** Printed forms of fiscal documents: decoded requisites as lines of an 80 mm paper, drawn as HTML, SVG, PNG and PDF. */
export { printedDocument, printedForm, type PrintedFormOptions } from './compose/printed-form';
export { enumText, nameOf, valueText, type Personal } from './compose/value-text';
export type { Paper, PaperLine, Tone } from './paper';
export type { PrintKind } from './press/draw';
export { Press, type PressOptions } from './press/press';
export { PAPER_STYLES, paperHtml, toHtml } from './render/html';
export { toPdf } from './render/pdf';
export { toPng } from './render/png';
export { qrSvg } from './render/qr';
export { toSvg, type Drawing } from './render/svg';
export { localTime, maskContact, money, quantity } from './words';
