/* Generated from the OpenAPI document by tools/generate-client. Do not edit: run it again. */
/* eslint-disable max-lines */

import type * as T from './types';
import type { StreamEvent, Transport } from './transport';

/** Every operation of the API as a method. */
export class Operations {
  constructor(protected readonly transport: Transport) {}

  /** Accept a receipt for registration */
  createReceipt(input: {
    /** Your id of the document, 1 to 128 printable ASCII characters: the `external_id` of the receipt, unique in its group. A repeat with the same body gets the same answer, another body gets 409. */
    idempotencyKey: string;
    body: T.ReceiptInput;
    signal?: AbortSignal;
  }): Promise<T.Accepted> {
    return this.transport.json({
      method: 'POST',
      path: `/v1/receipts`,
      headers: { 'Idempotency-Key': input.idempotencyKey },
      body: input.body,
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** Receipts, the newest first */
  listReceipts(
    input: {
      /** Code of the group */
      group?: string;
      /** State */
      state?: 'queued' | 'working' | 'in_doubt' | 'done' | 'failed';
      /** Operation */
      operation?:
        | 'sell'
        | 'sell_refund'
        | 'buy'
        | 'buy_refund'
        | 'sell_correction'
        | 'sell_refund_correction'
        | 'buy_correction'
        | 'buy_refund_correction';
      /** Accepted at this moment or later */
      from?: string;
      /** Accepted before this moment */
      to?: string;
      /** Total at least */
      min_total?: string;
      /** Total at most */
      max_total?: string;
      /** The Idempotency-Key or external_id */
      external_id?: string;
      /** FN number (FFD tag 1041). */
      fn_number?: string;
      /** Number of the fiscal document (FFD tag 1040). */
      fd_number?: number;
      /** Fiscal sign (FFD tag 1077). */
      fiscal_sign?: number;
      /** Receipts on a page */
      limit?: number;
      /** `next` of the page before */
      cursor?: string;
      signal?: AbortSignal;
    } = {},
  ): Promise<T.ReceiptPage> {
    return this.transport.json({
      method: 'GET',
      path: `/v1/receipts`,
      query: {
        group: input.group,
        state: input.state,
        operation: input.operation,
        from: input.from,
        to: input.to,
        min_total: input.min_total,
        max_total: input.max_total,
        external_id: input.external_id,
        fn_number: input.fn_number,
        fd_number: input.fd_number,
        fiscal_sign: input.fiscal_sign,
        limit: input.limit,
        cursor: input.cursor,
      },
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** Judge a receipt without accepting it */
  validateReceipt(input: { body: T.ReceiptInput; signal?: AbortSignal }): Promise<T.Judgement> {
    return this.transport.json({
      method: 'POST',
      path: `/v1/receipts:validate`,
      body: input.body,
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** The printed form, the TLV and its size, before anything is accepted */
  previewReceipt(input: { body: T.ReceiptInput; signal?: AbortSignal }): Promise<T.Preview> {
    return this.transport.json({
      method: 'POST',
      path: `/v1/receipts:preview`,
      body: input.body,
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** The printed form, the TLV and its size, before anything is accepted */
  previewReceiptFile(input: {
    /** Form of the answer; without it `Accept` decides */
    format: 'json' | 'html' | 'pdf' | 'png';
    body: T.ReceiptInput;
    signal?: AbortSignal;
  }): Promise<Blob> {
    return this.transport.blob({
      method: 'POST',
      path: `/v1/receipts:preview`,
      query: { format: input.format },
      body: input.body,
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** One receipt: its state, why it waits, its document */
  getReceipt(input: { id: string; signal?: AbortSignal }): Promise<T.Receipt> {
    return this.transport.json({
      method: 'GET',
      path: `/v1/receipts/${encodeURIComponent(input.id)}`,
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** The printed form of a registered receipt */
  printReceipt(input: { id: string; signal?: AbortSignal }): Promise<string> {
    return this.transport.text({
      method: 'GET',
      path: `/v1/receipts/${encodeURIComponent(input.id)}/print`,
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** The printed form of a registered receipt */
  printReceiptFile(input: {
    id: string;
    /** Form of the answer; without it `Accept` decides */
    format: 'html' | 'pdf' | 'png';
    signal?: AbortSignal;
  }): Promise<Blob> {
    return this.transport.blob({
      method: 'GET',
      path: `/v1/receipts/${encodeURIComponent(input.id)}/print`,
      query: { format: input.format },
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** One receipt as server-sent events, until it has ended */
  followReceipt(input: {
    id: string;
    signal?: AbortSignal;
  }): AsyncGenerator<StreamEvent<Omit<T.Receipt, 'origin' | 'derived'>>> {
    return this.transport.stream({
      method: 'GET',
      path: `/v1/receipts/${encodeURIComponent(input.id)}/stream`,
      isRepeatable: false,
      signal: input.signal,
    });
  }

  /** Send a registered receipt to its buyer again, by e-mail or SMS */
  sendReceipt(input: { id: string; body?: T.SendInput; signal?: AbortSignal }): Promise<T.Sent> {
    return this.transport.json({
      method: 'POST',
      path: `/v1/receipts/${encodeURIComponent(input.id)}/send`,
      body: input.body,
      isRepeatable: false,
      signal: input.signal,
    });
  }

  /** Refund a registered receipt, whole or in part, exact to the kopeck */
  refundReceipt(input: {
    id: string;
    /** Your id of the document, 1 to 128 printable ASCII characters: the `external_id` of the receipt, unique in its group. A repeat with the same body gets the same answer, another body gets 409. */
    idempotencyKey: string;
    body?: T.RefundInput;
    signal?: AbortSignal;
  }): Promise<T.Accepted> {
    return this.transport.json({
      method: 'POST',
      path: `/v1/receipts/${encodeURIComponent(input.id)}/refunds`,
      headers: { 'Idempotency-Key': input.idempotencyKey },
      body: input.body,
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** What a refund would be, without accepting it */
  planRefund(input: { id: string; body?: T.RefundInput; signal?: AbortSignal }): Promise<T.RefundPlan> {
    return this.transport.json({
      method: 'POST',
      path: `/v1/receipts/${encodeURIComponent(input.id)}/refunds:plan`,
      body: input.body,
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** Correct a registered receipt: take it back whole, or register it as it should have been */
  correctReceipt(input: {
    id: string;
    /** Your id of the document, 1 to 128 printable ASCII characters: the `external_id` of the receipt, unique in its group. A repeat with the same body gets the same answer, another body gets 409. */
    idempotencyKey: string;
    body: T.CorrectionOfReceiptInput;
    signal?: AbortSignal;
  }): Promise<T.Accepted> {
    return this.transport.json({
      method: 'POST',
      path: `/v1/receipts/${encodeURIComponent(input.id)}/corrections`,
      headers: { 'Idempotency-Key': input.idempotencyKey },
      body: input.body,
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** What happened after a position, to catch up */
  listEvents(
    input: {
      /** `next` of the page before; left out: from the beginning */
      after?: string;
      /** Events on a page */
      limit?: number;
      signal?: AbortSignal;
    } = {},
  ): Promise<T.EventPage> {
    return this.transport.json({
      method: 'GET',
      path: `/v1/events`,
      query: { after: input.after, limit: input.limit },
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** What happens, as server-sent events */
  streamEvents(
    input: {
      /** Id of the last event that was read */
      lastEventId?: string;
      signal?: AbortSignal;
    } = {},
  ): AsyncGenerator<StreamEvent<T.Event>> {
    return this.transport.stream({
      method: 'GET',
      path: `/v1/events/stream`,
      headers: { 'Last-Event-ID': input.lastEventId },
      isRepeatable: false,
      signal: input.signal,
    });
  }

  /** Registers: state, what the operator has not confirmed and why, how full the FN is */
  listRegisters(
    input: {
      /** Code of the group */
      group?: string;
      /** State */
      state?:
        | 'works'
        | 'attention'
        | 'offline'
        | 'stopped'
        | 'paused'
        | 'swap'
        | 'registering'
        | 'stock'
        | 'closed';
      /** Rows of a page */
      limit?: number;
      /** `next` of the page before */
      cursor?: string;
      signal?: AbortSignal;
    } = {},
  ): Promise<T.RegisterPage> {
    return this.transport.json({
      method: 'GET',
      path: `/v1/registers`,
      query: { group: input.group, state: input.state, limit: input.limit, cursor: input.cursor },
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** One register by its serial number */
  getRegister(input: { serial: string; signal?: AbortSignal }): Promise<T.Register> {
    return this.transport.json({
      method: 'GET',
      path: `/v1/registers/${encodeURIComponent(input.serial)}`,
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** Sums by register */
  reportRegisters(input: {
    /** First day, local time of the documents */
    from: string;
    /** Last day */
    to: string;
    /** Code of the group */
    group?: string;
    signal?: AbortSignal;
  }): Promise<T.Report> {
    return this.transport.json({
      method: 'GET',
      path: `/v1/reports/registers`,
      query: { from: input.from, to: input.to, group: input.group },
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** Sums by shift */
  reportShifts(input: {
    /** First day, local time of the documents */
    from: string;
    /** Last day */
    to: string;
    /** Code of the group */
    group?: string;
    /** Serial number of the register */
    register?: string;
    signal?: AbortSignal;
  }): Promise<T.Report> {
    return this.transport.json({
      method: 'GET',
      path: `/v1/reports/shifts`,
      query: { from: input.from, to: input.to, group: input.group, register: input.register },
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** Sums by day or hour */
  reportPeriods(input: {
    /** First day, local time of the documents */
    from: string;
    /** Last day */
    to: string;
    /** Code of the group */
    group?: string;
    /** Length of a period */
    by?: 'day' | 'hour';
    signal?: AbortSignal;
  }): Promise<T.Report> {
    return this.transport.json({
      method: 'GET',
      path: `/v1/reports/periods`,
      query: { from: input.from, to: input.to, group: input.group, by: input.by },
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** The result callback of a receipt and the journal of its attempts */
  getCallback(input: { id: string; signal?: AbortSignal }): Promise<T.Callback> {
    return this.transport.json({
      method: 'GET',
      path: `/v1/receipts/${encodeURIComponent(input.id)}/callback`,
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** Tell the result once more: at once, then by the usual schedule */
  replayCallback(input: { id: string; signal?: AbortSignal }): Promise<T.Callback> {
    return this.transport.json({
      method: 'POST',
      path: `/v1/receipts/${encodeURIComponent(input.id)}/callback:replay`,
      isRepeatable: false,
      signal: input.signal,
    });
  }

  /** Callbacks that were given up after three days */
  listUndelivered(
    input: {
      /** Rows at most */
      limit?: number;
      signal?: AbortSignal;
    } = {},
  ): Promise<T.UndeliveredList> {
    return this.transport.json({
      method: 'GET',
      path: `/v1/callbacks/undelivered`,
      query: { limit: input.limit },
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** Secrets that sign your callbacks */
  getCallbackSecret(
    input: {
      signal?: AbortSignal;
    } = {},
  ): Promise<T.CallbackSecret> {
    return this.transport.json({
      method: 'GET',
      path: `/v1/callbacks/secret`,
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** Change the secret; for a while callbacks carry signatures by both */
  rotateCallbackSecret(
    input: {
      body?: T.RotateSecretInput;
      signal?: AbortSignal;
    } = {},
  ): Promise<T.CallbackSecret> {
    return this.transport.json({
      method: 'POST',
      path: `/v1/callbacks/secret:rotate`,
      body: input.body,
      isRepeatable: false,
      signal: input.signal,
    });
  }

  /** Register an order before its payment: the source of its receipt’s items */
  putOrder(input: { orderno: string; body: T.OrderInput; signal?: AbortSignal }): Promise<T.Order> {
    return this.transport.json({
      method: 'PUT',
      path: `/v1/payments/orders/${encodeURIComponent(input.orderno)}`,
      body: input.body,
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** A registered order and the payments told for it */
  getOrder(input: {
    orderno: string;
    /** Code of the group */
    group: string;
    signal?: AbortSignal;
  }): Promise<T.KnownOrder> {
    return this.transport.json({
      method: 'GET',
      path: `/v1/payments/orders/${encodeURIComponent(input.orderno)}`,
      query: { group: input.group },
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** Connect an account at a payment provider */
  addConnection(input: { body: T.ConnectionInput; signal?: AbortSignal }): Promise<T.Connection> {
    return this.transport.json({
      method: 'POST',
      path: `/v1/payments/connections`,
      body: input.body,
      isRepeatable: false,
      signal: input.signal,
    });
  }

  /** Connected accounts */
  listConnections(
    input: {
      signal?: AbortSignal;
    } = {},
  ): Promise<T.ConnectionList> {
    return this.transport.json({
      method: 'GET',
      path: `/v1/payments/connections`,
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** Change a connection, or switch it off and on */
  changeConnection(input: {
    id: string;
    body: T.ConnectionChangeInput;
    signal?: AbortSignal;
  }): Promise<T.Connection> {
    return this.transport.json({
      method: 'PATCH',
      path: `/v1/payments/connections/${encodeURIComponent(input.id)}`,
      body: input.body,
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** Payments that were told, the newest first */
  listPayments(
    input: {
      /** The shop’s number of the order */
      order_no?: string;
      /** Payment provider */
      provider?:
        'paypal' | 'paypal-ipn' | 'yookassa' | 'tbank' | 'cloudpayments' | 'sber' | 'robokassa' | 'stripe';
      /** Rows on a page */
      limit?: number;
      /** `next` of the page before */
      cursor?: string;
      signal?: AbortSignal;
    } = {},
  ): Promise<T.PaymentList> {
    return this.transport.json({
      method: 'GET',
      path: `/v1/payments`,
      query: { order_no: input.order_no, provider: input.provider, limit: input.limit, cursor: input.cursor },
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** Payments that wait for a person or for the shop’s order */
  listParked(
    input: {
      /** The shop’s number of the order */
      order_no?: string;
      /** Payment provider */
      provider?:
        'paypal' | 'paypal-ipn' | 'yookassa' | 'tbank' | 'cloudpayments' | 'sber' | 'robokassa' | 'stripe';
      /** Rows on a page */
      limit?: number;
      /** `next` of the page before */
      cursor?: string;
      signal?: AbortSignal;
    } = {},
  ): Promise<T.PaymentList> {
    return this.transport.json({
      method: 'GET',
      path: `/v1/payments/parked`,
      query: { order_no: input.order_no, provider: input.provider, limit: input.limit, cursor: input.cursor },
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** Everything that came to the callback addresses, what was refused among it */
  listPaymentEvents(
    input: {
      /** State of events */
      state?: 'rejected' | 'ignored' | 'applied' | 'new';
      /** Connection */
      connection?: string;
      /** Rows on a page */
      limit?: number;
      /** `next` of the page before */
      cursor?: string;
      signal?: AbortSignal;
    } = {},
  ): Promise<T.PaymentEventList> {
    return this.transport.json({
      method: 'GET',
      path: `/v1/payments/events`,
      query: { state: input.state, connection: input.connection, limit: input.limit, cursor: input.cursor },
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** One payment and its receipts */
  getPayment(input: { id: string; signal?: AbortSignal }): Promise<T.PaymentState> {
    return this.transport.json({
      method: 'GET',
      path: `/v1/payments/${encodeURIComponent(input.id)}`,
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** A person has looked: go on with a payment that waits */
  retryPayment(input: { id: string; signal?: AbortSignal }): Promise<T.PaymentState> {
    return this.transport.json({
      method: 'POST',
      path: `/v1/payments/${encodeURIComponent(input.id)}/retry`,
      isRepeatable: false,
      signal: input.signal,
    });
  }

  /** A person has dealt with a payment otherwise */
  dismissPayment(input: { id: string; body: T.DismissInput; signal?: AbortSignal }): Promise<T.PaymentState> {
    return this.transport.json({
      method: 'POST',
      path: `/v1/payments/${encodeURIComponent(input.id)}/dismiss`,
      body: input.body,
      isRepeatable: false,
      signal: input.signal,
    });
  }

  /** Tell a refund that the provider does not tell */
  declarePaymentRefund(input: {
    id: string;
    body: T.PaymentRefundInput;
    signal?: AbortSignal;
  }): Promise<T.PaymentState> {
    return this.transport.json({
      method: 'POST',
      path: `/v1/payments/${encodeURIComponent(input.id)}/refunds`,
      body: input.body,
      isRepeatable: false,
      signal: input.signal,
    });
  }

  /** How many registers and FNs a load needs */
  calculate(input: { body: T.CalculatorInput; signal?: AbortSignal }): Promise<T.Calculator> {
    return this.transport.json({
      method: 'POST',
      path: `/v1/calculator`,
      body: input.body,
      isRepeatable: false,
      signal: input.signal,
    });
  }

  /** Keys of the client */
  listKeys(
    input: {
      signal?: AbortSignal;
    } = {},
  ): Promise<T.KeyList> {
    return this.transport.json({ method: 'GET', path: `/v1/keys`, isRepeatable: true, signal: input.signal });
  }

  /** Make a key with no more rights than your own */
  makeKey(input: { body: T.KeyInput; signal?: AbortSignal }): Promise<T.MadeKey> {
    return this.transport.json({
      method: 'POST',
      path: `/v1/keys`,
      body: input.body,
      isRepeatable: false,
      signal: input.signal,
    });
  }

  /** Change where a key may be used from */
  changeKey(input: { id: string; body: T.KeyChangeInput; signal?: AbortSignal }): Promise<T.Key> {
    return this.transport.json({
      method: 'PATCH',
      path: `/v1/keys/${encodeURIComponent(input.id)}`,
      body: input.body,
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** End a key for good */
  revokeKey(input: { id: string; signal?: AbortSignal }): Promise<void> {
    return this.transport.json({
      method: 'DELETE',
      path: `/v1/keys/${encodeURIComponent(input.id)}`,
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** Make the successor of the key that asks */
  rotateKey(
    input: {
      body?: T.RotateInput;
      signal?: AbortSignal;
    } = {},
  ): Promise<T.NewKey> {
    return this.transport.json({
      method: 'POST',
      path: `/v1/keys/current:rotate`,
      body: input.body,
      isRepeatable: false,
      signal: input.signal,
    });
  }

  /** This document */
  openApi(
    input: {
      signal?: AbortSignal;
    } = {},
  ): Promise<Record<string, unknown>> {
    return this.transport.json({
      method: 'GET',
      path: `/v1/openapi.json`,
      isRepeatable: true,
      signal: input.signal,
    });
  }

  /** This document as a page */
  docs(
    input: {
      signal?: AbortSignal;
    } = {},
  ): Promise<string> {
    return this.transport.text({ method: 'GET', path: `/v1/docs`, isRepeatable: true, signal: input.signal });
  }
}
