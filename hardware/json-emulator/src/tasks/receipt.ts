import {
  AGENT_WORDS,
  COMMANDS,
  CORRECTION_WORDS,
  MARK_STATUS_WORDS,
  MEASURE_WORDS,
  METHOD_WORDS,
  OBJECT_WORDS,
  PAYMENT_TYPE,
  PRODUCT_CODE_WORDS,
  RECEIPT_FLAG,
  RECEIPT_TYPE,
  TAX_WORDS,
  TAXATION_WORDS,
} from '@kkt/atol-protocol';
import type { VatTotals } from '@kkt/contracts';
import { TAG, vatTotalNodes } from '@kkt/ffd';
import type { KktDevice } from '../../../emulator/src';
import { badTask, call, write, type Result, type Task } from '../driver-call';
import {
  codeIn,
  dateIn,
  isTask,
  kopIn,
  maskIn,
  momentIn,
  numberIn,
  objectIn,
  objectsIn,
  Requisites,
  textIn,
  textsIn,
  vatIn,
} from '../task-fields';
import { fiscalResult } from './fiscal-result';

const FFD_1_2 = 4;
const MICRO = 1_000_000;
const MICRO_IN_MILLI = 1000;
const DISCOUNT_OF_RECEIPT = 1;
const DISCOUNT_BY_SUM = 1;

const TYPES: Readonly<Record<string, number>> = {
  sell: RECEIPT_TYPE.sale,
  sellReturn: RECEIPT_TYPE.saleReturn,
  buy: RECEIPT_TYPE.purchase,
  buyReturn: RECEIPT_TYPE.purchaseReturn,
  sellCorrection: RECEIPT_TYPE.saleCorrection,
  sellReturnCorrection: RECEIPT_TYPE.saleReturnCorrection,
  buyCorrection: RECEIPT_TYPE.purchaseCorrection,
  buyReturnCorrection: RECEIPT_TYPE.purchaseReturnCorrection,
};

export const RECEIPT_TASKS: readonly string[] = Object.keys(TYPES);

const PAYMENTS: Readonly<Record<string, number>> = {
  cash: PAYMENT_TYPE.cash,
  electronically: PAYMENT_TYPE.electronic,
  prepaid: PAYMENT_TYPE.prepaid,
  credit: PAYMENT_TYPE.credit,
  other: PAYMENT_TYPE.other,
};

/** Registers a receipt or a correction, command by command, as the driver does; a refusal leaves nothing open. */
export function registerReceipt(device: KktDevice, task: Task): Result {
  if (device.receipt) call(device, COMMANDS.cancelReceipt);
  const ffd = device.drive.registration?.ffd ?? 2;
  const items = objectsIn(task, 'items');
  call(device, COMMANDS.openReceipt, {
    flags: RECEIPT_FLAG.doNotPrint,
    type: TYPES[String(task.type)] ?? RECEIPT_TYPE.sale,
  });
  try {
    write(device, receiptRequisites(task, items, ffd).nodes);
    let sumKop = 0;
    const positions = items.filter((item) => item.type === 'position');
    for (const item of positions) sumKop += addPosition(device, item, ffd);
    dropKopecks(device, positions.length > 0 ? sumKop - (kopIn(task, 'total') ?? sumKop) : 0);
    pay(device, task);
    call(device, COMMANDS.closeReceipt, { flags: 0, paymentType: PAYMENT_TYPE.cash, sumKop: 0 });
  } catch (error) {
    if (device.receipt) call(device, COMMANDS.cancelReceipt);
    throw error;
  }
  return fiscalResult(device);
}

