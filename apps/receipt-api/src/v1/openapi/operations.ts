import { paymentOperations } from '../../payments/operations';
import type { Scope } from '../access/scopes';
import { ReceiptBody } from '../dto/receipt-body';
import type { DtoClass } from '../dto/rules';
import { AcceptedView, JudgementView, PreviewView, ReceiptPageView, ReceiptView } from '../dto/views';
import { EventPageView, EventQuery, EventView } from '../events/views';
import type { ProblemKind } from '../http/problem';
import { KeyListView, NewKeyView, RotateBody } from '../keys/views';
import { PreviewQuery, PrintQuery, ReceiptQuery } from '../receipts/queries';
import { CorrectionOfBody, RefundBody, RefundPlanView } from '../refunds/bodies';
import { PeriodQuery, ReportQuery, ReportView, ShiftQuery } from '../reports/views';

/** One operation of the own API. A test compares this table with the routes that really exist. */
export interface Operation {
  id: string;
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With `{name}` for what a path holds. */
  path: string;
  tag: 'Receipts' | 'Refunds and corrections' | 'Payments' | 'Events' | 'Reports' | 'Keys' | 'Documentation';
  summary: string;
  description?: string;
  scope?: Scope;
  query?: DtoClass;
  body?: { of: DtoClass; optional?: boolean; example?: object };
  /** `Idempotency-Key` is required. */
  idempotent?: true;
  answer: {
    status: number;
    of?: DtoClass;
    type?: string;
    stream?: DtoClass;
    /** Other media types of the same answer. */
    files?: readonly string[];
  };
  problems: readonly ProblemKind[];
}

/** A sale that works in the demo group. */
export const exampleSale = {
  group: 'demo-v5',
  operation: 'sell',
  client: { email: 'buyer@example.com' },
  company: { sno: 'osn' },
  items: [
    {
      name: 'Кофе зерновой, 250 г',
      price: '540.00',
      quantity: '2',
      payment_method: 'full_payment',
      payment_object: 'commodity',
      vat: { type: 'vat22' },
    },
    {
      name: 'Доставка',
      price: '199.50',
      quantity: '1',
      payment_method: 'full_payment',
      payment_object: 'service',
      vat: { type: 'none' },
    },
  ],
  payments: [{ type: 'electronic' }],
  total: '1279.50',
};

const body = { of: ReceiptBody, example: exampleSale };

