import type { ReceiptState } from '@kkt/contracts';
import { kopToRoubles } from './money';
import { localStamp, moscowStamp } from './moscow-time';

/** Types of an error in ATOL Online's answers; clients map them to a closed list. */
export type AtolErrorType = 'none' | 'unknown' | 'system' | 'driver' | 'timeout' | 'agent';

export interface AtolError {
  error_id: string;
  code: number;
  text: string;
  type: AtolErrorType;
}

/** Result of one mark's check (tag 2106) as version 5 reports it. */
export interface AtolMarkResult {
  /** Item, from 0. */
  position: number;
  mark_code: string;
  result: number;
}

/** Requisites of the registered document. */
export interface AtolPayload {
  total: number;
  fns_site: string;
  fn_number: string;
  shift_number: number;
  receipt_datetime: string;
  fiscal_receipt_number: number;
  fiscal_document_number: number;
  ecr_registration_number: string;
  fiscal_document_attribute: number;
  ofd_inn: string;
  ofd_receipt_url: string;
  marks_result?: AtolMarkResult[];
}

/** Answer of `report` and body of the callback: the same object. */
export interface AtolReport {
  uuid: string;
  error: AtolError | null;
  status: 'wait' | 'done' | 'fail';
  payload: AtolPayload | null;
  timestamp: string;
  group_code: string;
  daemon_code: string;
  device_code: string;
  external_id: string;
  callback_url: string;
  warnings: { callback_url: string } | null;
}

/** What a report is made from: the stored receipt with its document, if there is one. */
export interface ReportFacts {
  id: string;
  groupCode: string;
  externalId: string;
  state: ReceiptState;
  callbackUrl: string | null;
  callbackNote: string | null;
  registerSerial: string | null;
  driverId: string | null;
  errorCode: number | null;
  errorType: string | null;
  errorText: string | null;
  fnsSite: string;
  ofdInn: string;
  proof: {
    fnNumber: string;
    fdNumber: number;
    fiscalSign: number;
    at: string;
    shiftNumber: number;
    receiptNumber: number;
    totalKop: number;
    rnm: string;
  } | null;
}

export interface ReportExtras {
  nowMs: number;
  /** Id of the error object, when there is one. */
  errorId: string;
  /** Page of the receipt at its operator, empty when the operator has none. */
  ofdReceiptUrl?: string;
  marks?: AtolMarkResult[];
}

const errorTypes: ReadonlySet<string> = new Set<AtolErrorType>([
  'none',
  'unknown',
  'system',
  'driver',
  'timeout',
  'agent',
]);

const errorTypeOf = (type: string | null): AtolErrorType =>
  type !== null && errorTypes.has(type) ? (type as AtolErrorType) : 'unknown';

/** Code 34: no result yet. */
export const notReadyText = 'Состояние чека не найдено. Попробуйте позднее';

function payloadOf(facts: ReportFacts, extras: ReportExtras): AtolPayload | null {
  const { proof } = facts;
  if (!proof) return null;
  return {
    total: kopToRoubles(proof.totalKop),
    fns_site: facts.fnsSite,
    fn_number: proof.fnNumber,
    shift_number: proof.shiftNumber,
    receipt_datetime: localStamp(proof.at),
    fiscal_receipt_number: proof.receiptNumber,
    fiscal_document_number: proof.fdNumber,
    ecr_registration_number: proof.rnm,
    fiscal_document_attribute: proof.fiscalSign,
    ofd_inn: facts.ofdInn,
    ofd_receipt_url: extras.ofdReceiptUrl ?? '',
    ...(extras.marks?.length ? { marks_result: extras.marks } : {}),
  };
}

/**
 * The report of one receipt in ATOL Online's shape: `wait` with error 34 until there is a result, then `done` with
 * the document's requisites or `fail` with the reason. The receipt's time is the register's own wall clock.
 */
export function atolReport(facts: ReportFacts, extras: ReportExtras): AtolReport {
  const status = facts.state === 'done' ? 'done' : facts.state === 'failed' ? 'fail' : 'wait';
  let error: AtolError | null = null;
  if (status === 'wait') error = { error_id: extras.errorId, code: 34, text: notReadyText, type: 'system' };
  else if (status === 'fail')
    error = {
      error_id: extras.errorId,
      code: facts.errorCode ?? 0,
      text: facts.errorText ?? 'Неизвестная ошибка обработки',
      type: errorTypeOf(facts.errorType),
    };
  return {
    uuid: facts.id,
    error,
    status,
    payload: status === 'done' ? payloadOf(facts, extras) : null,
    timestamp: moscowStamp(extras.nowMs),
    group_code: facts.groupCode,
    daemon_code: facts.driverId ?? '',
    device_code: facts.registerSerial ?? '',
    external_id: facts.externalId,
    callback_url: facts.callbackUrl ?? '',
    warnings: facts.callbackNote === null ? null : { callback_url: facts.callbackNote },
  };
}