function receiptRequisites(task: Task, items: readonly Task[], ffd: number): Requisites {
  const isModern = ffd >= FFD_1_2;
  const client = objectIn(task, 'clientInfo');
  const agent = objectIn(task, 'agentInfo');
  const operation = objectIn(task, 'operationInfo');
  const correction = codeIn(task, 'correctionType', { ...CORRECTION_WORDS });
  const buyer = new Requisites()
    .add(TAG.buyerName, textIn(client, 'name'))
    .add(TAG.buyerInn, textIn(client, 'vatin'));
  const requisites = new Requisites()
    .add(TAG.correctionType, correction)
    .group(
      TAG.correctionBase,
      new Requisites()
        .add(TAG.correctionDate, dateIn(task, 'correctionBaseDate'))
        .add(TAG.correctionNumber, textIn(task, 'correctionBaseNumber')),
    )
    .add(TAG.taxSystem, codeIn(task, 'taxationType', TAXATION_WORDS))
    .append(operatorRequisites(task))
    .add(TAG.buyerContact, textIn(client, 'emailOrPhone'));
  if (isModern) {
    buyer
      .add(TAG.buyerBirthdate, textIn(client, 'birthDate'))
      .add(TAG.buyerCitizenship, textIn(client, 'citizenship'))
      .add(TAG.buyerDocumentCode, textIn(client, 'identityDocumentCode'))
      .add(TAG.buyerDocumentData, textIn(client, 'identityDocumentData'))
      .add(TAG.buyerAddress, textIn(client, 'address'));
    requisites.group(TAG.buyerInformation, buyer);
  } else {
    requisites.append(buyer).add(TAG.agentKind, maskIn(agent, 'agents', AGENT_WORDS) || undefined);
    requisites
      .append(agentRequisites(agent))
      .each(TAG.supplierPhone, textsIn(objectIn(task, 'supplierInfo'), 'phones'));
  }
  requisites
    .add(TAG.sellerEmail, textIn(objectIn(task, 'companyInfo'), 'email'))
    .add(TAG.place, textIn(task, 'paymentsPlace'))
    .add(TAG.placeAddress, textIn(task, 'paymentsAddress'))
    .add(TAG.machineNumber, textIn(task, 'machineNumber'))
    .add(TAG.internetPayment, task.internet === true ? true : undefined);
  for (const item of items) {
    if (item.type === 'additionalAttribute') requisites.add(TAG.checkProps, textIn(item, 'value'));
    if (item.type === 'userAttribute') {
      requisites.group(
        TAG.userProps,
        new Requisites()
          .add(TAG.userPropsName, textIn(item, 'name'))
          .add(TAG.userPropsValue, textIn(item, 'value')),
      );
    }
  }
  addIndustries(requisites, TAG.receiptIndustry, task);
  requisites.group(
    TAG.operationalProps,
    new Requisites()
      .add(TAG.operationDateTime, momentIn(operation, 'dateTime'))
      .add(TAG.operationId, numberIn(operation, 'id'))
      .add(TAG.operationData, textIn(operation, 'data')),
  );
  const cashless = new Requisites();
  for (const payment of objectsIn(task, 'cashlessPayments')) {
    cashless.group(
      TAG.cashless,
      new Requisites()
        .add(TAG.cashlessSum, kopIn(payment, 'sum'))
        .add(TAG.cashlessMethod, numberIn(payment, 'method'))
        .add(TAG.cashlessIds, textIn(payment, 'id'))
        .add(TAG.cashlessInfo, textIn(payment, 'additionalInfo')),
    );
  }
  requisites.group(TAG.cashlessAll, cashless);
  requisites.nodes.push(...vatTotalNodes(totalsOf(task)));
  return requisites;
}

/** Tags 1021 and 1203 of whoever makes the document. */
export function operatorRequisites(task: Task): Requisites {
  const operator = objectIn(task, 'operator');
  return new Requisites()
    .add(TAG.cashier, textIn(operator, 'name'))
    .add(TAG.cashierInn, textIn(operator, 'vatin'));
}

function totalsOf(task: Task): VatTotals {
  const totals: VatTotals = {};
  for (const tax of objectsIn(task, 'taxes')) {
    const code = vatIn(tax, 'type', TAX_WORDS);
    if (code === undefined) throw badTask('taxes.type');
    totals[code] = kopIn(tax, 'sum') ?? 0;
  }
  return totals;
}

