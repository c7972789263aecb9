import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  bytesOf,
  childrenOf,
  decodeTlv,
  encodeTlv,
  MESSAGE_SIGN_BYTES,
  numberOf,
  TAG,
  textOf,
  type TlvNode,
} from '@kkt/ffd';
import { readPlainBody, type OfdContainer } from './container';
import { buildContainer } from './message';
import { notParsed, parsed, type Parsed } from './parsed';

/*
 * Exchange with the marking system by FFD 1.2 (order ED-7-20/662@): a request about a code (81) and its answer (83)
 * before the receipt, a notification of what was sold (82) and its receipt (84) after it. The frame is the operator's
 * with a signature of its own (channel `marking`); the container's FD number is the request's or notification's number.
 * The message sign of real FNs is not public: ours is an HMAC, for the reference marking system and emulated FNs.
 */
export const MARK_FORM = { request: 81, notification: 82, answer: 83, receipt: 84 } as const;

/** Bits of tags 2004, 2005 and 2106. */
export const MARK_BIT = {
  /** The FN checked the code. */
  checkedByFn: 1,
  /** … and found it right. */
  rightByFn: 2,
  /** The marking system checked the status. */
  checkedBySystem: 4,
  /** … and finds the planned status right. */
  rightBySystem: 8,
  /** Made by a register in autonomous mode. */
  autonomous: 16,
} as const;

/** Tag 2105. */
export const MARK_REQUEST_CODE = { ok: 0, badRequest: 1, badMark: 2 } as const;
/** Tag 2109. */
export const MARK_STATUS_ANSWER = { right: 1, wrong: 2, suspended: 3 } as const;
/** Tag 2111. */
export const NOTIFICATION_CODE = { ok: 0, bad: 1 } as const;

/** Key shared by the reference marking system and emulated FNs. Not a secret: it guards nothing real. */
export const REFERENCE_MARKING_KEY = 'reference marking system: no legal force';

const signOf = (tlv: Uint8Array): Buffer =>
  createHmac('sha256', REFERENCE_MARKING_KEY).update(tlv).digest().subarray(0, MESSAGE_SIGN_BYTES);

/** Document 81: what an FN asks about one code. */
export interface MarkRequest {
  /** Tag 2001. */
  number: number;
  fnNumber: string;
  inn: string;
  /** Tag 2114, local wall time. */
  at: string;
  /** Tag 2004. */
  fnCheck: number;
  /** Tag 2003. */
  plannedStatus: number;
  quantityMicro?: number;
  measure?: number;
  /** Tag 2100. */
  codeKind: number;
  /** Tag 2000, the whole code as scanned, one character a byte. */
  code: string;
  /** Tag 2102. */
  mode: number;
}

/** Document 83. */
export interface MarkAnswer {
  number: number;
  at: string;
  /** Tag 2105. */
  requestCode: number;
  /** Tag 2109; absent when the request was no request. */
  status?: number;
  /** Tag 2005: bits 4 and 8. */
  result?: number;
}

/** One marked item of a notification (tag 2007). */
export interface SoldMark {
  code: string;
  /** Tag 2110. */
  assignedStatus: number;
  /** Tag 2106. */
  checkResult: number;
  quantityMicro?: number;
}

/** Document 82. */
export interface MarkNotification {
  /** Tag 2002. */
  number: number;
  fnNumber: string;
  inn: string;
  at: string;
  taxSystem: number;
  /** Tag 1054. */
  sign: number;
  /** Tag 2116, bits. */
  kind: number;
  /** Tag 2040: number of the receipt. */
  fdNumber: number;
  goods: SoldMark[];
}

/** Document 84. */
export interface NotificationReceipt {
  number: number;
  at: string;
  /** Tag 2111. */
  code: number;
}

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

const maybe = (tag: number, value: number | undefined): TlvNode[] =>
  value === undefined ? [] : [{ tag, value }];

