import type { VatCode } from '@kkt/contracts';
import { enumValues, isCorrectionForm, readVatTotals, TAG, vatRate, type FiscalDocument } from '@kkt/ffd';
import { centered, pair, rule, text, type PaperLine } from '../paper';
import { localDate, money } from '../words';
import { itemLines } from './item';
import type { Requisites } from './requisites';
import { enumText } from './value-text';

const PAYMENTS: readonly (readonly [number, string])[] = [
  [TAG.cash, 'Наличными'],
  [TAG.ecash, 'Безналичными'],
  [TAG.prepaid, 'Предварительная оплата (аванс)'],
  [TAG.credit, 'Последующая оплата (кредит)'],
  [TAG.provision, 'Иная форма оплаты'],
];

const VAT_TAGS = [
  TAG.vat20,
  TAG.vat10,
  TAG.turnoverVat0,
  TAG.turnoverNoVat,
  TAG.vat20of120,
  TAG.vat10of110,
  TAG.vatTotals,
];

/** `ПРИХОД` and the like, under the name of the document. */
export function signLine(requisites: Requisites): PaperLine[] {
  const sign = requisites.takeNumber(TAG.settlementSign);
  return sign === undefined ? [] : [centered(enumText(TAG.settlementSign, sign), 'strong')];
}

/** What a correction is made for: own will or an order, its date and number. */
function correction(requisites: Requisites): PaperLine[] {
  const type = requisites.takeNumber(TAG.correctionType);
  const base = requisites.takeInside(TAG.correctionBase);
  const date = base?.takeAll(TAG.correctionDate)[0]?.value;
  return [
    ...(type === undefined
      ? []
      : [pair('Тип коррекции', enumValues(TAG.correctionType, type)[0]?.printName ?? '')]),
    ...(typeof date === 'string' ? [pair('Дата расчета', localDate(date))] : []),
    ...(base?.line(TAG.correctionNumber, 'Номер предписания') ?? []),
    ...(base?.line(TAG.correctionBaseName, 'Описание') ?? []),
    ...(base?.rest() ?? []),
    rule,
  ];
}

function payments(requisites: Requisites): PaperLine[] {
  const lines = PAYMENTS.flatMap(([tag, name]) => {
    const kop = requisites.takeNumber(tag) ?? 0;
    return kop === 0 ? [] : [pair(name, `=${money(kop)}`)];
  });
  const cashless = requisites.takeInside(TAG.cashlessAll);
  return [...lines, ...(cashless?.rest('quiet') ?? [])];
}

function vatTotals(document: FiscalDocument, requisites: Requisites): PaperLine[] {
  for (const tag of VAT_TAGS) requisites.takeAll(tag);
  return Object.entries(readVatTotals(document.nodes)).map(([code, kop]) => {
    const rate = vatRate(Number(code) as VatCode);
    const name = rate?.totalIsTurnover ? turnoverNames[code] : `Сумма ${rate?.printName ?? `НДС ${code}`}`;
    return pair(name ?? `НДС ${code}`, `=${money(kop ?? 0)}`);
  });
}
const turnoverNames: Readonly<Record<string, string>> = { 5: 'Сумма с НДС 0%', 6: 'Сумма без НДС' };

/** Who buys, as far as the document tells. FFD 1.05 keeps it flat, 1.2 in tag 1256. */
function buyer(requisites: Requisites): PaperLine[] {
  const inside = requisites.takeInside(TAG.buyerInformation);
  const lines = [
    ...requisites.line(TAG.buyerName, 'Покупатель'),
    ...requisites.line(TAG.buyerInn, 'ИНН покупателя'),
    ...(inside?.line(TAG.buyerName, 'Покупатель') ?? []),
    ...(inside?.line(TAG.buyerInn, 'ИНН покупателя') ?? []),
    ...(inside?.rest() ?? []),
  ];
  return lines.length > 0 ? [rule, ...lines] : [];
}

/** Middle of a receipt or a correction, from its items to the requisites of the buyer. */
export function settlementLines(document: FiscalDocument, requisites: Requisites): PaperLine[] {
  const items = requisites.takeAll(TAG.item);
  const total = requisites.takeNumber(TAG.total) ?? 0;
  const userProps = requisites.takeInside(TAG.userProps);
  const [propsName, propsValue] = [userProps?.take(TAG.userPropsName), userProps?.take(TAG.userPropsValue)];
  return [
    ...(isCorrectionForm(document.form) ? correction(requisites) : []),
    ...items.flatMap((node, index) => itemLines(node, index, requisites.personal)),
    ...(items.length > 0 ? [rule] : []),
    pair('ИТОГ', `=${money(total)}`, 'total'),
    ...payments(requisites),
    ...vatTotals(document, requisites),
    rule,
    ...requisites.line(TAG.taxSystem, 'СНО'),
    ...requisites.line(TAG.buyerContact, 'Эл. адр. покупателя'),
    ...requisites.line(TAG.sellerEmail, 'Эл. адр. отправителя'),
    ...requisites.line(TAG.fnsSite, 'Сайт ФНС'),
    ...requisites.line(TAG.machineNumber, 'Номер автомата'),
    ...requisites.line(TAG.internetPayment, 'Расчет в Интернет'),
    ...(propsName === undefined ? [] : [pair(propsName, propsValue ?? '')]),
    ...requisites.line(TAG.checkProps, 'Доп. реквизит чека'),
    ...buyer(requisites),
    ...settlementRest(requisites),
  ];
}

function settlementRest(requisites: Requisites): PaperLine[] {
  const isNegative = requisites.takeAll(TAG.receiptMarkResult).some(({ value }) => value === true);
  return isNegative ? [text('Есть товары с отрицательной проверкой кода маркировки', 'quiet')] : [];
}
