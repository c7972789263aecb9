import { nothing, struct, type Codec, type Shape } from '../bytes/codec';
import { bcd, constant, reserved, text, u8 } from '../bytes/fields';
import { malformed } from '../bytes/faults';
import { DEVICE_MODE } from '../decisions';
import { exchange } from './exchange';

const MODES = [DEVICE_MODE.registration];

/** Something that may be registered twice by a blind repeat. */
const changing = {
  timeoutClass: 'usual',
  onSilence: 'ask-device',
  confidence: 'agreed',
  modes: MODES,
} as const;

const DISCOUNT_BYTES: Readonly<Record<number, number>> = { 0: 3, 1: 5 };

function sizeOf(kind: number): Codec<number> {
  const sizeBytes = DISCOUNT_BYTES[kind];
  if (sizeBytes === undefined) throw malformed('Discount is neither percent nor sum', { kind });
  return bcd(sizeBytes);
}

const variant = (kind: number): Shape => ({
  kind: 'struct',
  fields: [
    { name: 'kind', shape: { kind: 'uint', bytes: 1, order: 'BE', min: kind, max: kind }, optional: false },
    { name: 'sign', shape: { kind: 'uint', bytes: 1, order: 'BE', max: 1 }, optional: false },
    { name: 'size', shape: { kind: 'bcd', bytes: DISCOUNT_BYTES[kind] ?? 0 }, optional: false },
  ],
});

/** `kind sign size`: a percent in hundredths (kind 0) takes 3 BCD bytes, a sum in kopecks (kind 1) takes 5. */
const discountAmount: Codec<{ kind: number; sign: number; size: number }> = {
  shape: { kind: 'oneOf', variants: [variant(0), variant(1)] },
  write(out, { kind, sign, size }) {
    out.u8(kind);
    out.u8(sign);
    sizeOf(kind).write(out, size);
  },
  read(from) {
    const kind = from.u8();
    const sign = from.u8();
    return { kind, sign, size: sizeOf(kind).read(from) };
  },
};