const container = (form: number, fnNumber: string, number: number, nodes: TlvNode[]): Buffer => {
  const tlv = encodeTlv([{ tag: form, value: nodes }]);
  return buildContainer({
    fnNumber,
    fdNumber: number & 0xff_ffff,
    documentCode: form,
    tlv,
    messageSign: signOf(tlv),
  });
};

export const buildMarkRequest = (request: MarkRequest): Buffer =>
  container(MARK_FORM.request, request.fnNumber, request.number, [
    { tag: TAG.markRequestNumber, value: request.number },
    { tag: TAG.userInn, value: request.inn },
    { tag: TAG.markRequestDateTime, value: request.at },
    { tag: TAG.fnNumber, value: request.fnNumber },
    { tag: TAG.fnMarkCheck, value: request.fnCheck },
    { tag: TAG.plannedStatus, value: request.plannedStatus },
    ...maybe(TAG.quantity, request.quantityMicro),
    ...maybe(TAG.measure, request.measure),
    { tag: TAG.markCodeType, value: request.codeKind },
    { tag: TAG.markingCode, value: bytes(request.code) },
    { tag: TAG.markMode, value: request.mode },
  ]);

export const buildMarkAnswer = (fnNumber: string, answer: MarkAnswer): Buffer =>
  container(MARK_FORM.answer, fnNumber, answer.number, [
    { tag: TAG.markRequestNumber, value: answer.number },
    { tag: TAG.markRequestDateTime, value: answer.at },
    ...maybe(TAG.oismStatus, answer.status),
    { tag: TAG.requestCode, value: answer.requestCode },
    ...maybe(TAG.requestResult, answer.result),
  ]);

export const buildMarkNotification = (notification: MarkNotification): Buffer =>
  container(MARK_FORM.notification, notification.fnNumber, notification.number, [
    { tag: TAG.notificationNumber, value: notification.number },
    { tag: TAG.dateTime, value: notification.at },
    { tag: TAG.fnNumber, value: notification.fnNumber },
    { tag: TAG.userInn, value: notification.inn },
    { tag: TAG.taxSystem, value: notification.taxSystem },
    { tag: TAG.settlementSign, value: notification.sign },
    { tag: TAG.notificationKind, value: notification.kind },
    ...notification.goods.map((sold) => ({
      tag: TAG.markedGoods,
      value: [
        { tag: TAG.markingCode, value: bytes(sold.code) },
        { tag: TAG.assignedStatus, value: sold.assignedStatus },
        { tag: TAG.goodsCheckResult, value: sold.checkResult },
        ...maybe(TAG.quantity, sold.quantityMicro),
      ],
    })),
    { tag: TAG.notificationReceiptFd, value: notification.fdNumber },
  ]);

export const buildNotificationReceipt = (fnNumber: string, receipt: NotificationReceipt): Buffer =>
  container(MARK_FORM.receipt, fnNumber, receipt.number, [
    { tag: TAG.notificationNumber, value: receipt.number },
    { tag: TAG.dateTime, value: receipt.at },
    { tag: TAG.notificationCode, value: receipt.code },
    { tag: TAG.notificationResult, value: receipt.code },
  ]);

/** Opens a container of one form: sign, then requisites. */
function insideOf(from: OfdContainer, form: number): Parsed<TlvNode[]> {
  const no = (message: string) =>
    notParsed('OFD-DOCUMENT', message, { form: from.documentCode, fnNumber: from.fnNumber });
  if (from.documentCode !== form) return no('The container holds another document');
  const body = readPlainBody(from);
  if (!body.ok) return body;
  const { tlv, messageSign } = body.value;
  if (!messageSign || !timingSafeEqual(messageSign, signOf(tlv)))
    return no('The sign of the message is wrong');
  try {
    return parsed(childrenOf(decodeTlv(tlv, { origin: 'OFD' }), form) ?? []);
  } catch {
    return no('The document cannot be read');
  }
}

const missing = (form: number): Parsed<never> =>
  notParsed('OFD-DOCUMENT', 'Requisites are missing', { form });

