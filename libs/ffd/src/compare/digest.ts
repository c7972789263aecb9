import { createHash } from 'node:crypto';
import { FarmError, type FfdVersion, type ReceiptContent } from '@kkt/contracts';
import { parseDocument, type FiscalDocument } from '../document/parse';
import { factsOfContent, factsOfDocument, type Fact } from './summary';

/** Facts come in one order whatever the order of tags in the document, so their text is the fingerprint's source. */
function digest(facts: readonly Fact[]): string {
  const text = facts.map((one) => `${one.path}=${JSON.stringify(one.value)}`).join('\n');
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/**
 * Fingerprint of what a document made from this content will say: equal to `digestOfDocument` of that document.
 * SHA-256 in hex. Two receipts with the same content have the same digest; FD numbers tell them apart.
 */
export const contentDigest = (content: ReceiptContent, ffd: FfdVersion): string =>
  digest(factsOfContent(content, ffd));

/**
 * Fingerprint of a registered receipt or correction, as bytes (`form` as in `parseDocument`) or parsed.
 * Throws `DEVICE-FFD-NOT-RECEIPT` for other documents.
 */
export function digestOfDocument(tlv: Uint8Array | FiscalDocument, form?: number): string {
  return digest(receiptFacts(tlv, form));
}

/**
 * What tells the document from the content, empty when they agree: one sentence for each fact that differs, naming
 * its tag. Values are quoted except the buyer's contact (1008), which must not reach logs.
 */
export function explainDifference(
  content: ReceiptContent,
  tlv: Uint8Array | FiscalDocument,
  form?: number,
): string[] {
  const document = tlv instanceof Uint8Array ? parseDocument(tlv, form) : tlv;
  const actual = new Map(receiptFacts(document).map((one) => [one.path, one.value]));
  const expected = new Map(
    factsOfContent(content, (document.ffd ?? 2) as FfdVersion).map((one) => [one.path, one.value]),
  );
  const differences: string[] = [];
  for (const path of new Set([...expected.keys(), ...actual.keys()])) {
    const wanted = expected.get(path) ?? '-';
    const found = actual.get(path) ?? '-';
    if (wanted === found) continue;
    differences.push(
      path === '1008' ? '1008: differs' : `${path}: expected ${wanted}, document has ${found}`,
    );
  }
  return differences;
}

function receiptFacts(tlv: Uint8Array | FiscalDocument, form?: number): Fact[] {
  const document = tlv instanceof Uint8Array ? parseDocument(tlv, form) : tlv;
  const facts = factsOfDocument(document);
  if (facts === undefined) {
    throw new FarmError('DEVICE-FFD-NOT-RECEIPT', 'The document is no receipt', { form: document.form });
  }
  return facts;
}
