import { numberOf, parseDocument, TAG } from '@kkt/ffd';
import type { ReceiptReport } from '@kkt/storage';

/** Result of checking the mark of one item, as version 5 reports it. */
export interface AtolMarkResult {
  /** Item, counted from 0. */
  position: number;
  /** The code as the shop sent it: Base64 for GS1 codes. How the original service writes it has not been seen. */
  mark_code: string;
  /** Tag 2106. */
  result: number;
}

/**
 * Checked marks of a registered receipt, read from the document itself; undefined when there is nothing to tell (no
 * marks, no document, or a register that wrote no result).
 */
export function marksOf(report: ReceiptReport): AtolMarkResult[] | undefined {
  const tlv = report.proof?.tlv;
  if (!tlv || report.api !== 'v5') return undefined;
  const document = parseDocument(tlv, report.content.form === 'receipt' ? 3 : 31);
  const results = report.content.items.flatMap(({ mark }, position) => {
    const item = document.receipt?.items[position];
    const result = item && numberOf(item.nodes, TAG.goodsCheckResult);
    if (!mark || result === undefined) return [];
    const code = mark.kind === 'gs1m' ? Buffer.from(mark.code, 'latin1').toString('base64') : mark.code;
    return [{ position, mark_code: code, result }];
  });
  return results.length > 0 ? results : undefined;
}
