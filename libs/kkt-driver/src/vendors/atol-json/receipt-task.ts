import {
  AGENT_WORDS,
  CORRECTION_WORDS,
  MARK_STATUS_WORDS,
  MEASURE_WORDS,
  METHOD_WORDS,
  OBJECT_WORDS,
  PAYMENT_WORDS,
  PRODUCT_CODE_WORDS,
  TAX_WORDS,
  TAXATION_WORDS,
  receiptTaskOf,
  wordsOf,
} from '@kkt/atol-protocol';
import type { ReceiptContent, VatCode } from '@kkt/contracts';
import {
  allOf,
  bytesOf,
  childrenOf,
  flagOf,
  numberOf,
  readVatTotals,
  TAG,
  textOf,
  type ItemRequisites,
  type ReceiptRequisites,
  type TlvNode,
} from '@kkt/ffd';
import type { ReceiptContext } from '../../device';
import type { JsonTask } from './web-server';

type Fields = Readonly<Record<string, unknown>>;
type Nodes = readonly TlvNode[];

const KOP_IN_RUB = 100;
const MICRO = 1_000_000;
const OWN_INITIATIVE = 0;

/**
 * A sum in roubles. Kopecks are whole and below 2^53, so the nearest float prints as the decimal it stands for:
 * `JSON.stringify(rub(kop))` has at most two places and no error.
 */
export const rub = (kop: number): number => kop / KOP_IN_RUB;
/** A quantity in units, at most six places, exact in the same way. */
const units = (micro: number): number => micro / MICRO;