function agentRequisites(agent: Task): Requisites {
  const paying = objectIn(agent, 'payingAgent');
  const transfer = objectIn(agent, 'moneyTransferOperator');
  return new Requisites()
    .each(TAG.transferOperatorPhone, textsIn(transfer, 'phones'))
    .add(TAG.agentOperation, textIn(paying, 'operation'))
    .each(TAG.payingAgentPhone, textsIn(paying, 'phones'))
    .each(TAG.receiveOperatorPhone, textsIn(objectIn(agent, 'receivePaymentsOperator'), 'phones'))
    .add(TAG.transferOperatorName, textIn(transfer, 'name'))
    .add(TAG.transferOperatorAddress, textIn(transfer, 'address'))
    .add(TAG.transferOperatorInn, textIn(transfer, 'vatin'));
}

function addIndustries(to: Requisites, tag: number, from: Task): void {
  for (const info of objectsIn(from, 'industryInfo')) {
    to.group(
      tag,
      new Requisites()
        .add(TAG.industryFoiv, textIn(info, 'fois'))
        .add(TAG.industryDate, dateIn(info, 'date')?.split('-').reverse().join('.'))
        .add(TAG.industryNumber, textIn(info, 'number'))
        .add(TAG.industryValue, textIn(info, 'industryAttribute')),
    );
  }
}

/** EA, the requisites of the item, EB. Returns its cost. */
function addPosition(device: KktDevice, item: Task, ffd: number): number {
  const quantityMicro = Math.round((numberIn(item, 'quantity') ?? 0) * MICRO);
  const tax = objectIn(item, 'tax');
  const vat = vatIn(tax, 'type', TAX_WORDS);
  const costKop = kopIn(item, 'amount') ?? 0;
  call(device, COMMANDS.beginItem, { flags: 0 });
  const requisites = itemRequisites(item, ffd);
  // EB takes thousandths; what is finer is told by its tag.
  if (quantityMicro % MICRO_IN_MILLI !== 0) requisites.add(TAG.quantity, quantityMicro);
  write(device, requisites.nodes);
  call(device, COMMANDS.endItem, {
    flags: 0,
    priceKop: kopIn(item, 'price') ?? 0,
    quantityMilli: Math.max(1, Math.round(quantityMicro / MICRO_IN_MILLI)),
    costKop,
    taxType: vat === undefined ? 0 : taxNumber(device, vat),
    taxSumKop: kopIn(tax, 'sum') ?? 0,
    section: 0,
    subject: codeIn(item, 'paymentObject', OBJECT_WORDS) ?? 1,
    method: METHOD_WORDS.findIndex((word) => word === item.paymentMethod) + 1,
    discountSign: 0,
    discountKop: 0,
    name: textIn(item, 'name') ?? '',
  });
  return costKop;
}

function taxNumber(device: KktDevice, vat: number): number {
  const found = Object.entries(device.model.taxNumbers).find(([, code]) => code === vat);
  if (!found) throw badTask('tax.type');
  return Number(found[0]);
}

