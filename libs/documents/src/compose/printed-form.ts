import {
  buildQr,
  formByCode,
  isReceiptForm,
  parseDocument,
  TAG,
  type DecodeOptions,
  type FiscalDocument,
} from '@kkt/ffd';
import { centered, pair, rule, type Paper, type PaperLine } from '../paper';
import { localTime } from '../words';
import { settlementLines, signLine } from './receipt';
import { reportLines } from './report';
import { Requisites } from './requisites';
import type { Personal } from './value-text';

export interface PrintedFormOptions {
  /** Form code, when the bytes are the inside of a document as FN commands 45 and 46 hand it. */
  form?: number;
  /** Framed above the document, for what is no fiscal document or a copy of one. */
  note?: string;
  /** Whether buyers' data are shown whole. */
  personal?: Personal;
  /** Whose bytes they are, for the code of an error. */
  origin?: DecodeOptions['origin'];
}

/**
 * Printed form of a fiscal document of any kind (forms 1, 2, 3, 4, 5, 6, 7, 11, 21, 31, 41 and 81–84): who and where,
 * the kind, the numbers, the matter, the fiscal signs, the QR code of a receipt. Every requisite the document holds is
 * on it. Throws the codes of `parseDocument` for bytes that are no document.
 */
export function printedForm(tlv: Uint8Array, options: PrintedFormOptions = {}): Paper {
  return printedDocument(parseDocument(tlv, options.form, { origin: options.origin }), options);
}

/** As `printedForm`, for a document that has been read already. */
export function printedDocument(
  document: FiscalDocument,
  options: Pick<PrintedFormOptions, 'note' | 'personal'> = {},
): Paper {
  const title = formByCode(document.form)?.printName ?? `ДОКУМЕНТ ${document.form}`;
  const requisites = new Requisites(document.nodes, options.personal ?? 'shown');
  const signs = fiscalSigns(requisites);
  const isReceipt = isReceiptForm(document.form);
  const head = header(document, requisites, title, isReceipt);
  const body = isReceipt ? settlementLines(document, requisites) : reportLines(requisites);
  const rest = requisites.rest();
  return {
    title,
    lines: withoutDoubleRules([
      ...(options.note ? [{ kind: 'note', text: options.note } satisfies PaperLine] : []),
      ...head,
      rule,
      ...body,
      ...(rest.length > 0 ? [rule, ...rest] : []),
      ...(body.length > 0 ? [rule] : []),
      ...signs,
      ...qrLine(document),
    ]),
  };
}

/** Parts that turn out empty leave no second rule behind. */
const withoutDoubleRules = (lines: PaperLine[]): PaperLine[] =>
  lines.filter((line, index) => line.kind !== 'rule' || lines[index - 1]?.kind !== 'rule');

function header(
  document: FiscalDocument,
  requisites: Requisites,
  title: string,
  isReceipt: boolean,
): PaperLine[] {
  const centeredLine = (tag: number, prefix = '', tone: 'plain' | 'strong' = 'plain'): PaperLine[] => {
    const value = requisites.take(tag);
    return value === undefined ? [] : [centered(prefix + value, tone)];
  };
  requisites.takeAll(TAG.dateTime);
  requisites.takeAll(TAG.documentName);
  const shift = requisites.take(TAG.shiftNumber);
  const receipt = requisites.take(TAG.receiptNumber);
  const numbers = [shift && `Смена ${shift}`, receipt && `чек ${receipt}`].filter(Boolean).join(', ');
  const cashierInn = requisites.take(TAG.cashierInn);
  const cashier = requisites.take(TAG.cashier);
  return [
    ...centeredLine(TAG.userName, '', 'strong'),
    ...centeredLine(TAG.placeAddress),
    ...centeredLine(TAG.place),
    ...centeredLine(TAG.userInn, 'ИНН '),
    rule,
    centered(title, 'strong'),
    ...(isReceipt ? signLine(requisites) : []),
    ...(document.at === undefined && !numbers
      ? []
      : [pair(document.at === undefined ? '' : localTime(document.at), numbers)]),
    ...(cashier === undefined ? [] : [pair('Кассир', cashier)]),
    ...(cashierInn === undefined ? [] : [pair('ИНН кассира', cashierInn)]),
  ];
}

function fiscalSigns(requisites: Requisites): PaperLine[] {
  return [
    ...requisites.line(TAG.rnm, 'РН ККТ'),
    ...requisites.line(TAG.kktNumber, 'ЗН ККТ'),
    ...requisites.line(TAG.fnNumber, 'ФН'),
    ...requisites.line(TAG.fdNumber, 'ФД'),
    ...requisites.line(TAG.fiscalSign, 'ФП'),
    ...requisites.line(TAG.ffd, 'ФФД'),
  ];
}

/** A receipt's QR needs all six of its parts (tag 1196); an incomplete one would lead nowhere. */
function qrLine({ at, totalKop, fnNumber, fdNumber, fiscalSign, sign }: FiscalDocument): PaperLine[] {
  if (
    at === undefined ||
    totalKop === undefined ||
    fnNumber === undefined ||
    fdNumber === undefined ||
    fiscalSign === undefined ||
    sign === undefined
  )
    return [];
  return [{ kind: 'qr', text: buildQr({ at, totalKop, fnNumber, fdNumber, fiscalSign, sign }) }];
}
