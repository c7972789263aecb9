import type { ReceiptReport } from '@kkt/storage';
import { atolDateTime, fromIsoLocal } from './dates';
import { atolError, type AtolError, toAtolErrorType } from './errors';
import { type AtolMarkResult, marksOf } from './marks';

/** Fiscal requisites of a registered receipt. Money in roubles, as the protocol wants. */
export interface AtolPayload {
  /** Tag 1020. */
  total: number;
  /** Tag 1060. */
  fns_site: string;
  /** Tag 1041. */
  fn_number: string;
  /** Tag 1038. */
  shift_number: number;
  /** Tag 1012, `dd.mm.yyyy HH:MM:SS`. */
  receipt_datetime: string;
  /** Tag 1042. */
  fiscal_receipt_number: number;
  /** Tag 1040. */
  fiscal_document_number: number;
  /** Tag 1037. */
  ecr_registration_number: string;
  /** Tag 1077 as printed, unsigned. */
  fiscal_document_attribute: number;
  /** Tag 1017. */
  ofd_inn: string;
  /** Page of the receipt at the operator, where one is known. */
  ofd_receipt_url?: string;
  /** Version 5: checked marks. */
  marks_result?: AtolMarkResult[];
}

/** Answer to `GET /{group}/report/{uuid}` and, once final, the body of the result callback. */
export interface AtolReport {
  uuid: string;
  error: AtolError | null;
  status: 'wait' | 'done' | 'fail';
  payload: AtolPayload | null;
  /** `dd.mm.yyyy HH:MM:SS`, Moscow. */
  timestamp: string;
  group_code: string;
  daemon_code: string;
  device_code: string;
  external_id: string;
  callback_url: string;
  warnings: AtolWarnings | null;
}

/** What the shop should know although it is no error. */
export interface AtolWarnings {
  /** Why no callback is made. */
  callback_url?: string;
  /** Why the receipt waits, when it will not pass by itself: FNs full, expired, closed, faulty; ours. */
  queue?: string;
}

export interface AtolReportOptions {
  /** Time of the reply while the receipt waits; a final report bears the time of its end, so that repeats are identical. */
  now: Date;
  /** Words for the reason why a receipt waits; undefined: not worth telling. */
  waitText?: (reason: string) => string | undefined;
}

/** The protocol's report of a receipt (ATOL Online v4, document 5.15; v5 clients read the same object). */
export function toAtolReport(report: ReceiptReport, options: AtolReportOptions): AtolReport {
  const payload = payloadOf(report);
  const status = statusOf(report);
  return {
    uuid: report.id,
    error: errorOf(report, status),
    status,
    payload: status === 'done' ? payload : null,
    timestamp: atolDateTime(status === 'wait' ? options.now : (report.finishedAt ?? options.now)),
    group_code: report.groupCode,
    daemon_code: report.driverId ?? '',
    device_code: report.registerSerial ?? '',
    external_id: report.externalId,
    callback_url: report.callbackUrl ?? '',
    warnings: warningsOf(report, options),
  };
}

function warningsOf(report: ReceiptReport, { waitText }: AtolReportOptions): AtolWarnings | null {
  const { callbackNote, waitReason, state } = report;
  const queue = state === 'queued' && waitReason !== null ? waitText?.(waitReason) : undefined;
  if (callbackNote === null && queue === undefined) return null;
  return {
    ...(callbackNote !== null && { callback_url: callbackNote }),
    ...(queue !== undefined && { queue }),
  };
}

function statusOf(report: ReceiptReport): AtolReport['status'] {
  switch (report.state) {
    case 'done':
      return 'done';
    case 'failed':
      return 'fail';
    case 'queued':
    case 'working':
    case 'in_doubt':
      return 'wait';
  }
}

/** The error's id is the receipt's own: the same at each poll, and enough for support to find it. */
function errorOf(report: ReceiptReport, status: AtolReport['status']): AtolError | null {
  if (status === 'done') return null;
  if (status === 'wait') return atolError('stateCheckNotFound', report.id);
  return {
    error_id: report.id,
    code: report.errorCode ?? 0,
    text: report.errorText ?? '',
    type: toAtolErrorType(report.errorType),
  };
}

/** The operator's own page of the receipt, for operators that have public ones. */
function receiptPage({ ofdReceiptUrl, proof, content }: ReceiptReport): string | undefined {
  if (ofdReceiptUrl === null || !proof) return undefined;
  const places: Readonly<Record<string, string>> = {
    fn: proof.fnNumber,
    fd: String(proof.fdNumber),
    fpd: String(proof.fiscalSign),
    rnm: proof.rnm,
    inn: content.company.inn,
    total: (proof.totalKop / 100).toFixed(2),
  };
  return ofdReceiptUrl.replace(/\{(\w+)\}/g, (_, name: string) => places[name] ?? '');
}

function payloadOf(report: ReceiptReport): AtolPayload | null {
  const { proof } = report;
  if (!proof) return null;
  const marks = marksOf(report);
  const receiptUrl = receiptPage(report);
  return {
    total: proof.totalKop / 100,
    fns_site: report.fnsSite,
    fn_number: proof.fnNumber,
    shift_number: proof.shiftNumber,
    receipt_datetime: fromIsoLocal(proof.at),
    fiscal_receipt_number: proof.receiptNumber,
    fiscal_document_number: proof.fdNumber,
    ecr_registration_number: proof.rnm,
    fiscal_document_attribute: proof.fiscalSign,
    ofd_inn: report.ofdInn,
    ...(receiptUrl !== undefined && { ofd_receipt_url: receiptUrl }),
    ...(marks && { marks_result: marks }),
  };
}