function itemRequisites(item: Task, ffd: number): Requisites {
  const agent = objectIn(item, 'agentInfo');
  const supplier = objectIn(item, 'supplierInfo');
  const mark = objectIn(item, 'imcParams');
  const requisites = new Requisites();
  const codes = new Requisites();
  for (const [word, value] of Object.entries(objectIn(item, 'productCodes'))) {
    const tag = codeIn({ productCodes: word }, 'productCodes', PRODUCT_CODE_WORDS) ?? 0;
    codes.add(tag, typeof value === 'string' ? value : undefined);
  }
  const nomenclature = textIn(item, 'nomenclatureCode');
  requisites
    .add(TAG.productCode, nomenclature === undefined ? undefined : Buffer.from(nomenclature, 'base64'))
    .group(TAG.productCodes, codes)
    .append(markRequisites(mark))
    .add(TAG.itemAgentKind, maskIn(agent, 'agents', AGENT_WORDS) || undefined)
    .group(TAG.agentData, agentRequisites(agent))
    .group(
      TAG.supplierData,
      new Requisites()
        .each(TAG.supplierPhone, textsIn(supplier, 'phones'))
        .add(TAG.supplierName, textIn(supplier, 'name')),
    )
    .add(TAG.supplierInn, textIn(supplier, 'vatin'));
  if (ffd >= FFD_1_2) requisites.add(TAG.measure, codeIn(item, 'measurementUnit', MEASURE_WORDS));
  else requisites.add(TAG.unit, textIn(item, 'measurementUnit'));
  requisites
    .add(TAG.excise, kopIn(item, 'exciseSum'))
    .add(TAG.originCountry, textIn(item, 'countryCode'))
    .add(TAG.customsDeclaration, textIn(item, 'customsDeclaration'));
  addIndustries(requisites, TAG.itemIndustry, item);
  return requisites.add(TAG.itemUserData, textIn(item, 'additionalAttribute'));
}

function markRequisites(mark: Task): Requisites {
  const code = textIn(mark, 'imc');
  const part = textIn(mark, 'itemFractionalAmount');
  const [numerator, denominator] = part?.split('/').map(Number) ?? [];
  const verdict = mark.itemInfoCheckResult;
  return new Requisites()
    .add(TAG.markMode, numberIn(mark, 'imcModeProcessing'))
    .group(
      TAG.markQuantity,
      new Requisites()
        .add(TAG.markQuantityText, part)
        .add(TAG.markNumerator, numerator)
        .add(TAG.markDenominator, denominator),
    )
    .add(TAG.markingCode, code === undefined ? undefined : Buffer.from(code, 'base64'))
    .add(TAG.plannedStatus, codeIn(mark, 'itemEstimatedStatus', MARK_STATUS_WORDS))
    .add(TAG.goodsCheckResult, isTask(verdict) ? verdictBits(verdict) : undefined);
}

/** Flags of `itemInfoCheckResult` in the order of the bits of tag 2106. */
const VERDICT_FLAGS = [
  'imcCheckFlag',
  'imcCheckResult',
  'imcStatusInfo',
  'imcEstimatedStatusCorrect',
  'ecrStandAloneFlag',
] as const;

export const verdictOf = (bits: number): Result =>
  Object.fromEntries(VERDICT_FLAGS.map((flag, bit) => [flag, (bits & (1 << bit)) !== 0]));

const verdictBits = (verdict: Task): number =>
  VERDICT_FLAGS.reduce((bits, flag, bit) => (verdict[flag] === true ? bits | (1 << bit) : bits), 0);

/** The law lets kopecks of the total be dropped: the difference is a discount on the receipt. */
function dropKopecks(device: KktDevice, droppedKop: number): void {
  if (droppedKop < 0) throw badTask('total');
  if (droppedKop === 0) return;
  const amount = { kind: DISCOUNT_BY_SUM, sign: 0, size: droppedKop };
  call(device, COMMANDS.discount, { flags: 0, area: DISCOUNT_OF_RECEIPT, amount });
}

/** Everything else first, cash at the end, as the driver does. */
function pay(device: KktDevice, task: Task): void {
  const payments = objectsIn(task, 'payments');
  const isCash = (payment: Task): boolean => payment.type === 'cash';
  for (const payment of [...payments.filter((one) => !isCash(one)), ...payments.filter(isCash)]) {
    const paymentType = PAYMENTS[String(payment.type)];
    const sumKop = kopIn(payment, 'sum') ?? 0;
    if (paymentType === undefined) throw badTask('payments.type');
    if (sumKop > 0) call(device, COMMANDS.payment, { flags: 0, paymentType, sumKop });
  }
}
