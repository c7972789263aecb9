import { toAtolReport } from '@kkt/atol-online';
import { formatKop } from '@kkt/domain';
import { buildQr } from '@kkt/ffd';
import type { ReceiptListRow, ReceiptReport } from '@kkt/storage';
import type { DocumentView, ReceiptBriefView, ReceiptView, WaitingView } from '../dto/views';

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** What was accepted but will not be done. */
export const warningsOf = (note: string | null | undefined): string[] => (note ? [note] : []);

/** Makes the buyer's link of a document. */
export type LinkMaker = (document: { fnNumber: string; fdNumber: number }) => string;

function documentOf(report: ReceiptReport, link: LinkMaker | undefined): DocumentView | null {
  const { proof } = report;
  if (!proof) return null;
  return {
    fn_number: proof.fnNumber,
    fd_number: proof.fdNumber,
    fiscal_sign: proof.fiscalSign,
    at: proof.at,
    shift_number: proof.shiftNumber,
    receipt_number: proof.receiptNumber,
    total: formatKop(proof.totalKop),
    rnm: proof.rnm,
    register: report.registerSerial,
    fns_site: report.fnsSite,
    ofd_inn: report.ofdInn,
    ofd_url: toAtolReport(report, { now: report.acceptedAt }).payload?.ofd_receipt_url ?? null,
    receipt_url: link?.(proof) ?? null,
    confirmed_at: iso(proof.confirmedAt),
    qr: buildQr({ ...proof, sign: report.content.sign }),
  };
}

/** A receipt without its relatives: those are looked for only where one receipt is asked for. */
export const receiptView = (
  report: ReceiptReport,
  waiting: WaitingView | null,
  link?: LinkMaker,
): Omit<ReceiptView, 'origin' | 'derived'> => ({
  id: report.id,
  external_id: report.externalId,
  group: report.groupCode,
  api: report.api,
  operation: report.operation,
  state: report.state,
  total: formatKop(report.totalKop),
  accepted_at: report.acceptedAt.toISOString(),
  finished_at: iso(report.finishedAt),
  waiting,
  error:
    report.state === 'failed'
      ? { code: report.errorCode ?? 0, type: report.errorType ?? 'unknown', text: report.errorText ?? '' }
      : null,
  document: documentOf(report, link),
  callback_url: report.callbackUrl,
  warnings: warningsOf(report.callbackNote),
});

export const briefView = (row: ReceiptListRow): ReceiptBriefView => ({
  id: row.id,
  external_id: row.externalId,
  group: row.groupCode,
  operation: row.operation,
  state: row.state,
  total: formatKop(row.totalKop),
  accepted_at: row.acceptedAt.toISOString(),
  finished_at: iso(row.finishedAt),
  register: row.serial,
  fn_number: row.fnNumber,
  fd_number: row.fdNumber,
  error_code: row.errorCode,
  error_text: row.errorText,
});
