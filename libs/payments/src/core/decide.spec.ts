import type { GroupFacts } from '@kkt/domain';
import {
  addEvent,
  addFacts,
  contradiction,
  emptyLedger,
  refundedOf,
  settle,
  type SettlementTerms,
} from './decide';
import type { PaymentEvent, PaymentFacts } from './types';

const facts: GroupFacts = {
  inn: '5544332219',
  ffd: 4,
  taxSystems: 1,
  defaultTaxSystem: 1,
  place: 'https://shop.example',
  address: 'Москва',
  senderEmail: 'kassa@shop.example',
};

const item = {
  name: 'Чай',
  priceKop: 1000,
  quantityMicro: 2_000_000,
  method: 1,
  subject: 1,
  measure: 0,
  vat: 'vat22',
};

const terms = (changes: Partial<SettlementTerms> = {}): SettlementTerms => ({
  order: { items: [item, { ...item, name: 'Кофе', priceKop: 500 }], client: { email: 'b@example.com' } },
  orderNo: 'A-1',
  isOrderTaken: false,
  partialRefund: 'split',
  isApproved: false,
  providerFiscalizes: false,
  isRefundUnclear: false,
  facts,
  today: '2026-11-23',
  ...changes,
});

const event = (changes: Partial<PaymentEvent> = {}): PaymentEvent => ({
  kind: 'test',
  effect: 'income',
  paymentId: 'p',
  amountMinor: 3000,
  isTotal: true,
  currency: 'RUB',
  providerFiscalizes: false,
  isTest: false,
  ...changes,
});

const paid = addEvent(emptyLedger('RUB'), event());
const refund = (id: string, amountMinor: number) =>
  event({ effect: 'return', refundId: id, amountMinor, isTotal: false });
const refundTotal = (amountMinor: number) => event({ effect: 'return', amountMinor });

