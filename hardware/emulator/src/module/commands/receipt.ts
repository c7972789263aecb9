import { COMMANDS } from '@kkt/atol-protocol';
import { encodeTlv, numberOf, TAG, type TlvNode } from '@kkt/ffd';
import { DOCUMENT_KINDS } from '../../fn/document-kind';
import { HOUR_MS } from '../../wall-time';
import { on } from '../command-handler';
import { electronicForm } from '../electronic-form';
import type { KktDevice } from '../kkt-device';
import {
  PAYMENT_TAGS,
  ReceiptInProgress,
  receiptTypeFacts,
  vatInside,
  vatNodes,
  type ReceiptItem,
} from '../receipt-in-progress';
import { DEVICE_ERROR, DeviceRefusal, EXTENDED_ERROR, extendedRefusal } from '../refusal';

const FFD_1_1 = 3;
const FFD_1_2 = 4;
/** What the FN takes at a time, see `FiscalDrive.addTlv`. */
const PORTION_BYTES = 1024 + 4;
const SHIFT_LIMIT_MS = 24 * HOUR_MS;
/** Rounding a total down may drop kopecks only. */
const MAX_ROUNDING_KOP = 99;
const MAX_ITEMS = 1000;
const VAT_REQUISITES: readonly number[] = [
  TAG.vat20,
  TAG.vat10,
  TAG.turnoverVat0,
  TAG.turnoverNoVat,
  TAG.vat20of120,
  TAG.vat10of110,
  TAG.vatTotals,
];

function openReceipt(device: KktDevice): ReceiptInProgress {
  if (!device.receipt) throw new DeviceRefusal(DEVICE_ERROR.receiptClosed, 'no receipt is open');
  return device.receipt;
}

/** Refuses what the FN would refuse at the closing, so that no receipt is begun in vain. */
function assertReady(device: KktDevice, correction: boolean): void {
  const { drive } = device;
  const { shift, phase } = drive.state;
  if (phase === 1) throw new DeviceRefusal(DEVICE_ERROR.notFiscalised, 'not registered');
  if (shift.open && device.now() - shift.openedAt >= SHIFT_LIMIT_MS) {
    throw new DeviceRefusal(DEVICE_ERROR.shiftOver24h, 'shift is longer than 24 hours');
  }
  if (!shift.open && phase === 3 && device.model.quirks.opensShiftByItself) {
    device.makeReport('shiftOpen', (fn) => fn.finishShift());
  }
  drive.cancel();
  drive.start(correction ? 'correction' : 'receipt', device.now());
  drive.cancel();
}

/** Closes an item of EB: price and quantity against cost, tax inside the cost. */
function makeItem(
  device: KktDevice,
  given: {
    name: string;
    priceKop: number;
    quantityMilli: number;
    costKop: number;
    taxType: number;
    taxSumKop: number;
    subject: number;
    method: number;
    discountSign: number;
    discountKop: number;
  },
  attributes: readonly TlvNode[],
): ReceiptItem {
  const ffd = device.drive.registration?.ffd ?? 2;
  const quantityMicro = numberOf(attributes, TAG.quantity) ?? given.quantityMilli * 1000;
  if (quantityMicro === 0) throw new DeviceRefusal(DEVICE_ERROR.badQuantity, 'quantity is zero');
  const exact = (BigInt(given.priceKop) * BigInt(quantityMicro) * 2n + 1_000_000n) / 2_000_000n;
  const expected = Number(exact) + (given.discountSign ? given.discountKop : -given.discountKop);
  const costKop = given.costKop || expected;
  if (Math.abs(costKop - expected) > 1)
    throw new DeviceRefusal(DEVICE_ERROR.badSum, 'cost is not price × quantity');
  // Tag 1079 is the price after discounts.
  const priceKop = given.discountKop ? Math.round((costKop * 1_000_000) / quantityMicro) : given.priceKop;
  const vat = given.taxType === 0 ? undefined : device.model.taxNumbers[String(given.taxType)];
  if (given.taxType !== 0 && vat === undefined) {
    throw extendedRefusal(EXTENDED_ERROR.badTaxNumber, 'no such tax', given.taxType);
  }
  if (given.taxSumKop > costKop) throw new DeviceRefusal(DEVICE_ERROR.taxOverSum, 'tax is over the sum');
  if (given.method < 1 || given.method > 7) {
    throw extendedRefusal(EXTENDED_ERROR.badPaymentMethod, 'no such settlement method', TAG.method);
  }
  const taxed = vat !== undefined && vat !== 5 && vat !== 6;
  const vatSumKop = taxed ? given.taxSumKop || vatInside(vat, costKop) : 0;
  const own: TlvNode[] = [
    { tag: TAG.method, value: given.method },
    { tag: TAG.subject, value: given.subject },
    { tag: TAG.itemName, value: given.name },
    { tag: TAG.price, value: priceKop },
    { tag: TAG.quantity, value: quantityMicro },
    ...(vat === undefined ? [] : [{ tag: TAG.vatCode, value: vat }]),
    ...(taxed ? [{ tag: TAG.itemVatSum, value: vatSumKop }] : []),
    { tag: TAG.itemSum, value: costKop },
    ...(ffd >= FFD_1_2 ? [{ tag: TAG.measure, value: 0 }] : []),
  ];
  const taken = new Set(attributes.map((node) => node.tag));
  return {
    costKop,
    vat,
    vatSumKop,
    nodes: [...own.filter((node) => !taken.has(node.tag)), ...attributes.filter(isDocumentTag)],
  };
}

