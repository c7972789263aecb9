import { command, PAYMENT_TYPE, RECEIPT_FLAG } from '@kkt/atol-protocol';
import { FarmError, type ReceiptContent } from '@kkt/contracts';
import { receiptRequisites, TAG, type ItemRequisites, type ReceiptRequisites, type TlvNode } from '@kkt/ffd';
import type { ReceiptContext } from '../../device';
import type { TaskRequest } from '../../exchange/task';
import { receiptTypeOf, type AtolProfile } from './atol.profile';
import type { AtolSession, Row } from './atol.session';
import { attributeRequests } from './attributes';

/** Everything the device must be told of one receipt before its closing, as commands in their order. */
export interface ReceiptPlan {
  /** Marking codes to be checked by the FN before the receipt is opened (FFD 1.2), by item. */
  marks: { item: number; code: string }[];
  /** Open, attributes, items, payments; encoded when the marks are known. */
  steps: ReceiptStep[];
}

export interface ReceiptStep {
  task: TaskRequest;
  row: Row<never, unknown>;
}

const TAG_OF_PAYMENT: Readonly<Record<number, number>> = {
  [TAG.cash]: PAYMENT_TYPE.cash,
  [TAG.ecash]: PAYMENT_TYPE.electronic,
  [TAG.prepaid]: PAYMENT_TYPE.prepaid,
  [TAG.credit]: PAYMENT_TYPE.credit,
  [TAG.provision]: PAYMENT_TYPE.other,
};

const MICRO_IN_MILLI = 1000;
const MAX_MILLI = 9_999_999_999;
const DISCOUNT_OF_RECEIPT = 1;
const DISCOUNT_BY_SUM = 1;

/** What to tell the device of the content. @throws FarmError `CLIENT-*` when this FFD cannot carry it */
export function requisitesOf(content: ReceiptContent, context: ReceiptContext): ReceiptRequisites {
  const { inn } = content.company;
  if (inn !== context.inn) {
    throw new FarmError('CLIENT-INN', 'The receipt names another taxpayer than the register', {
      tag: TAG.userInn,
    });
  }
  return receiptRequisites(content, { ...context, sellerEmail: context.senderEmail });
}

/** Marking codes of the receipt that the FN has to see first. */
export const marksOf = (requisites: ReceiptRequisites): ReceiptPlan['marks'] =>
  requisites.items.flatMap(({ markingCode }, item) =>
    markingCode === undefined ? [] : [{ item, code: markingCode }],
  );

/**
 * The commands between the opening and the closing of a receipt.
 * @param markResults results of the FN's check (tag 2106) by item
 */
export function receiptSteps(
  session: Pick<AtolSession, 'taskOf'>,
  content: ReceiptContent,
  requisites: ReceiptRequisites,
  profile: AtolProfile,
  markResults: ReadonlyMap<number, number>,
): ReceiptStep[] {
  const steps: ReceiptStep[] = [];
  const add: AddStep = (row, request) =>
    steps.push({ row: row as unknown as Row<never, unknown>, task: session.taskOf(row, request) });
  const write = (nodes: readonly TlvNode[]): void => {
    for (const request of attributeRequests(nodes, profile)) add(command('writeAttribute'), request);
  };

  add(command('openReceipt'), { flags: RECEIPT_FLAG.doNotPrint, type: receiptTypeOf(content) });
  write([...requisites.receipt, ...(toldVat(requisites) ? requisites.vatTotals : [])]);
  requisites.items.forEach((item, index) => {
    add(command('beginItem'), { flags: 0 });
    write(itemAttributes(item, markResults.get(index)));
    add(command('endItem'), itemEnd(item, profile));
  });
  const dropped = droppedKop(requisites);
  if (dropped > 0) {
    const amount = { kind: DISCOUNT_BY_SUM, sign: 0, size: dropped };
    add(command('discount'), { flags: 0, area: DISCOUNT_OF_RECEIPT, amount });
  }
  for (const { tag, sumKop } of requisites.payments) {
    const paymentType = TAG_OF_PAYMENT[tag];
    if (sumKop > 0 && paymentType !== undefined) add(command('payment'), { flags: 0, paymentType, sumKop });
  }
  return steps;
}

type AddStep = <R extends Row<never, unknown>>(row: R, request: Parameters<R['encodeRequest']>[0]) => void;

/** The device makes VAT totals of its items; it is told them when an item gives no rate. */
const toldVat = ({ items }: ReceiptRequisites): boolean =>
  items.length === 0 || items.some(({ position }) => position.vat === undefined);

/** The law lets kopecks of the total be dropped: the difference is a discount on the receipt. */
const droppedKop = ({ items, totalKop }: ReceiptRequisites): number =>
  items.length === 0 ? 0 : items.reduce((sum, { position }) => sum + position.sumKop, 0) - totalKop;

function itemAttributes(item: ItemRequisites, markResult: number | undefined): TlvNode[] {
  const { attributes, position, markingCode, plannedStatus } = item;
  const nodes = [...attributes];
  // EB takes thousandths of ten digits only; a finer or larger quantity is told by its tag.
  if (position.quantityMicro % MICRO_IN_MILLI !== 0 || position.quantityMicro > MAX_MILLI * MICRO_IN_MILLI) {
    nodes.push({ tag: TAG.quantity, value: position.quantityMicro });
  }
  if (markingCode !== undefined)
    nodes.push({ tag: TAG.markingCode, value: Buffer.from(markingCode, 'latin1') });
  if (plannedStatus !== undefined) nodes.push({ tag: TAG.plannedStatus, value: plannedStatus });
  if (markResult !== undefined) nodes.push({ tag: TAG.goodsCheckResult, value: markResult });
  return nodes;
}

function itemEnd({ position }: ItemRequisites, { taxNumbers }: AtolProfile) {
  const { vat } = position;
  const taxType = vat === undefined ? 0 : taxNumbers[vat];
  if (taxType === undefined) {
    throw new FarmError('DEVICE-NO-TAX-NUMBER', 'This model has no number for the VAT rate', {
      vat,
      recovery: 'other-register',
    });
  }
  return {
    flags: 0,
    priceKop: position.priceKop,
    quantityMilli: Math.min(MAX_MILLI, Math.max(1, Math.round(position.quantityMicro / MICRO_IN_MILLI))),
    costKop: position.sumKop,
    taxType,
    taxSumKop: position.vatSumKop ?? 0,
    section: 0,
    subject: position.subject,
    method: position.method,
    discountSign: 0,
    discountKop: 0,
    name: position.name,
  };
}