describe('what a payment owes', () => {
  it('one income receipt, then nothing', () => {
    const settled = settle(paid, terms());
    expect(settled.receipts).toMatchObject([
      { effect: 'income', fromKop: 0, toKop: 3000, byLine: [2000, 1000] },
    ]);
    expect(settle({ ...paid, incomeKop: 3000 }, terms())).toEqual({ receipts: [], waitsForPayment: false });
  });

  it('nothing for a refund before its payment, and both as soon as it is there', () => {
    const early = addEvent(emptyLedger('RUB'), refund('r1', 1000));
    expect(settle(early, terms())).toEqual({ receipts: [], waitsForPayment: true });
    const settled = settle(addEvent(early, event()), terms());
    expect(settled.receipts.map(({ effect, toKop }) => [effect, toKop])).toEqual([
      ['income', 3000],
      ['return', 1000],
    ]);
  });

  it('the money of a refund once, though it is told one by one and in all', () => {
    const tellings = [refund('r1', 700), refundTotal(700), refund('r2', 300), refundTotal(1000)];
    for (const first of tellings)
      for (const second of tellings) {
        const ledger = [first, second, ...tellings].reduce(addEvent, paid);
        expect(refundedOf(ledger)).toBe(1000);
      }
  });

  it.each([
    ['unknown-order', { order: undefined }],
    ['no-order-number', { order: undefined, orderNo: undefined }],
    ['order-paid-twice', { isOrderTaken: true }],
    ['provider-fiscalizes', { providerFiscalizes: true }],
    ['receipt-refused', { order: { items: [{ ...item, priceKop: 1500 }] } }],
  ] as [string, Partial<SettlementTerms>][])('a person: %s', (reason, changes) => {
    const settled = settle(paid, terms(changes));
    expect(settled).toMatchObject({ receipts: [], parked: { reason } });
    expect(settled.parked?.text).not.toBe('');
  });

  it('takes the contact of the provider when the shop gave none, and the shop’s own first', () => {
    const order = { items: [{ ...item, priceKop: 1500 }] };
    const clientOf = (changes: Partial<SettlementTerms>) =>
      settle(paid, terms(changes)).receipts[0]?.content.client;
    expect(clientOf({ order, contact: 'x@example.com' })).toMatchObject({ email: 'x@example.com' });
    expect(clientOf({ contact: 'x@example.com' })).toMatchObject({ email: 'b@example.com' });
  });

  it('parks other currencies, other amounts and refunds above the payment', () => {
    expect(settle({ ...paid, currency: 'EUR' }, terms()).parked?.reason).toBe('currency');
    expect(settle({ ...paid, paidMinor: 2999 }, terms()).parked?.reason).toBe('amount-mismatch');
    expect(settle({ ...paid, paidMinor: 3001 }, terms()).parked?.reason).toBe('amount-mismatch');
    expect(settle({ ...paid, paidMinor: 4000, incomeKop: 3000 }, terms()).parked?.reason).toBe(
      'amount-mismatch',
    );
    const above = settle(addEvent(paid, refund('r', 3001)), terms());
    expect(above.parked?.reason).toBe('refund-above-payment');
    expect(above.receipts.map(({ effect }) => effect)).toEqual(['income']);
  });

  it('leaves a partial refund to a person when the shop wants so, until he approves', () => {
    const ledger = addEvent({ ...paid, incomeKop: 3000 }, refund('r', 17));
    expect(settle(ledger, terms({ partialRefund: 'review' })).parked?.reason).toBe('partial-refund');
    expect(settle(ledger, terms({ partialRefund: 'review', isApproved: true })).receipts).toHaveLength(1);
    const line = addEvent({ ...paid, incomeKop: 3000 }, refund('r', 2000));
    expect(settle(line, terms({ partialRefund: 'review' })).receipts).toHaveLength(1);
  });

  it('asks a person how much was refunded when the provider does not tell', () => {
    const settled = settle({ ...paid, incomeKop: 3000 }, terms({ isRefundUnclear: true }));
    expect(settled).toMatchObject({ receipts: [], parked: { reason: 'refund-unclear' } });
  });

  it('never returns a part of a marked article’s price by itself', () => {
    const marked = {
      ...item,
      quantityMicro: 1_000_000,
      priceKop: 3000,
      mark: { kind: 'gs1m' as const, code: '01' },
    };
    const order = { items: [marked], client: { email: 'b@example.com' } };
    const ledger = addEvent({ ...paid, incomeKop: 3000 }, refund('r', 100));
    expect(settle(ledger, terms({ order, isApproved: true })).parked?.reason).toBe('partial-refund');
  });
});

describe('what the provider answers', () => {
  const answer = (changes: Partial<PaymentFacts> = {}): PaymentFacts => ({
    paymentId: 'p',
    currency: 'RUB',
    paidMinor: 3000,
    providerFiscalizes: false,
    isTest: false,
    ...changes,
  });

  it.each([
    [event(), answer(), undefined],
    [event({ amountMinor: undefined }), answer(), undefined],
    [event(), answer({ paidMinor: 2999 }), 'another amount'],
    [event(), answer({ paidMinor: 0 }), 'the provider knows of no money paid'],
    [event(), answer({ paymentId: 'q' }), 'another payment'],
    [event(), answer({ currency: 'EUR' }), 'another currency'],
    [refund('r', 5), answer({ refund: { id: 'r', amountMinor: 5 } }), undefined],
    [refund('r', 6), answer({ refund: { id: 'r', amountMinor: 5 } }), 'another amount'],
    [refund('s', 5), answer({ refund: { id: 'r', amountMinor: 5 } }), 'another refund'],
    [refundTotal(5), answer({ refundedMinor: 9 }), undefined],
    [refundTotal(5), answer({ refundedMinor: 0 }), 'the provider knows of no refund'],
  ])('%#', (told, facts1, expected) => {
    expect(contradiction(told, facts1)).toBe(expected);
  });

  it('counts in the ledger only upwards', () => {
    const ledger = addFacts(paid, answer({ paidMinor: 10, refundedMinor: 5 }));
    expect(addFacts(ledger, answer({ paidMinor: 10, refundedMinor: 2 }))).toEqual(ledger);
    expect(ledger.paidMinor).toBe(3000);
  });
});