/** The full marking code and the planned status go to the FN's check, not into the document. */
const isDocumentTag = ({ tag }: TlvNode): boolean => tag !== TAG.markingCode && tag !== TAG.plannedStatus;

function addItem(device: KktDevice, item: ReceiptItem): void {
  const receipt = openReceipt(device);
  const ffd = device.drive.registration?.ffd ?? 2;
  if (receipt.correction && ffd < FFD_1_1 && receipt.items.length > 0) {
    throw extendedRefusal(
      EXTENDED_ERROR.severalRegistrationsInCorrection,
      'one registration in a correction',
    );
  }
  if (receipt.items.length >= MAX_ITEMS)
    throw new DeviceRefusal(DEVICE_ERROR.tooManyPositions, 'too many items');
  receipt.items.push(item);
  receipt.itemAttributes = undefined;
}

/** Takes a payment; returns what is still due and the change. */
function pay(
  device: KktDevice,
  paymentType: number,
  sumKop: number,
): { remainderKop: number; changeKop: number } {
  const receipt = openReceipt(device);
  const at = paymentType - 1;
  if (receipt.paidKop[at] === undefined) throw new DeviceRefusal(DEVICE_ERROR.badPaymentType, 'payment type');
  receipt.paidKop[at] += sumKop;
  const due = receipt.totalKop;
  if (!isOpenEnded(receipt) && receipt.nonCashKop > due) {
    receipt.paidKop[at] -= sumKop;
    throw new DeviceRefusal(DEVICE_ERROR.nonCashOverTotal, 'non-cash payments exceed the total');
  }
  const left = due - receipt.paidSumKop;
  return { remainderKop: Math.max(0, left), changeKop: Math.max(0, -left) };
}

/** A correction without items (FFD 1.05) has no total of its own. */
const isOpenEnded = (receipt: ReceiptInProgress): boolean => receipt.correction && receipt.items.length === 0;

/** Requisites of form 3 or 31 that the KKT hands to the FN. */
function documentNodes(device: KktDevice, receipt: ReceiptInProgress, paid: readonly number[]): TlvNode[] {
  const given = new Set(receipt.attributes.map((node) => node.tag));
  const registered = device.drive.registration?.taxSystems ?? 0;
  // A receipt that names none gets the first one registered, as if it were the register's default.
  const taxSystem = registered & -registered;
  const vatGiven = VAT_REQUISITES.some((tag) => given.has(tag));
  return [
    ...(taxSystem > 0 && !given.has(TAG.taxSystem) ? [{ tag: TAG.taxSystem, value: taxSystem }] : []),
    ...receipt.attributes,
    ...receipt.items.map((item) => ({ tag: TAG.item, value: item.nodes })),
    ...PAYMENT_TAGS.map((tag, at) => ({ tag, value: paid[at] ?? 0 })),
    ...(vatGiven ? [] : vatNodes(receipt)),
  ];
}

