import { FarmError, type FfdVersion, type ReceiptContent, type ReceiptItem } from '@kkt/contracts';
import { MEASURES } from '../enums/enumerations';
import { TAG } from '../tags/tag-numbers';
import type { TlvNode } from '../tlv/node';
import { contentProblems } from './content-problems';
import { Fields, fitText } from './fields';
import { MARK_TAG, markIdentifier, productCode1162 } from './marking';
import { agentFields, industryFields, supplierFields } from './parties';
import type { ItemRequisites, PositionFields, ReceiptRequisites, RegisterFacts } from './requisites';
import { vatTotalNodes } from './vat-totals';

/** FFD 1.2, tag 1209. */
const FFD_12 = 4;

/**
 * Tag 1179 when no order of the FNS stands behind a correction: the order's tables want the requisite in every
 * electronic correction, and "without number" is how Russian papers say it.
 */
export const NO_ORDER_NUMBER = 'б/н';

/** Buyer's contact as tag 1008 holds one: the e-mail when both are given, as operators write to that one only. */
export function buyerContact(content: ReceiptContent): string | undefined {
  const contact = content.client?.email ?? content.client?.phone;
  return contact === undefined ? undefined : fitText(TAG.buyerContact, contact) || undefined;
}

/**
 * What to tell the device so that it registers this content by its FFD. Texts are already plain and cut to their tags.
 * Throws `CLIENT-FFD-CONTENT` with the path and the tag of the first thing the FFD cannot carry (`contentProblems`
 * gives all of them).
 */
export function receiptRequisites(content: ReceiptContent, register: RegisterFacts): ReceiptRequisites {
  const { ffd } = register;
  const [problem] = contentProblems(content, ffd);
  if (problem !== undefined) {
    throw new FarmError('CLIENT-FFD-CONTENT', `${problem.path}: ${problem.message}`, {
      path: problem.path,
      tag: problem.tag,
      ffd,
    });
  }
  const omitted = new Set<number>();
  const { payments } = content;
  const hasItems = !isSumOnly(content, ffd);
  if (!hasItems && content.items.length > 0) omitted.add(TAG.item);
  return {
    form: content.form === 'receipt' ? 3 : 31,
    sign: content.sign,
    receipt: receiptAttributes(content, register, omitted),
    items: hasItems ? content.items.map((item) => itemRequisites(item, content, ffd, omitted)) : [],
    payments: [
      { tag: TAG.cash, sumKop: payments.cashKop },
      { tag: TAG.ecash, sumKop: payments.ecashKop },
      { tag: TAG.prepaid, sumKop: payments.prepaidKop },
      { tag: TAG.credit, sumKop: payments.creditKop },
      { tag: TAG.provision, sumKop: payments.provisionKop },
    ],
    totalKop: content.totalKop,
    vatTotals: vatTotalNodes(content.vatTotals),
    omitted: [...omitted].sort((a, b) => a - b),
  };
}

/** Corrections by FFD 1.05 carry sums and VAT totals only; devices take no positions in them. */
export function isSumOnly(content: ReceiptContent, ffd: number): boolean {
  return content.form === 'correction' && ffd <= 2;
}

