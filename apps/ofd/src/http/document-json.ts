import { buildQr, formByCode } from '@kkt/ffd';
import type { SettlementSign } from '@kkt/contracts';
import type { DocumentSummary, DocumentView } from '../storage/document-reader';

/** Text of the QR code (tag 1196); only settlements have one. */
export function qrOf(document: DocumentSummary): string | undefined {
  if (document.totalKop === null || document.settlementSign === null) return undefined;
  return buildQr({
    at: document.at,
    totalKop: document.totalKop,
    fnNumber: document.fnNumber,
    fdNumber: document.fdNumber,
    fiscalSign: document.fiscalSign,
    sign: document.settlementSign as SettlementSign,
  });
}

export const summaryJson = (document: DocumentSummary) => ({
  ...document,
  formName: formByCode(document.form)?.json,
  qr: qrOf(document),
});

/** One document with its bytes as hex. */
export function documentJson({ tlv, container, confirmation, ...document }: DocumentView) {
  return {
    ...summaryJson(document),
    document: document.document,
    raw: {
      tlv: tlv.toString('hex'),
      container: container.toString('hex'),
      confirmation: confirmation.toString('hex'),
    },
  };
}

/** Data of the buyer in the naming of the FNS. */
const PERSONAL = new Set(['buyerPhoneOrAddress', 'buyer', 'buyerInn', 'buyerInformation']);

/** One document for whoever knows its fiscal sign: without the buyer's data, so without the bytes that hold them too. */
export function publicDocumentJson(view: DocumentView) {
  const { raw: _raw, document, ...rest } = documentJson(view);
  const shown = Object.entries(document).map(([name, fields]): [string, unknown] => [
    name,
    typeof fields === 'object' && fields !== null
      ? Object.fromEntries(Object.entries(fields).filter(([key]) => !PERSONAL.has(key) && key !== 'rawData'))
      : fields,
  ]);
  return { ...rest, document: Object.fromEntries(shown) };
}
