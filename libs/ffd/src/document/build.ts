import { FarmError, type FfdVersion } from '@kkt/contracts';
import { TAG } from '../tags/tag-numbers';
import { encodeTlv } from '../tlv/encode';
import { numberOf, type TlvNode } from '../tlv/node';
import { formByCode, maxDocumentLength } from './forms';

/**
 * A fiscal document as one STLV whose tag is the form code; requisites stand in the order given (FFD leaves it free).
 * Throws `CLIENT-FFD-FORM` for an unknown form, `CLIENT-TLV-TOO-LONG` when the document is longer than its form may be.
 */
export function buildDocument(form: number, fields: readonly TlvNode[]): Buffer {
  const known = formByCode(form);
  if (known === undefined) throw new FarmError('CLIENT-FFD-FORM', 'No such document form', { form });
  const bytes = encodeTlv([{ tag: form, value: fields as TlvNode[] }]);
  const ffd = (numberOf(fields, TAG.ffd) ?? 1) as FfdVersion | 1;
  const max = maxDocumentLength(known, ffd);
  if (bytes.length - 4 > max) {
    throw new FarmError('CLIENT-TLV-TOO-LONG', `Document of form ${form} is longer than ${max} bytes`, {
      form,
      bytes: bytes.length - 4,
    });
  }
  return bytes;
}

/** Puts the header of a form around requisites that were handed without one (FN commands 45 and 46). */
export function wrapDocument(form: number, content: Uint8Array): Buffer {
  if (content.length > 0xffff) {
    throw new FarmError('DEVICE-TLV-TOO-LONG', 'Document does not fit a TLV', { bytes: content.length });
  }
  const bytes = Buffer.allocUnsafe(content.length + 4);
  bytes.writeUInt16LE(form, 0);
  bytes.writeUInt16LE(content.length, 2);
  bytes.set(content, 4);
  return bytes;
}
