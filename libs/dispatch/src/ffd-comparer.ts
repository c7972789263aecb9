import type { FfdVersion } from '@kkt/contracts';
import type { DocumentComparer } from './ports';
import { contentDigest, digestOfDocument, explainDifference, numberOf, parseDocument, TAG } from '@kkt/ffd';

/** FFD version that the document itself names (tag 1209); 1.05 when it names none. */
function ffdOf(tlv: Buffer, form: number): FfdVersion {
  return (numberOf(parseDocument(tlv, form).nodes, TAG.ffd) ?? 2) as FfdVersion;
}

/** Compares an archived document with the receipt by content, requisite by requisite. */
export const ffdComparer: DocumentComparer = {
  same(content, { tlvHex, form, fdNumber, fiscalSign }) {
    const tlv = Buffer.from(tlvHex, 'hex');
    const document = parseDocument(tlv, form);
    // Number and sign came twice, by the short record and by the text: what a bad line changed differs.
    if (document.fdNumber !== fdNumber || document.fiscalSign !== fiscalSign) return false;
    return contentDigest(content, ffdOf(tlv, form)) === digestOfDocument(tlv, form);
  },
  difference: (content, { tlvHex, form }) => explainDifference(content, Buffer.from(tlvHex, 'hex'), form),
};