function closeReceipt(device: KktDevice, paymentType: number, sumKop: number): void {
  const receipt = openReceipt(device);
  if (receipt.itemAttributes)
    throw new DeviceRefusal(DEVICE_ERROR.operationUnfinished, 'an item is not finished');
  if (receipt.items.length === 0 && !isOpenEnded(receipt)) {
    throw new DeviceRefusal(DEVICE_ERROR.badSum, 'a receipt without items');
  }
  if (receipt.correction && !receipt.attributes.some((node) => node.tag === TAG.correctionBase)) {
    throw extendedRefusal(EXTENDED_ERROR.attributeMissing, 'basis of the correction', TAG.correctionBase);
  }
  const before = [...receipt.paidKop];
  const due = receipt.totalKop - receipt.paidSumKop;
  try {
    if (sumKop > 0) pay(device, paymentType, sumKop);
    else if (due > 0) pay(device, paymentType, due);
    const left = receipt.totalKop - receipt.paidSumKop;
    if (left > 0) throw new DeviceRefusal(DEVICE_ERROR.paymentsBelowTotal, 'payments are below the total');
    const [cashKop = 0, ...others] = receipt.paidKop;
    if (-left > cashKop) throw new DeviceRefusal(DEVICE_ERROR.changeImpossible, 'change is over the cash');
    register(device, receipt, [cashKop + left, ...others]);
  } catch (error) {
    receipt.paidKop.splice(0, receipt.paidKop.length, ...before);
    throw error;
  }
  device.receipt = undefined;
}

/** Passes the receipt to the FN; the document comes into being in `finishReceipt`. */
function register(device: KktDevice, receipt: ReceiptInProgress, paid: readonly number[]): void {
  const { drive } = device;
  const at = device.now();
  const kind = receipt.correction ? 'correction' : 'receipt';
  const { form } = DOCUMENT_KINDS[kind];
  drive.cancel();
  drive.start(kind, at);
  try {
    const nodes = electronicForm(documentNodes(device, receipt, paid), form, drive.registration?.ffd ?? 4);
    for (const portion of portions(nodes)) drive.addTlv(portion);
    device.complete(drive);
    drive.finishReceipt(at, receipt.sign, receipt.totalKop);
  } catch (error) {
    drive.cancel();
    throw error;
  }
}

/** Requisites in portions the FN takes; a single requisite longer than that does not fit a document. */
function portions(nodes: readonly TlvNode[]): Buffer[] {
  const result: Buffer[] = [];
  let gathered: Buffer[] = [];
  let size = 0;
  for (const node of nodes) {
    const tlv = encodeTlv([node]);
    if (size + tlv.length > PORTION_BYTES && gathered.length > 0) {
      result.push(Buffer.concat(gathered));
      gathered = [];
      size = 0;
    }
    gathered.push(tlv);
    size += tlv.length;
  }
  if (gathered.length > 0) result.push(Buffer.concat(gathered));
  return result;
}

