import { type Paper, type PaperLine } from '@kkt/billing';
import type { Content } from 'pdfmake/interfaces';
import { buyerLine, type Buyer, type Seller, sellerLine, signatures } from './parties';
import { pdfOf, tableOf } from './pdf';
import { date, longDate, sum, sumInWords } from './words';

export interface PaperFile {
  paper: Paper;
  seller: Seller;
  buyer: Buyer;
}

/** A paper for the client's accountant as PDF. */
export function paperPdf(file: PaperFile): Promise<Buffer> {
  switch (file.paper.series) {
    case 'invoice':
      return invoicePdf(file);
    case 'act':
      return actPdf(file);
    case 'reconciliation':
      return reconciliationPdf(file);
    case 'correction':
      return correctionPdf(file);
  }
}

const lineRows = (lines: readonly PaperLine[]): string[][] =>
  lines.map(({ text, count, priceKop, sumKop }, index) => [
    String(index + 1),
    text,
    String(count),
    sum(priceKop),
    sum(sumKop),
  ]);

const linesTable = (lines: readonly PaperLine[]): Content =>
  tableOf(
    ['№', 'Наименование', 'Кол-во', 'Цена, ₽', 'Сумма, ₽'],
    lineRows(lines),
    [20, '*', 50, 75, 80],
    [2, 3, 4],
  );

const totals = ({ totalKop, vatKop }: Paper): Content[] => [
  { text: `Итого: ${sum(totalKop)} ₽`, bold: true, alignment: 'right' },
  { text: `В том числе НДС: ${sum(vatKop)} ₽`, alignment: 'right' },
  { text: `${sumInWords(totalKop)}.`, bold: true, margin: [0, 8, 0, 0] },
];

function invoicePdf({ paper, seller, buyer }: PaperFile): Promise<Buffer> {
  const title = `Счёт на оплату № ${paper.number} от ${longDate(paper.day)}`;
  const bank: Content = {
    table: {
      widths: ['*', 60, 160],
      body: [
        [seller.bankName, 'БИК', seller.bik],
        ['Банк получателя', 'К/с', seller.correspondentAccount],
        [`${seller.name}\nИНН ${seller.inn}   КПП ${seller.kpp}`, 'Р/с', seller.account],
      ],
    },
    margin: [0, 0, 0, 4],
  };
  return pdfOf(title, [
    bank,
    { text: title, style: 'title' },
    { text: `Исполнитель: ${sellerLine(seller)}`, margin: [0, 0, 0, 4] },
    { text: `Заказчик: ${buyerLine(buyer)}` },
    linesTable(paper.lines),
    ...totals(paper),
    {
      text: `В назначении платежа укажите: «Оплата по счёту № ${paper.number}». По этому номеру платёж зачислится сам.`,
      style: 'soft',
      margin: [0, 10, 0, 0],
    },
    { text: `${seller.headPost} ________________ / ${seller.headName} /`, margin: [0, 28, 0, 0] },
  ]);
}

function actPdf({ paper, seller, buyer }: PaperFile): Promise<Buffer> {
  const title = `Акт № ${paper.number} от ${longDate(paper.day)}`;
  return pdfOf(title, [
    { text: title, style: 'title' },
    { text: `Исполнитель: ${sellerLine(seller)}`, margin: [0, 0, 0, 4] },
    { text: `Заказчик: ${buyerLine(buyer)}`, margin: [0, 0, 0, 4] },
    { text: `Период: ${date(paper.from)} — ${date(paper.to)}` },
    linesTable(paper.lines),
    ...totals(paper),
    {
      text: 'Услуги оказаны полностью и в срок. Заказчик претензий по объёму, качеству и срокам оказания услуг не имеет.',
      margin: [0, 10, 0, 0],
    },
    signatures(seller, buyer),
  ]);
}

/** Of each line `count` is the days that were not used, `priceKop` what was paid, `sumKop` what comes back. */
function correctionPdf({ paper, seller, buyer }: PaperFile): Promise<Buffer> {
  const title = `Акт перерасчёта № ${paper.number} от ${longDate(paper.day)}`;
  return pdfOf(title, [
    { text: title, style: 'title' },
    { text: `Исполнитель: ${sellerLine(seller)}`, margin: [0, 0, 0, 4] },
    { text: `Заказчик: ${buyerLine(buyer)}`, margin: [0, 0, 0, 4] },
    {
      text: 'Аренда прекращена досрочно по желанию заказчика. Использованные дни пересчитаны по тарифу за их срок.',
    },
    tableOf(
      ['№', 'Основание', 'Не использовано, дней', 'Оплачено, ₽', 'К возврату, ₽'],
      lineRows(paper.lines),
      [20, '*', 70, 75, 80],
      [2, 3, 4],
    ),
    { text: `Итого к возврату: ${sum(paper.totalKop)} ₽`, bold: true, alignment: 'right' },
    { text: `В том числе НДС: ${sum(paper.vatKop)} ₽`, alignment: 'right' },
    { text: `${sumInWords(paper.totalKop)}.`, bold: true, margin: [0, 8, 0, 0] },
    signatures(seller, buyer),
  ]);
}

function reconciliationPdf({ paper, seller, buyer }: PaperFile): Promise<Buffer> {
  const title = `Акт сверки № ${paper.number} от ${longDate(paper.day)}`;
  // Of each line `priceKop` is what was paid, `sumKop` what was paid less what was earned.
  const earnedOf = ({ priceKop, sumKop }: PaperLine): number => priceKop - sumKop;
  const paidKop = paper.lines.reduce((all, { priceKop }) => all + priceKop, 0);
  const earnedKop = paper.lines.reduce((all, line) => all + earnedOf(line), 0);
  const closingKop = paper.openingKop + paidKop - earnedKop;
  const figure = (kop: number): string => (kop === 0 ? '' : sum(kop));
  const rows = [
    ['Сальдо начальное', figure(Math.max(0, -paper.openingKop)), figure(Math.max(0, paper.openingKop))],
    ...paper.lines.map((line) => [line.text, figure(earnedOf(line)), figure(line.priceKop)]),
    ['Обороты за период', sum(earnedKop), sum(paidKop)],
    ['Сальдо конечное', figure(Math.max(0, -closingKop)), figure(Math.max(0, closingKop))],
  ];
  const whose =
    closingKop === 0
      ? 'задолженность отсутствует'
      : closingKop > 0
        ? `аванс ${buyer.name} у ${seller.name} составляет ${sum(closingKop)} ₽ (${sumInWords(closingKop)})`
        : `задолженность ${buyer.name} перед ${seller.name} составляет ${sum(-closingKop)} ₽ (${sumInWords(-closingKop)})`;
  return pdfOf(title, [
    { text: title, style: 'title' },
    { text: `взаимных расчётов за период ${date(paper.from)} — ${date(paper.to)}` },
    { text: `между ${sellerLine(seller)}`, margin: [0, 6, 0, 0] },
    { text: `и ${buyerLine(buyer)}`, margin: [0, 0, 0, 4] },
    tableOf([`По данным ${seller.name}`, 'Дебет, ₽', 'Кредит, ₽'], rows, ['*', 90, 90], [1, 2]),
    { text: `На ${date(paper.to)} ${whose}.`, bold: true, margin: [0, 4, 0, 0] },
    signatures(seller, buyer),
  ]);
}
