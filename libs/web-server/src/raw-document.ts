import { decodeTlv, type TlvNode } from '@kkt/ffd';
import { isPersonal } from './document-tree';

const headBytes = 4;
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/**
 * The bytes of a document's inside as hexadecimal digits, those of buyers' requisites as `**` (152-FZ): their tags and
 * lengths stay, so that the shape of the document can be checked byte by byte.
 *
 * @param tlv tag and length, two bytes each, the lower byte first, then the value; groups hold the same inside
 */
export function maskedHex(tlv: Uint8Array): string {
  return hexOfNodes(tlv, decodeTlv(tlv));
}

function hexOfNodes(tlv: Uint8Array, nodes: readonly TlvNode[]): string {
  let offset = 0;
  let hex = '';
  for (const node of nodes) {
    const length = (tlv[offset + 2] ?? 0) + (tlv[offset + 3] ?? 0) * 256;
    const value = tlv.subarray(offset + headBytes, offset + headBytes + length);
    hex += hexOf(tlv.subarray(offset, offset + headBytes));
    if (isPersonal(node.tag)) hex += '**'.repeat(value.length);
    else hex += Array.isArray(node.value) ? hexOfNodes(value, node.value) : hexOf(value);
    offset += headBytes + length;
  }
  return hex + hexOf(tlv.subarray(offset));
}