/** Items, payments and closing of a receipt, mode 1. Layouts from the atol-protocol facts 4.3. */
export const receiptCommands = {
  openReceipt: exchange({
    name: 'openReceipt',
    prefix: [0x92],
    meaning: 'Open a receipt of a `RECEIPT_TYPE`; flags as in `RECEIPT_FLAG`',
    ...changing,
    request: struct({ flags: u8(), type: u8() }),
    head: 'ext',
    answer: nothing,
  }),
  beginItem: exchange({
    name: 'beginItem',
    prefix: [0xea],
    meaning: 'Begin an item; its attributes follow by E8',
    ...changing,
    timeoutClass: 'position',
    request: struct({ flags: u8(), tail: constant(0x01, 0x00) }),
    head: 'ext',
    answer: nothing,
  }),
  /** Three implementations send the two reserved bytes, one leaves them out; we follow the three. */
  endItem: exchange({
    name: 'endItem',
    prefix: [0xeb],
    meaning: 'Finish the item: price, quantity, cost, tax, name (up to 128 bytes)',
    ...changing,
    timeoutClass: 'position',
    request: struct({
      flags: u8(),
      priceKop: bcd(7),
      /** Thousandths of a unit. */
      quantityMilli: bcd(5),
      costKop: bcd(7),
      taxType: u8(),
      taxSumKop: bcd(7),
      section: u8(),
      /** Tag 1212. */
      subject: u8(),
      /** Tag 1214. */
      method: u8(),
      /** 0 discount, 1 surcharge. */
      discountSign: u8(),
      discountKop: bcd(7),
      gap: reserved(2),
      name: text(),
    }),
    head: 'ext',
    answer: nothing,
  }),
  itemFfd10: exchange({
    name: 'itemFfd10',
    prefix: [0xe6],
    meaning: 'Item of FFD 1.0 in one command',
    ...changing,
    timeoutClass: 'position',
    request: struct({
      flags: u8(),
      name: text(64),
      priceKop: bcd(6),
      quantityMilli: bcd(5),
      discountType: u8(),
      discountSign: u8(),
      discountKop: bcd(6),
      taxType: u8(),
      section: bcd(1),
      barcode: text(16),
      tail: constant(0x00),
    }),
    head: 'ext',
    answer: nothing,
  }),
  /** 52: old-style sale, no item name. */
  saleItem: exchange({
    name: 'saleItem',
    prefix: [0x52],
    meaning: 'Register a sale by price and quantity',
    ...changing,
    request: struct({ flags: u8(), priceKop: bcd(5), quantityMilli: bcd(5), section: bcd(1) }),
    head: 'ext',
    answer: nothing,
  }),
  /** 57: as 52 without the section. */
  returnItem: exchange({
    name: 'returnItem',
    prefix: [0x57],
    meaning: 'Register a return by price and quantity',
    ...changing,
    request: struct({ flags: u8(), priceKop: bcd(5), quantityMilli: bcd(5) }),
    head: 'ext',
    answer: nothing,
  }),
  receiptTax: exchange({
    name: 'receiptTax',
    prefix: [0xb8],
    meaning: 'Set a tax of the whole receipt',
    ...changing,
    request: struct({ flags: u8(), area: u8(), tax: u8(), sumKop: bcd(7) }),
    head: 'ext',
    answer: nothing,
  }),
  /** The code is agreed; the fields are known to practice and not seen in bytes. */
  discount: exchange({
    name: 'discount',
    prefix: [0x43],
    meaning: 'Discount or surcharge on the last item (area 0) or the receipt (area 1)',
    ...changing,
    confidence: 'recalled',
    request: struct({ flags: u8(), area: u8(), amount: discountAmount }),
    head: 'ext',
    answer: nothing,
  }),
  /** 99: the answer is 12 bytes, `55 err remainder change`, without ext. */
  payment: exchange({
    name: 'payment',
    prefix: [0x99],
    meaning: 'Payment of a `PAYMENT_TYPE`; answers what is left to pay and the change',
    ...changing,
    request: struct({ flags: u8(), paymentType: u8(), sumKop: bcd(5) }),
    head: 'plain',
    answer: struct({ remainderKop: bcd(5), changeKop: bcd(5) }),
  }),
  /** One implementation names the code; the fields repeat those of 99. */
  voidPayment: exchange({
    name: 'voidPayment',
    prefix: [0x9b],
    meaning: 'Take back a payment',
    ...changing,
    confidence: 'recalled',
    request: struct({ flags: u8(), paymentType: u8(), sumKop: bcd(5) }),
    head: 'ext',
    answer: nothing,
  }),
  closeReceipt: exchange({
    name: 'closeReceipt',
    prefix: [0x4a],
    meaning: 'Close the receipt; sum 0 = paid exactly. The fiscal document is made here',
    ...changing,
    timeoutClass: 'closing',
    request: struct({ flags: u8(), paymentType: u8(), sumKop: bcd(5) }),
    head: 'ext',
    answer: nothing,
  }),
  /** A second cancel finds no receipt (9A): nothing more happens. */
  cancelReceipt: exchange({
    name: 'cancelReceipt',
    prefix: [0x59],
    meaning: 'Cancel the open receipt; no fiscal document is made',
    ...changing,
    onSilence: 'repeat-safe',
    request: nothing,
    head: 'ext',
    answer: nothing,
  }),
  cashIn: exchange({
    name: 'cashIn',
    prefix: [0x49],
    meaning: 'Put cash into the drawer',
    ...changing,
    request: struct({ flags: u8(), sumKop: bcd(5) }),
    head: 'ext',
    answer: nothing,
  }),
  cashOut: exchange({
    name: 'cashOut',
    prefix: [0x4f],
    meaning: 'Take cash out of the drawer',
    ...changing,
    request: struct({ flags: u8(), sumKop: bcd(5) }),
    head: 'ext',
    answer: nothing,
  }),
} as const;
