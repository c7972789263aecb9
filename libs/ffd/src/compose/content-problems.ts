import type { FfdVersion, ReceiptContent, ReceiptItem } from '@kkt/contracts';
import { PAYMENT_METHODS, SUBJECTS } from '../enums/enumerations';
import { vatRate } from '../enums/vat';
import { TAG } from '../tags/tag-numbers';
import { maxLengthOfTag } from '../tags/tags';
import { plainText } from '../tlv/cp866';
import { localTimeToSeconds } from '../tlv/local-time';
import { markIdentifier } from './marking';

/** Why a receipt cannot become a document of some FFD. */
export interface ContentProblem {
  /** Path in the content, for example `items[0].name`. */
  path: string;
  /** Tag that cannot be written. */
  tag: number;
  message: string;
}

/** Largest number of a six-byte VLN: sums of a document. */
const MAX_SUM = 2 ** 48 - 1;

type Report = (path: string, tag: number, message: string) => void;

/**
 * What makes the content impossible to register by this FFD; empty when it can be. Only the format is judged here:
 * VAT of the date, price by quantity and the shop's own rules are the domain's.
 */
export function contentProblems(content: ReceiptContent, ffd: FfdVersion): ContentProblem[] {
  const problems: ContentProblem[] = [];
  const report: Report = (path, tag, message) => problems.push({ path, tag, message });
  checkSums(content, ffd, report);
  content.items.forEach((item, index) => checkItem(item, `items[${index}]`, ffd, report));
  checkTexts(content, report);
  if (content.form === 'correction') checkCorrection(content, ffd, report);
  if (content.timezone !== undefined && (content.timezone < 1 || content.timezone > 11)) {
    report('timezone', TAG.timezone, 'not 1 to 11');
  }
  if (content.operatingProps && Number.isNaN(localTimeToSeconds(content.operatingProps.at))) {
    report('operatingProps.at', TAG.operationDateTime, 'not a date and time');
  }
  return problems;
}

const isSum = (kop: number): boolean => Number.isSafeInteger(kop) && kop >= 0 && kop <= MAX_SUM;

function checkSums(content: ReceiptContent, ffd: FfdVersion, report: Report): void {
  const { cashKop, ecashKop, prepaidKop, creditKop, provisionKop } = content.payments;
  const paid = [cashKop, ecashKop, prepaidKop, creditKop, provisionKop];
  if (!isSum(content.totalKop)) report('totalKop', TAG.total, 'not a sum in kopecks');
  if (!paid.every(isSum)) report('payments', TAG.cash, 'not a sum in kopecks');
  else if (paid.reduce((sum, kop) => sum + kop, 0) !== content.totalKop) {
    report('payments', TAG.total, 'payments do not add up to the total');
  }
  for (const kop of Object.values(content.vatTotals)) {
    if (!isSum(kop)) report('vatTotals', TAG.vatTotals, 'not a sum in kopecks');
  }
  for (const [index, payment] of (content.cashless ?? []).entries()) {
    if (!isSum(payment.sumKop)) report(`cashless[${index}].sumKop`, TAG.cashlessSum, 'not a sum in kopecks');
    if (!Number.isInteger(payment.method) || payment.method < 0 || payment.method > 255) {
      report(`cashless[${index}].method`, TAG.cashlessMethod, 'not 0 to 255');
    }
  }
  if (content.items.length === 0) {
    if (!(content.form === 'correction' && ffd === 2)) report('items', TAG.item, 'no items');
    return;
  }
  const items = content.items.reduce((sum, item) => sum + item.sumKop, 0);
  // The law lets kopecks of the total be dropped, never roubles.
  if (content.totalKop > items || Math.floor(content.totalKop / 100) !== Math.floor(items / 100)) {
    report('totalKop', TAG.total, 'whole roubles of the total differ from those of the items');
  }
}

function checkItem(item: ReceiptItem, path: string, ffd: FfdVersion, report: Report): void {
  if (plainText(item.name).trim() === '') report(`${path}.name`, TAG.itemName, 'empty');
  if (!isSum(item.priceKop)) report(`${path}.priceKop`, TAG.price, 'not a sum in kopecks');
  if (!isSum(item.sumKop)) report(`${path}.sumKop`, TAG.itemSum, 'not a sum in kopecks');
  if (!Number.isSafeInteger(item.quantityMicro) || item.quantityMicro <= 0 || item.quantityMicro > MAX_SUM) {
    report(`${path}.quantityMicro`, TAG.quantity, 'not a quantity');
  }
  if (item.vatSumKop !== undefined && !isSum(item.vatSumKop)) {
    report(`${path}.vatSumKop`, TAG.itemVatSum, 'not a sum in kopecks');
  }
  if (item.exciseKop !== undefined && !isSum(item.exciseKop)) {
    report(`${path}.exciseKop`, TAG.excise, 'not a sum in kopecks');
  }
  if (item.vat !== undefined && vatRate(item.vat) === undefined)
    report(`${path}.vat`, TAG.vatCode, 'no such rate');
  if (!PAYMENT_METHODS.values.some((value) => value.code === item.method)) {
    report(`${path}.method`, TAG.method, 'no such method');
  }
  const subject = SUBJECTS.values.find((value) => value.code === item.subject);
  if (subject === undefined) report(`${path}.subject`, TAG.subject, 'no such subject');
  else if ((subject.minFfd ?? 2) > ffd) report(`${path}.subject`, TAG.subject, 'needs FFD 1.2');
  if (item.mark && markIdentifier(item.mark) === undefined) {
    report(`${path}.mark`, TAG.productCodes, `not a code of kind ${item.mark.kind}`);
  }
  if (item.nomenclatureHex !== undefined && !/^([0-9a-f]{2}){1,32}$/i.test(item.nomenclatureHex)) {
    report(`${path}.nomenclatureHex`, TAG.productCode, 'not 1 to 32 bytes in hex');
  }
  if (item.markQuantity) {
    const { numerator, denominator } = item.markQuantity;
    const whole = Number.isSafeInteger(numerator) && Number.isSafeInteger(denominator);
    if (!whole || numerator < 1 || denominator <= numerator) {
      report(`${path}.markQuantity`, TAG.markQuantity, 'not a proper fraction');
    }
  }
  if (item.measure !== undefined && !(item.measure >= 0 && item.measure <= 255)) {
    report(`${path}.measure`, TAG.measure, 'not 0 to 255');
  }
}