function receiptAttributes(
  content: ReceiptContent,
  register: RegisterFacts,
  omitted: Set<number>,
): TlvNode[] {
  const { company, cashier, correction, operatingProps } = content;
  const modern = register.ffd === FFD_12;
  const fields = new Fields();
  if (content.form === 'correction' && correction) {
    fields.number(TAG.correctionType, correction.type);
    fields.group(
      TAG.correctionBase,
      new Fields()
        .exact(TAG.correctionDate, correction.date)
        .text(TAG.correctionNumber, correction.number?.trim() || NO_ORDER_NUMBER),
    );
  }
  fields
    .number(TAG.taxSystem, company.taxSystem)
    .text(TAG.cashier, cashier?.name)
    .text(TAG.cashierInn, cashier?.inn)
    .text(TAG.buyerContact, buyerContact(content));
  addBuyer(fields, content, modern, omitted);
  fields.text(TAG.sellerEmail, company.email);
  // The device repeats its own place and address; only other ones have to be told.
  if (fitText(TAG.place, company.place) !== fitText(TAG.place, register.place))
    fields.text(TAG.place, company.place);
  if (company.address !== undefined && company.address !== register.address) {
    fields.text(TAG.placeAddress, company.address);
  }
  fields.text(TAG.machineNumber, content.machineNumber);
  if (content.internet) fields.flag(TAG.internetPayment, true);
  if (!modern && content.agent) {
    fields.number(TAG.agentKind, content.agent.kind).add(agentFields(content.agent).nodes);
  }
  if (!modern && content.supplier) fields.texts(TAG.supplierPhone, content.supplier.phones);
  fields.text(TAG.checkProps, content.checkProps);
  if (content.userProps) {
    fields.group(
      TAG.userProps,
      new Fields()
        .text(TAG.userPropsName, content.userProps.name)
        .text(TAG.userPropsValue, content.userProps.value),
    );
  }
  if (modern) {
    for (const props of content.sectoral ?? []) fields.group(TAG.receiptIndustry, industryFields(props));
    if (operatingProps) {
      fields.group(
        TAG.operationalProps,
        new Fields()
          .exact(TAG.operationDateTime, operatingProps.at)
          .number(TAG.operationId, operatingProps.id)
          .text(TAG.operationData, operatingProps.value),
      );
    }
    fields.number(TAG.timezone, content.timezone);
  } else {
    if (content.sectoral?.length) omitted.add(TAG.receiptIndustry);
    if (operatingProps) omitted.add(TAG.operationalProps);
    if (content.timezone !== undefined) omitted.add(TAG.timezone);
  }
  fields.group(TAG.cashlessAll, cashlessFields(content));
  return fields.nodes;
}

function addBuyer(fields: Fields, content: ReceiptContent, modern: boolean, omitted: Set<number>): void {
  const { client } = content;
  if (!client) return;
  if (!modern) {
    fields.text(TAG.buyerName, client.name).text(TAG.buyerInn, client.inn);
    if (client.birthdate) omitted.add(TAG.buyerBirthdate);
    if (client.citizenship) omitted.add(TAG.buyerCitizenship);
    if (client.documentCode) omitted.add(TAG.buyerDocumentCode);
    if (client.documentData) omitted.add(TAG.buyerDocumentData);
    if (client.address) omitted.add(TAG.buyerAddress);
    return;
  }
  const buyer = new Fields()
    .text(TAG.buyerName, client.name)
    .text(TAG.buyerInn, client.inn)
    .text(TAG.buyerBirthdate, client.birthdate)
    .text(TAG.buyerCitizenship, client.citizenship)
    .text(TAG.buyerDocumentCode, client.documentCode)
    .text(TAG.buyerDocumentData, client.documentData)
    .text(TAG.buyerAddress, client.address);
  fields.group(TAG.buyerInformation, buyer);
}

function cashlessFields(content: ReceiptContent): Fields {
  const all = new Fields();
  for (const payment of content.cashless ?? []) {
    all.group(
      TAG.cashless,
      new Fields()
        .number(TAG.cashlessSum, payment.sumKop)
        .number(TAG.cashlessMethod, payment.method)
        .text(TAG.cashlessIds, payment.id)
        .text(TAG.cashlessInfo, payment.info),
    );
  }
  return all;
}

