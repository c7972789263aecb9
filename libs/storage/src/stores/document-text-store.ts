import type { ReceiptContent } from '@kkt/contracts';
import { type Sql } from '../sql';

/**
 * Texts (TLV) of documents whose proof was the FN's short record: a document without its text has an empty one. The
 * session that holds the register reads them when it has time.
 */
export class DocumentTextStore {
  constructor(private readonly sql: Sql) {}

  /** Numbers of this FN's documents without a text, the oldest first. */
  async owed(fnNumber: string, limit: number): Promise<number[]> {
    const rows = await this.sql.query<{ fdNumber: number }>(
      `select fd_number as "fdNumber" from documents
       where fn_number = $1 and length(tlv) = 0 and receipt_id is not null order by fd_number limit $2`,
      [fnNumber, limit],
      'document_texts_owed',
    );
    return rows.map(({ fdNumber }) => fdNumber);
  }

  /** What the shop asked for when the document was made. */
  async receiptOf(fnNumber: string, fdNumber: number): Promise<ReceiptContent | undefined> {
    const rows = await this.sql.query<{ content: ReceiptContent }>(
      `select r.content from documents d join receipts r on r.id = d.receipt_id
       where d.fn_number = $1 and d.fd_number = $2`,
      [fnNumber, fdNumber],
      'document_text_receipt',
    );
    return rows[0]?.content;
  }

  /** Adds the text; one that is there already stays. */
  async put(fnNumber: string, fdNumber: number, tlvHex: string): Promise<void> {
    await this.sql.query(
      `update documents set tlv = decode($3, 'hex'), text_at = farm_now() where fn_number = $1 and fd_number = $2 and length(tlv) = 0`,
      [fnNumber, fdNumber, tlvHex],
      'document_text_put',
    );
  }
}