function checkCorrection(content: ReceiptContent, ffd: FfdVersion, report: Report): void {
  if (content.correction === undefined)
    report('correction', TAG.correctionBase, 'correction basis is missing');
  else {
    if (Number.isNaN(localTimeToSeconds(content.correction.date))) {
      report('correction.date', TAG.correctionDate, 'not a date');
    }
    if (content.correction.type === 1 && !content.correction.number?.trim()) {
      report('correction.number', TAG.correctionNumber, 'number of the order is missing');
    }
  }
  if (ffd === 2 && (content.sign === 2 || content.sign === 4)) {
    report('sign', TAG.settlementSign, 'FFD 1.05 corrects income and expense only');
  }
}

/**
 * Texts that must not be cut: a cut address or number is another address or number. Prose (names, postal addresses,
 * additional requisites of items) is cut to the tag's length instead.
 */
function checkTexts(content: ReceiptContent, report: Report): void {
  const limit = (path: string, tag: number, text: string | undefined) => {
    const max = maxLengthOfTag[tag]!;
    if (text !== undefined && plainText(text).trim().length > max) report(path, tag, `longer than ${max}`);
  };
  const inn = (path: string, tag: number, text: string | undefined) => {
    if (text !== undefined && !/^(\d{10}|\d{12})$/.test(text)) report(path, tag, 'not 10 or 12 digits');
  };
  inn('company.inn', TAG.userInn, content.company.inn);
  limit('company.email', TAG.sellerEmail, content.company.email);
  limit('client.email', TAG.buyerContact, content.client?.email);
  limit('client.phone', TAG.buyerContact, content.client?.phone);
  inn('client.inn', TAG.buyerInn, content.client?.inn);
  limit('client.birthdate', TAG.buyerBirthdate, content.client?.birthdate);
  limit('client.citizenship', TAG.buyerCitizenship, content.client?.citizenship);
  limit('client.documentCode', TAG.buyerDocumentCode, content.client?.documentCode);
  limit('client.documentData', TAG.buyerDocumentData, content.client?.documentData);
  inn('cashier.inn', TAG.cashierInn, content.cashier?.inn);
  limit('checkProps', TAG.checkProps, content.checkProps);
  limit('machineNumber', TAG.machineNumber, content.machineNumber);
  limit('correction.number', TAG.correctionNumber, content.correction?.number);
  limit('operatingProps.value', TAG.operationData, content.operatingProps?.value);
  for (const [index, payment] of (content.cashless ?? []).entries()) {
    limit(`cashless[${index}].id`, TAG.cashlessIds, payment.id);
    limit(`cashless[${index}].info`, TAG.cashlessInfo, payment.info);
  }
  const parties = [
    { path: '', agent: content.agent, supplier: content.supplier },
    ...content.items.map((item, index) => ({
      path: `items[${index}].`,
      agent: item.agent,
      supplier: item.supplier,
    })),
  ];
  for (const { path, agent, supplier } of parties) {
    for (const phone of agent?.payingPhones ?? [])
      limit(`${path}agent.payingPhones`, TAG.payingAgentPhone, phone);
    for (const phone of agent?.receivePhones ?? []) {
      limit(`${path}agent.receivePhones`, TAG.receiveOperatorPhone, phone);
    }
    for (const phone of agent?.transfer?.phones ?? []) {
      limit(`${path}agent.transfer.phones`, TAG.transferOperatorPhone, phone);
    }
    inn(`${path}agent.transfer.inn`, TAG.transferOperatorInn, agent?.transfer?.inn);
    for (const phone of supplier?.phones ?? []) limit(`${path}supplier.phones`, TAG.supplierPhone, phone);
    inn(`${path}supplier.inn`, TAG.supplierInn, supplier?.inn);
  }
  content.items.forEach((item, index) => {
    limit(`items[${index}].countryCode`, TAG.originCountry, item.countryCode);
    limit(`items[${index}].declaration`, TAG.customsDeclaration, item.declaration);
    limit(`items[${index}].unit`, TAG.unit, item.unit);
  });
}