const codeText = (nodes: readonly TlvNode[]): string | undefined => {
  const raw = bytesOf(nodes, TAG.markingCode);
  return raw ? Buffer.from(raw).toString('latin1') : textOf(nodes, TAG.markingCode);
};

export function parseMarkRequest(from: OfdContainer): Parsed<MarkRequest> {
  const inside = insideOf(from, MARK_FORM.request);
  if (!inside.ok) return inside;
  const nodes = inside.value;
  const number = numberOf(nodes, TAG.markRequestNumber);
  const code = codeText(nodes);
  const at = textOf(nodes, TAG.markRequestDateTime);
  if (number === undefined || code === undefined || at === undefined) return missing(MARK_FORM.request);
  return parsed({
    number,
    fnNumber: textOf(nodes, TAG.fnNumber)?.trim() ?? from.fnNumber,
    inn: textOf(nodes, TAG.userInn)?.trim() ?? '',
    at,
    fnCheck: numberOf(nodes, TAG.fnMarkCheck) ?? 0,
    plannedStatus: numberOf(nodes, TAG.plannedStatus) ?? 0,
    quantityMicro: numberOf(nodes, TAG.quantity),
    measure: numberOf(nodes, TAG.measure),
    codeKind: numberOf(nodes, TAG.markCodeType) ?? 0,
    code,
    mode: numberOf(nodes, TAG.markMode) ?? 0,
  });
}

export function parseMarkAnswer(from: OfdContainer): Parsed<MarkAnswer> {
  const inside = insideOf(from, MARK_FORM.answer);
  if (!inside.ok) return inside;
  const nodes = inside.value;
  const number = numberOf(nodes, TAG.markRequestNumber);
  const requestCode = numberOf(nodes, TAG.requestCode);
  if (number === undefined || requestCode === undefined) return missing(MARK_FORM.answer);
  return parsed({
    number,
    at: textOf(nodes, TAG.markRequestDateTime) ?? '',
    requestCode,
    status: numberOf(nodes, TAG.oismStatus),
    result: numberOf(nodes, TAG.requestResult),
  });
}

export function parseMarkNotification(from: OfdContainer): Parsed<MarkNotification> {
  const inside = insideOf(from, MARK_FORM.notification);
  if (!inside.ok) return inside;
  const nodes = inside.value;
  const number = numberOf(nodes, TAG.notificationNumber);
  if (number === undefined) return missing(MARK_FORM.notification);
  const goods = nodes.flatMap(({ tag, value }): SoldMark[] => {
    if (tag !== TAG.markedGoods || !Array.isArray(value)) return [];
    const code = codeText(value);
    if (code === undefined) return [];
    return [
      {
        code,
        assignedStatus: numberOf(value, TAG.assignedStatus) ?? 0,
        checkResult: numberOf(value, TAG.goodsCheckResult) ?? 0,
        quantityMicro: numberOf(value, TAG.quantity),
      },
    ];
  });
  return parsed({
    number,
    fnNumber: textOf(nodes, TAG.fnNumber)?.trim() ?? from.fnNumber,
    inn: textOf(nodes, TAG.userInn)?.trim() ?? '',
    at: textOf(nodes, TAG.dateTime) ?? '',
    taxSystem: numberOf(nodes, TAG.taxSystem) ?? 0,
    sign: numberOf(nodes, TAG.settlementSign) ?? 0,
    kind: numberOf(nodes, TAG.notificationKind) ?? 0,
    fdNumber: numberOf(nodes, TAG.notificationReceiptFd) ?? 0,
    goods,
  });
}

export function parseNotificationReceipt(from: OfdContainer): Parsed<NotificationReceipt> {
  const inside = insideOf(from, MARK_FORM.receipt);
  if (!inside.ok) return inside;
  const number = numberOf(inside.value, TAG.notificationNumber);
  const code = numberOf(inside.value, TAG.notificationCode);
  if (number === undefined || code === undefined) return missing(MARK_FORM.receipt);
  return parsed({ number, code, at: textOf(inside.value, TAG.dateTime) ?? '' });
}