/** The fields that have a value; undefined when none has. */
function given(fields: Fields): Fields | undefined {
  const rows = Object.entries(fields).filter(([, value]) => value !== undefined && !isEmpty(value));
  return rows.length > 0 ? Object.fromEntries(rows) : undefined;
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const texts = (nodes: Nodes, tag: number): string[] =>
  allOf(nodes, tag).flatMap(({ value }) => (typeof value === 'string' ? [value] : []));

/** `YYYY-MM-DD…` to the driver's `YYYY.MM.DD`. */
const dotted = (date: string | undefined): string | undefined => date?.slice(0, 10).replace(/-/g, '.');
/** `DD.MM.YYYY` of tag 1263 to the driver's `YYYY.MM.DD`. */
const reversed = (date: string | undefined): string | undefined => date?.split('.').reverse().join('.');

/**
 * The task that registers a receipt: the same requisites another device is told in bytes, in the driver's words.
 * Field names: atol-protocol facts, section 6; the driver's own scripts. `marks`: what the check of each item's marking
 * code said, by item (FFD 1.2).
 */
export function receiptTask(
  content: ReceiptContent,
  requisites: ReceiptRequisites,
  context: Pick<ReceiptContext, 'ffd'>,
  marks: ReadonlyMap<number, Fields>,
): JsonTask {
  const { receipt } = requisites;
  return {
    type: receiptTaskOf(content),
    electronically: true,
    ...given({
      taxationType: TAXATION_WORDS[numberOf(receipt, TAG.taxSystem) ?? 0],
      operator: operatorOf(textOf(receipt, TAG.cashier), textOf(receipt, TAG.cashierInn)),
      clientInfo: clientOf(receipt),
      companyInfo: given({ email: textOf(receipt, TAG.sellerEmail) }),
      agentInfo: agentOf(numberOf(receipt, TAG.agentKind), receipt),
      supplierInfo: given({ phones: texts(receipt, TAG.supplierPhone) }),
      paymentsPlace: textOf(receipt, TAG.place),
      paymentsAddress: textOf(receipt, TAG.placeAddress),
      machineNumber: textOf(receipt, TAG.machineNumber),
      internet: flagOf(receipt, TAG.internetPayment),
      timeZone: numberOf(receipt, TAG.timezone),
      operationInfo: operationOf(childrenOf(receipt, TAG.operationalProps) ?? []),
      industryInfo: industriesOf(receipt, TAG.receiptIndustry),
      cashlessPayments: cashlessOf(childrenOf(receipt, TAG.cashlessAll) ?? []),
    }),
    ...correctionOf(content, receipt),
    items: [
      ...requisites.items.map((item, at) => positionOf(item, context, marks.get(at))),
      ...attributesOf(receipt),
    ],
    payments: requisites.payments
      .filter(({ sumKop }) => sumKop > 0)
      .map(({ tag, sumKop }) => ({ type: PAYMENT_WORDS[tag], sum: rub(sumKop) })),
    ...given({ taxes: taxesOf(requisites) }),
    total: rub(requisites.totalKop),
  };
}

/** Whoever makes a document: tags 1021 and 1203. */
export const operatorOf = (name?: string, vatin?: string): Fields | undefined =>
  name ? given({ name, vatin: vatin || undefined }) : undefined;

function clientOf(receipt: Nodes): Fields | undefined {
  // FFD 1.2 has the buyer in a structure, earlier formats beside the rest.
  const buyer = childrenOf(receipt, TAG.buyerInformation) ?? receipt;
  return given({
    emailOrPhone: textOf(receipt, TAG.buyerContact),
    name: textOf(buyer, TAG.buyerName),
    vatin: textOf(buyer, TAG.buyerInn),
    birthDate: textOf(buyer, TAG.buyerBirthdate),
    citizenship: textOf(buyer, TAG.buyerCitizenship),
    identityDocumentCode: textOf(buyer, TAG.buyerDocumentCode),
    identityDocumentData: textOf(buyer, TAG.buyerDocumentData),
    address: textOf(buyer, TAG.buyerAddress),
  });
}

/** `nodes` are the receipt's, or the inside of tag 1223. */
function agentOf(kind: number | undefined, nodes: Nodes): Fields | undefined {
  return given({
    agents: wordsOf(kind ?? 0, AGENT_WORDS),
    payingAgent: given({
      operation: textOf(nodes, TAG.agentOperation),
      phones: texts(nodes, TAG.payingAgentPhone),
    }),
    receivePaymentsOperator: given({ phones: texts(nodes, TAG.receiveOperatorPhone) }),
    moneyTransferOperator: given({
      phones: texts(nodes, TAG.transferOperatorPhone),
      name: textOf(nodes, TAG.transferOperatorName),
      address: textOf(nodes, TAG.transferOperatorAddress),
      vatin: textOf(nodes, TAG.transferOperatorInn),
    }),
  });
}

function operationOf(nodes: Nodes): Fields | undefined {
  const at = textOf(nodes, TAG.operationDateTime);
  return given({
    id: numberOf(nodes, TAG.operationId),
    data: textOf(nodes, TAG.operationData),
    dateTime: at && `${dotted(at)} ${at.slice(11, 19)}`,
  });
}

const industriesOf = (nodes: Nodes, tag: number): Fields[] =>
  allOf(nodes, tag).flatMap(({ value }) => {
    if (!Array.isArray(value)) return [];
    const fields = given({
      fois: textOf(value, TAG.industryFoiv),
      date: reversed(textOf(value, TAG.industryDate)),
      number: textOf(value, TAG.industryNumber),
      industryAttribute: textOf(value, TAG.industryValue),
    });
    return fields ? [fields] : [];
  });

const cashlessOf = (nodes: Nodes): Fields[] =>
  allOf(nodes, TAG.cashless).flatMap(({ value }) => {
    if (!Array.isArray(value)) return [];
    const fields = given({
      sum: rub(numberOf(value, TAG.cashlessSum) ?? 0),
      method: numberOf(value, TAG.cashlessMethod),
      id: textOf(value, TAG.cashlessIds),
      additionalInfo: textOf(value, TAG.cashlessInfo),
    });
    return fields ? [fields] : [];
  });

function correctionOf({ form }: ReceiptContent, receipt: Nodes): Fields {
  if (form !== 'correction') return {};
  const base = childrenOf(receipt, TAG.correctionBase) ?? [];
  return {
    correctionType: CORRECTION_WORDS[numberOf(receipt, TAG.correctionType) ?? OWN_INITIATIVE],
    ...given({
      correctionBaseDate: dotted(textOf(base, TAG.correctionDate)),
      correctionBaseNumber: textOf(base, TAG.correctionNumber),
    }),
  };
}

function positionOf(
  { attributes, position, markingCode, plannedStatus }: ItemRequisites,
  { ffd }: Pick<ReceiptContext, 'ffd'>,
  check: Fields | undefined,
): Fields {
  const measure = numberOf(attributes, TAG.measure);
  const excise = numberOf(attributes, TAG.excise);
  return {
    type: 'position',
    name: position.name,
    price: rub(position.priceKop),
    quantity: units(position.quantityMicro),
    amount: rub(position.sumKop),
    paymentMethod: METHOD_WORDS[position.method - 1],
    paymentObject: OBJECT_WORDS[position.subject] ?? position.subject,
    ...given({
      tax: taxOf(position),
      measurementUnit:
        ffd === 4
          ? measure === undefined
            ? undefined
            : MEASURE_WORDS[measure]
          : textOf(attributes, TAG.unit),
      agentInfo: agentOf(
        numberOf(attributes, TAG.itemAgentKind),
        childrenOf(attributes, TAG.agentData) ?? [],
      ),
      supplierInfo: supplierOf(attributes),
      additionalAttribute: textOf(attributes, TAG.itemUserData),
      exciseSum: excise === undefined ? undefined : rub(excise),
      countryCode: textOf(attributes, TAG.originCountry),
      customsDeclaration: textOf(attributes, TAG.customsDeclaration),
      industryInfo: industriesOf(attributes, TAG.itemIndustry),
      nomenclatureCode: base64(bytesOf(attributes, TAG.productCode)),
      productCodes: productCodesOf(childrenOf(attributes, TAG.productCodes) ?? []),
      imcParams: given({
        ...(markingCode === undefined ? {} : markParams(markingCode, plannedStatus)),
        imcModeProcessing: numberOf(attributes, TAG.markMode),
        itemFractionalAmount: fractionOf(childrenOf(attributes, TAG.markQuantity) ?? []),
        itemInfoCheckResult: check,
      }),
    }),
  };
}

/** What a check of a marking code is asked with. */
export const markParams = (code: string, plannedStatus: number | undefined): Fields => ({
  imcType: 'auto',
  imc: Buffer.from(code, 'latin1').toString('base64'),
  ...(plannedStatus === undefined
    ? {}
    : { itemEstimatedStatus: MARK_STATUS_WORDS[plannedStatus] ?? plannedStatus }),
});

function taxOf({ vat, vatSumKop }: ItemRequisites['position']): Fields | undefined {
  if (vat === undefined) return undefined;
  return given({ type: TAX_WORDS[vat], sum: vatSumKop === undefined ? undefined : rub(vatSumKop) });
}

function supplierOf(attributes: Nodes): Fields | undefined {
  const data = childrenOf(attributes, TAG.supplierData) ?? [];
  return given({
    phones: texts(data, TAG.supplierPhone),
    name: textOf(data, TAG.supplierName),
    vatin: textOf(attributes, TAG.supplierInn),
  });
}

const base64 = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Buffer.from(bytes).toString('base64');

function productCodesOf(nodes: Nodes): Fields | undefined {
  const codes: Record<string, string> = {};
  for (const { tag, value } of nodes) {
    const word = PRODUCT_CODE_WORDS[tag];
    if (word && typeof value === 'string') codes[word] = value;
    else if (word && value instanceof Uint8Array) codes[word] = Buffer.from(value).toString('latin1');
  }
  return given(codes);
}

function fractionOf(nodes: Nodes): string | undefined {
  const numerator = numberOf(nodes, TAG.markNumerator);
  const denominator = numberOf(nodes, TAG.markDenominator);
  return numerator === undefined || denominator === undefined ? undefined : `${numerator}/${denominator}`;
}

/** Requisites of the whole receipt that the driver takes among its items: tags 1084 and 1192. */
function attributesOf(receipt: Nodes): Fields[] {
  const own = childrenOf(receipt, TAG.userProps);
  const additional = textOf(receipt, TAG.checkProps);
  return [
    ...(own
      ? [
          {
            type: 'userAttribute',
            name: textOf(own, TAG.userPropsName),
            value: textOf(own, TAG.userPropsValue),
          },
        ]
      : []),
    ...(additional === undefined ? [] : [{ type: 'additionalAttribute', value: additional }]),
  ];
}

/** The device makes VAT totals of its items; it is told them when an item gives no rate. */
function taxesOf({ items, vatTotals }: ReceiptRequisites): Fields[] {
  const isTold = items.length === 0 || items.some(({ position }) => position.vat === undefined);
  if (!isTold) return [];
  return Object.entries(readVatTotals(vatTotals)).map(([code, sumKop]) => ({
    type: TAX_WORDS[Number(code) as VatCode],
    sum: rub(sumKop),
  }));
}