const receiptOperations: readonly Operation[] = [
  {
    id: 'createReceipt',
    method: 'post',
    path: '/v1/receipts',
    tag: 'Receipts',
    summary: 'Accept a receipt for registration',
    description:
      'The answer means: it is stored and will become exactly one fiscal document, or a clear refusal. Repeat the request with the same key and body as often as you like: the answer is the same, and `Idempotent-Replayed: true` tells the repeat.',
    scope: 'receipt:write',
    body,
    idempotent: true,
    answer: { status: 202, of: AcceptedView },
    problems: ['request-invalid', 'receipt-refused', 'idempotency-conflict'],
  },
  {
    id: 'validateReceipt',
    method: 'post',
    path: '/v1/receipts:validate',
    tag: 'Receipts',
    summary: 'Judge a receipt without accepting it',
    description: 'The same rules as at acceptance. A wrong receipt is answered with 200 and `valid: false`.',
    scope: 'receipt:write',
    body,
    answer: { status: 200, of: JudgementView },
    problems: [],
  },
  {
    id: 'previewReceipt',
    method: 'post',
    path: '/v1/receipts:preview',
    tag: 'Receipts',
    summary: 'The printed form, the TLV and its size, before anything is accepted',
    scope: 'receipt:write',
    body,
    description: 'As JSON with the page and the TLV, or as the page, the PDF or the picture alone.',
    query: PreviewQuery,
    answer: { status: 200, of: PreviewView, files: ['text/html', 'application/pdf', 'image/png'] },
    problems: ['request-invalid', 'receipt-refused', 'not-acceptable'],
  },
  {
    id: 'listReceipts',
    method: 'get',
    path: '/v1/receipts',
    tag: 'Receipts',
    summary: 'Receipts, the newest first',
    scope: 'receipt:read',
    query: ReceiptQuery,
    answer: { status: 200, of: ReceiptPageView },
    problems: ['request-invalid', 'cursor-invalid'],
  },
  {
    id: 'getReceipt',
    method: 'get',
    path: '/v1/receipts/{id}',
    tag: 'Receipts',
    summary: 'One receipt: its state, why it waits, its document',
    scope: 'receipt:read',
    answer: { status: 200, of: ReceiptView },
    problems: ['not-found'],
  },
  {
    id: 'printReceipt',
    method: 'get',
    path: '/v1/receipts/{id}/print',
    tag: 'Receipts',
    summary: 'The printed form of a registered receipt',
    scope: 'receipt:read',
    query: PrintQuery,
    answer: { status: 200, type: 'text/html', files: ['application/pdf', 'image/png'] },
    problems: ['not-found', 'state-conflict', 'request-invalid', 'not-acceptable'],
  },
  {
    id: 'followReceipt',
    method: 'get',
    path: '/v1/receipts/{id}/stream',
    tag: 'Receipts',
    summary: 'One receipt as server-sent events, until it has ended',
    description:
      'Each event `receipt` carries the receipt (without `origin` and `derived`) whenever it has changed.',
    scope: 'receipt:read',
    answer: { status: 200, type: 'text/event-stream', stream: ReceiptView },
    problems: ['not-found'],
  },
  {
    id: 'refundReceipt',
    method: 'post',
    path: '/v1/receipts/{id}/refunds',
    tag: 'Refunds and corrections',
    summary: 'Refund a registered receipt, whole or in part, exact to the kopeck',
    description:
      'By items, by an amount shared in proportion, or everything that is left. Refunds of one receipt never come to more than was paid. Refunds made through other doors are not known here.',
    scope: 'receipt:write',
    body: { of: RefundBody, optional: true, example: { items: [{ position: 0, quantity: '1' }] } },
    idempotent: true,
    answer: { status: 202, of: AcceptedView },
    problems: ['not-found', 'request-invalid', 'receipt-refused', 'state-conflict', 'idempotency-conflict'],
  },
  {
    id: 'planRefund',
    method: 'post',
    path: '/v1/receipts/{id}/refunds:plan',
    tag: 'Refunds and corrections',
    summary: 'What a refund would be, without accepting it',
    scope: 'receipt:write',
    body: { of: RefundBody, optional: true, example: { amount: '100.00' } },
    answer: { status: 200, of: RefundPlanView },
    problems: ['not-found', 'request-invalid', 'receipt-refused', 'state-conflict'],
  },
  {
    id: 'correctReceipt',
    method: 'post',
    path: '/v1/receipts/{id}/corrections',
    tag: 'Refunds and corrections',
    summary: 'Correct a registered receipt: take it back whole, or register it as it should have been',
    description:
      'To correct a receipt send `undo`, then `redo` with what is right. The new document names the fiscal sign of the wrong one (tag 1192). Groups with FFD 1.05 correct by ordinary receipts, later formats by correction receipts.',
    scope: 'receipt:write',
    body: { of: CorrectionOfBody, example: { kind: 'undo' } },
    idempotent: true,
    answer: { status: 202, of: AcceptedView },
    problems: ['not-found', 'request-invalid', 'receipt-refused', 'state-conflict', 'idempotency-conflict'],
  },
  {
    id: 'listEvents',
    method: 'get',
    path: '/v1/events',
    tag: 'Events',
    summary: 'What happened after a position, to catch up',
    description:
      'In the order of time, nothing left out. Keep `next` and ask again with it; the position stays good for ever.',
    scope: 'receipt:read',
    query: EventQuery,
    answer: { status: 200, of: EventPageView },
    problems: ['request-invalid', 'cursor-invalid'],
  },
  {
    id: 'streamEvents',
    method: 'get',
    path: '/v1/events/stream',
    tag: 'Events',
    summary: 'What happens, as server-sent events',
    description: 'Goes on after `Last-Event-ID`; without it, from now.',
    scope: 'receipt:read',
    answer: { status: 200, type: 'text/event-stream', stream: EventView },
    problems: ['cursor-invalid'],
  },
  {
    id: 'reportRegisters',
    method: 'get',
    path: '/v1/reports/registers',
    tag: 'Reports',
    summary: 'Sums by register',
    scope: 'report:read',
    query: ReportQuery,
    answer: { status: 200, of: ReportView },
    problems: ['request-invalid'],
  },
  {
    id: 'reportShifts',
    method: 'get',
    path: '/v1/reports/shifts',
    tag: 'Reports',
    summary: 'Sums by shift',
    scope: 'report:read',
    query: ShiftQuery,
    answer: { status: 200, of: ReportView },
    problems: ['request-invalid'],
  },
  {
    id: 'reportPeriods',
    method: 'get',
    path: '/v1/reports/periods',
    tag: 'Reports',
    summary: 'Sums by day or hour',
    scope: 'report:read',
    query: PeriodQuery,
    answer: { status: 200, of: ReportView },
    problems: ['request-invalid'],
  },
];

const otherOperations: readonly Operation[] = [
  {
    id: 'listKeys',
    method: 'get',
    path: '/v1/keys',
    tag: 'Keys',
    summary: 'Keys of the client',
    scope: 'key:manage',
    answer: { status: 200, of: KeyListView },
    problems: [],
  },
  {
    id: 'rotateKey',
    method: 'post',
    path: '/v1/keys/current:rotate',
    tag: 'Keys',
    summary: 'Make the successor of the key that asks',
    description: 'Both keys work until the old one ends. At most two keys of one name are active.',
    scope: 'key:manage',
    body: { of: RotateBody, optional: true, example: { old_lives_hours: 24 } },
    answer: { status: 201, of: NewKeyView },
    problems: ['request-invalid', 'keys-full'],
  },
  {
    id: 'revokeKey',
    method: 'delete',
    path: '/v1/keys/{id}',
    tag: 'Keys',
    summary: 'End a key for good',
    scope: 'key:manage',
    answer: { status: 204 },
    problems: ['not-found'],
  },
  {
    id: 'openApi',
    method: 'get',
    path: '/v1/openapi.json',
    tag: 'Documentation',
    summary: 'This document',
    answer: { status: 200, type: 'application/json' },
    problems: [],
  },
  {
    id: 'docs',
    method: 'get',
    path: '/v1/docs',
    tag: 'Documentation',
    summary: 'This document as a page',
    answer: { status: 200, type: 'text/html' },
    problems: [],
  },
];

/** Every operation of `/v1`. */
export const operations: readonly Operation[] = [
  ...receiptOperations,
  ...paymentOperations,
  ...otherOperations,
];