export const receiptHandlers = [
  on(COMMANDS.openReceipt, (device, { type }) => {
    if (device.receipt) throw new DeviceRefusal(DEVICE_ERROR.receiptOpen, 'a receipt is open');
    const facts = receiptTypeFacts(type);
    if (!facts) throw new DeviceRefusal(DEVICE_ERROR.badReceiptType, `receipt type ${type}`);
    assertReady(device, facts.correction);
    device.reportAttributes = [];
    device.assembler.reset();
    device.receipt = new ReceiptInProgress(type, facts.sign, facts.correction);
    return {};
  }),
  on(COMMANDS.beginItem, (device) => {
    const receipt = openReceipt(device);
    if (receipt.itemAttributes)
      throw new DeviceRefusal(DEVICE_ERROR.operationUnfinished, 'an item is not finished');
    receipt.itemAttributes = [];
    return {};
  }),
  on(COMMANDS.endItem, (device, given) => {
    const receipt = openReceipt(device);
    if (!receipt.itemAttributes) throw extendedRefusal(EXTENDED_ERROR.itemNotBegun, 'EA was not given');
    addItem(device, makeItem(device, given, receipt.itemAttributes));
    return {};
  }),
  on(COMMANDS.itemFfd10, (device, given) => {
    openReceipt(device);
    const facts = { ...given, costKop: 0, taxSumKop: 0, subject: 1, method: 4 };
    addItem(device, makeItem(device, facts, []));
    return {};
  }),
  on(COMMANDS.saleItem, (device, { priceKop, quantityMilli }) => {
    openReceipt(device);
    addItem(device, makeItem(device, { ...PLAIN_ITEM, priceKop, quantityMilli }, []));
    return {};
  }),
  on(COMMANDS.returnItem, (device, { priceKop, quantityMilli }) => {
    openReceipt(device);
    addItem(device, makeItem(device, { ...PLAIN_ITEM, priceKop, quantityMilli }, []));
    return {};
  }),
  on(COMMANDS.receiptTax, (device, { area, tax, sumKop }) => {
    const receipt = openReceipt(device);
    const code = device.model.taxNumbers[String(tax)];
    if (code === undefined) throw extendedRefusal(EXTENDED_ERROR.badTaxNumber, 'no such tax', tax);
    if (area !== ITEM_AREA) receipt.givenVat.set(code, sumKop);
    return {};
  }),
  on(COMMANDS.discount, (device, { area, amount }) => {
    const receipt = openReceipt(device);
    if (area !== RECEIPT_AREA || amount.kind !== 1 || amount.sign !== 0) {
      throw new DeviceRefusal(DEVICE_ERROR.notOnThisModel, 'prices come with their discounts');
    }
    if (receipt.discountKop + amount.size > MAX_ROUNDING_KOP || amount.size > receipt.itemsSumKop % 100) {
      throw new DeviceRefusal(DEVICE_ERROR.badSum, 'only kopecks may be dropped');
    }
    receipt.discountKop += amount.size;
    return {};
  }),
  on(COMMANDS.payment, (device, { paymentType, sumKop }) => pay(device, paymentType, sumKop)),
  on(COMMANDS.voidPayment, (device, { paymentType, sumKop }) => {
    const receipt = openReceipt(device);
    const paid = receipt.paidKop[paymentType - 1];
    if (paid === undefined || paid < sumKop)
      throw new DeviceRefusal(DEVICE_ERROR.badPaymentType, 'no such payment');
    receipt.paidKop[paymentType - 1] = paid - sumKop;
    return {};
  }),
  on(COMMANDS.closeReceipt, (device, { paymentType, sumKop }) => {
    closeReceipt(device, paymentType, sumKop);
    return {};
  }),
  on(COMMANDS.cancelReceipt, (device) => {
    openReceipt(device);
    device.receipt = undefined;
    device.assembler.reset();
    device.data.cancelled += 1;
    device.save();
    return {};
  }),
  on(COMMANDS.cashIn, (device, { sumKop }) => {
    if (device.receipt) throw new DeviceRefusal(DEVICE_ERROR.receiptOpen, 'a receipt is open');
    device.data.cashInKop += sumKop;
    device.data.cashIns += 1;
    device.save();
    return {};
  }),
  on(COMMANDS.cashOut, (device, { sumKop }) => {
    if (device.receipt) throw new DeviceRefusal(DEVICE_ERROR.receiptOpen, 'a receipt is open');
    if (sumKop > cashInDrawer(device)) throw new DeviceRefusal(DEVICE_ERROR.notEnoughCash, 'not enough cash');
    device.data.cashOutKop += sumKop;
    device.data.cashOuts += 1;
    device.save();
    return {};
  }),
];

/** B8 and 43: area of the last registration, and of the whole receipt. */
const ITEM_AREA = 2;
const RECEIPT_AREA = 1;

/** Tax number of an item whose command has no place for one. */
const WITHOUT_VAT = 6;

const PLAIN_ITEM = {
  name: 'Товар',
  costKop: 0,
  taxType: WITHOUT_VAT,
  taxSumKop: 0,
  subject: 1,
  method: 4,
  discountSign: 0,
  discountKop: 0,
};

/** Cash put in and taken out, and cash of receipts since the FN was registered. */
export function cashInDrawer(device: KktDevice): number {
  const cash = (sign: number): number => device.fn?.drive.state.totals.receipts[sign - 1]?.[1] ?? 0;
  return device.data.cashInKop - device.data.cashOutKop + cash(1) - cash(2) - cash(3) + cash(4);
}