function itemRequisites(
  item: ReceiptItem,
  content: ReceiptContent,
  ffd: FfdVersion,
  omitted: Set<number>,
): ItemRequisites {
  const modern = ffd === FFD_12;
  // FFD 1.2 has no agent of the whole receipt: it becomes the agent of every item that names none.
  const agent = item.agent ?? (modern ? content.agent : undefined);
  const supplier = item.supplier ?? (modern ? content.supplier : undefined);
  const fields = new Fields();
  if (modern) addModernCode(fields, item);
  else addEarlyCode(fields, item, omitted);
  if (agent) fields.number(TAG.itemAgentKind, agent.kind).group(TAG.agentData, agentFields(agent));
  if (supplier) fields.group(TAG.supplierData, supplierFields(supplier)).text(TAG.supplierInn, supplier.inn);
  if (modern) fields.number(TAG.measure, item.measure ?? measureByUnit(item.unit));
  else fields.text(TAG.unit, item.unit ?? unitByMeasure(item.measure));
  fields
    .number(TAG.excise, item.exciseKop)
    .text(TAG.originCountry, item.countryCode)
    .text(TAG.customsDeclaration, item.declaration);
  if (modern) for (const props of item.sectoral ?? []) fields.group(TAG.itemIndustry, industryFields(props));
  else if (item.sectoral?.length) omitted.add(TAG.itemIndustry);
  fields.text(TAG.itemUserData, item.userData);
  return {
    attributes: fields.nodes,
    position: positionOf(item),
    ...(modern && item.mark && isMarked(item) ? { markingCode: item.mark.code } : {}),
    ...(modern && item.plannedStatus !== undefined ? { plannedStatus: item.plannedStatus } : {}),
  };
}

/** Codes the marking system knows; the others only name the product. */
const isMarked = (item: ReceiptItem): boolean =>
  item.mark?.kind === 'gs1m' || item.mark?.kind === 'short' || item.mark?.kind === 'fur';

function addModernCode(fields: Fields, item: ReceiptItem): void {
  if (item.mark) {
    const code = new Fields().exact(MARK_TAG[item.mark.kind], markIdentifier(item.mark));
    fields.group(TAG.productCodes, code);
  }
  fields.number(TAG.markMode, item.markMode);
  if (item.markQuantity) {
    const { numerator, denominator } = item.markQuantity;
    fields.group(
      TAG.markQuantity,
      new Fields()
        .text(TAG.markQuantityText, `${numerator}/${denominator}`)
        .number(TAG.markNumerator, numerator)
        .number(TAG.markDenominator, denominator),
    );
  }
}

function addEarlyCode(fields: Fields, item: ReceiptItem, omitted: Set<number>): void {
  if (item.nomenclatureHex !== undefined)
    fields.bytes(TAG.productCode, Buffer.from(item.nomenclatureHex, 'hex'));
  else if (item.mark) fields.bytes(TAG.productCode, productCode1162(item.mark));
  if (item.markMode !== undefined) omitted.add(TAG.markMode);
  if (item.markQuantity) omitted.add(TAG.markQuantity);
  if (item.plannedStatus !== undefined) omitted.add(TAG.plannedStatus);
}

function positionOf(item: ReceiptItem): PositionFields {
  return {
    name: fitText(TAG.itemName, item.name),
    priceKop: item.priceKop,
    quantityMicro: item.quantityMicro,
    sumKop: item.sumKop,
    ...(item.vat === undefined ? {} : { vat: item.vat }),
    ...(item.vatSumKop === undefined ? {} : { vatSumKop: item.vatSumKop }),
    subject: item.subject,
    method: item.method,
  };
}

const OTHER_MEASURE = 255;
const PIECE = 0;

/** Tag 2108 by a unit written in words: piece when none was given, "other" when the word is not known. */
export function measureByUnit(unit: string | undefined): number {
  const word = unit?.trim().toLowerCase().replace(/\.$/, '') ?? '';
  if (word === '') return PIECE;
  const found = MEASURES.values.find((value) => value.printName.toLowerCase().replace(/\.$/, '') === word);
  return found?.code ?? OTHER_MEASURE;
}

const unitByMeasure = (measure: number | undefined): string | undefined =>
  MEASURES.values.find((value) => value.code === measure)?.printName;
