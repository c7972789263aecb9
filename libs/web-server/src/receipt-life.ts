import { type AtolReport, toAtolReport } from '@kkt/atol-online';
import { buildQr } from '@kkt/ffd';
import type { CallbackRow, IntentRow, MessageRow, ReceiptReport, StoredDocument } from '@kkt/storage';
import type {
  CallbackView,
  DocumentView,
  OfdMessageView,
  ProofView,
  ReceiptBrief,
  TimelineEvent,
} from '@kkt/web-contract';
import { documentTree, type DocumentTreeOptions } from './document-tree';
import { maskedHex } from './raw-document';
import { documentBrief, moment, momentOrNull } from './views';

/** Everything stored about one receipt. */
export interface ReceiptParts {
  report: ReceiptReport;
  intents: readonly IntentRow[];
  document?: StoredDocument;
  message?: MessageRow;
  callback?: CallbackRow;
}

/** What happened to a receipt, in the order of time. */
export function timelineOf({ report, intents, document, message, callback }: ReceiptParts): TimelineEvent[] {
  const events: TimelineEvent[] = [
    { at: moment(report.acceptedAt), kind: 'accepted', facts: { api: report.api, group: report.groupCode } },
  ];
  const add = (
    at: Date | null | undefined,
    kind: TimelineEvent['kind'],
    facts: TimelineEvent['facts'] = {},
  ): void => {
    if (at) events.push({ at: moment(at), kind, facts });
  };
  intents.forEach((intent, index) => {
    add(intent.createdAt, 'attempt', {
      number: index + 1,
      serial: intent.serial,
      registerId: intent.registerId,
      fnNumber: intent.fnNumber,
      fdBefore: intent.fdBefore,
      fence: intent.fence,
    });
    add(intent.doubtedAt, intent.state === 'stuck' ? 'stuck' : 'doubt', {
      note: intent.state === 'stuck' ? intent.note : intent.doubtReason,
    });
    if (intent.state === 'void')
      add(intent.resolvedAt, intent.note === 'fn_lost' ? 'fn_lost' : 'attempt_void', {
        note: intent.note,
        fnNumber: intent.fnNumber,
      });
    if (intent.state === 'done')
      add(intent.resolvedAt, 'registered', {
        fdNumber: intent.fdNumber,
        fnNumber: intent.fnNumber,
        fiscalSign: document?.fiscalSign ?? null,
        adopted: document?.adopted ?? null,
      });
  });
  if (report.state === 'failed') {
    add(report.finishedAt, intents.length === 0 && report.errorType !== 'timeout' ? 'refused' : 'failed', {
      code: report.errorCode,
      type: report.errorType,
      text: report.errorText,
    });
  }
  if (message) {
    add(message.createdAt, 'ofd_sent', {
      bytes: message.containerBytes,
      attempts: message.attempts,
      cause: message.causeText,
    });
    add(message.answeredAt, 'ofd_answered');
  }
  add(document?.confirmedAt ?? message?.confirmedAt, 'ofd_confirmed');
  if (callback) {
    add(callback.createdAt, 'callback_due', { url: callback.url, attempts: callback.attempts });
    if (callback.state === 'delivered')
      add(callback.finishedAt, 'callback_delivered', {
        status: callback.lastStatus,
        attempts: callback.attempts,
      });
    if (callback.state === 'gave_up')
      add(callback.finishedAt, 'callback_gave_up', {
        error: callback.lastError,
        status: callback.lastStatus,
      });
  }
  // Array.sort is stable: what happened in one moment keeps the order of causes.
  return events.sort((a, b) => a.at.localeCompare(b.at));
}

/** The brief that lists show, from the report. */
export const briefOf = ({ report, document }: ReceiptParts, registerId: number | null): ReceiptBrief => ({
  id: report.id,
  externalId: report.externalId,
  groupCode: report.groupCode,
  operation: report.operation,
  state: report.state,
  totalKop: report.totalKop,
  acceptedAt: moment(report.acceptedAt),
  finishedAt: momentOrNull(report.finishedAt),
  serial: report.registerSerial,
  registerId,
  fnNumber: report.proof?.fnNumber ?? null,
  fdNumber: report.proof?.fdNumber ?? null,
  errorCode: report.errorCode,
  errorText: report.errorText,
  waitReason: report.waitReason,
  confirmedAt: momentOrNull(document?.confirmedAt ?? report.proof?.confirmedAt ?? null),
});

export const callbackView = (row: CallbackRow): CallbackView => ({
  ...row,
  nextAt: moment(row.nextAt),
  createdAt: moment(row.createdAt),
  finishedAt: momentOrNull(row.finishedAt),
});

export const messageView = (row: MessageRow): OfdMessageView => ({
  ...row,
  createdAt: moment(row.createdAt),
  answeredAt: momentOrNull(row.answeredAt),
  confirmedAt: momentOrNull(row.confirmedAt),
});

export const documentView = (row: StoredDocument, options: DocumentTreeOptions = {}): DocumentView => {
  const { tlv, rnm, textAt: _, ...brief } = row;
  return { ...documentBrief(brief), rnm, tlvBytes: tlv.length, tags: documentTree(tlv, options) };
};

/** Form of a receipt in the FN; correction receipts carry no QR sum of their own kind. */
const receiptForm = 3;

/** What the proof of a receipt's document was. */
export function proofView(row: StoredDocument, sign: 1 | 2 | 3 | 4 | undefined): ProofView {
  const { fnNumber, fdNumber, fiscalSign, at, totalKop } = row;
  const isShort = row.textAt !== null || row.tlv.length === 0;
  return {
    kind: row.adopted
      ? 'archive'
      : !isShort
        ? 'whole_text'
        : row.textAt === null
          ? 'short_record'
          : 'short_then_text',
    textAt: momentOrNull(row.textAt),
    recordedAt: moment(row.recordedAt),
    rawHex: maskedHex(row.tlv),
    qr:
      row.form === receiptForm && totalKop !== null && sign !== undefined
        ? buildQr({ at, totalKop, fnNumber, fdNumber, fiscalSign, sign })
        : null,
  };
}

/** What the shop's program is answered to a report request now. */
export const answerOf = (report: ReceiptReport, nowMs: number): AtolReport =>
  toAtolReport(report, { now: new Date(nowMs) });
