import {
  enumValues,
  parseDocument,
  TAG,
  textOf,
  vatRate,
  type DocumentItem,
  type DocumentReceipt,
} from '@kkt/ffd';
import type { VatCode } from '@kkt/contracts';
import type { DocumentView } from '../storage/document-reader';
import { localTime, maskContact, money, quantity } from './format';
import { html, type Html } from '@kkt/web-server';
import { formTitle } from './search-page';
import { tagName, valueText } from './tag-rows';
import type { Texts } from './texts';

/** The document as on paper. A settlement with its items and QR; any other document as a list of its requisites. */
export function receiptPaper(view: DocumentView, qrSvg: Html | undefined, texts: Texts): Html {
  const document = parseDocument(view.tlv, undefined, { origin: 'OFD' });
  const text = (tag: number): string | undefined => textOf(document.nodes, tag);
  return html`
    <article class="paper">
      <header>
        <strong>${text(TAG.userName) ?? view.enterprise}</strong>
        <p>${text(TAG.placeAddress) ?? view.address}<br />${text(TAG.place) ?? view.place}</p>
        <p>${texts.inn} ${view.inn}</p>
      </header>
      <h1>${formTitle(view.form, texts).toUpperCase()}</h1>
      ${
        document.receipt &&
        html`<p class="sign">${enumNames(TAG.settlementSign, document.receipt.sign, texts).toUpperCase()}</p>`
      }
      <dl>
        ${row(texts.date, localTime(view.at))}
        ${view.shiftNumber !== null && row(texts.shift, String(view.shiftNumber))}
        ${view.receiptNumber !== null && row(texts.receiptNo, String(view.receiptNumber))}
        ${view.cashier && row(texts.cashier, view.cashier)}
      </dl>
      ${document.receipt ? settlement(document.receipt, texts, text) : requisites(view, texts)}
      <dl>
        ${row(texts.rnm, view.rnm)} ${row(texts.fn, view.fnNumber)} ${row(texts.fd, String(view.fdNumber))}
        ${row(texts.fp, String(view.fiscalSign))}
      </dl>
      ${qrSvg && html`<div class="qr">${qrSvg}</div>`}
    </article>
  `;
}

const row = (name: string, value: string): Html => html`
  <div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>
`;

const enumNames = (tag: number, code: number, texts: Texts): string =>
  enumValues(tag, code)
    .map((value) => (texts.language === 'ru' ? value.printName : value.name))
    .join(', ');

function settlement(receipt: DocumentReceipt, texts: Texts, text: (tag: number) => string | undefined): Html {
  const sender = text(TAG.sellerEmail);
  const site = text(TAG.fnsSite);
  const { payments } = receipt;
  const paid: [string, number][] = [
    [texts.cash, payments.cashKop],
    [texts.ecash, payments.ecashKop],
    [texts.prepaid, payments.prepaidKop],
    [texts.credit, payments.creditKop],
    [texts.provision, payments.provisionKop],
  ];
  return html`
    <ol class="items">
      ${receipt.items.map((item) => itemLines(item, texts))}
    </ol>
    <p class="total"><span>${texts.total}</span><span>≡${money(receipt.totalKop, texts)}</span></p>
    <dl>
      ${paid.filter(([, kop]) => kop !== 0).map(([name, kop]) => row(name, `=${money(kop, texts)}`))}
      ${Object.entries(receipt.vatTotals).map(([code, kop]) => vatLine(Number(code), kop ?? 0, texts))}
    </dl>
    <dl>
      ${receipt.taxSystem !== undefined && row(texts.taxSystem, enumNames(TAG.taxSystem, receipt.taxSystem, texts))}
      ${receipt.buyerContact && row(texts.buyer, maskContact(receipt.buyerContact))}
      ${sender && row(texts.sellerEmail, sender)} ${site && row(texts.fnsSite, site)}
    </dl>
  `;
}

function itemLines(item: DocumentItem, texts: Texts): Html {
  const marks = [
    item.subject !== undefined && enumNames(TAG.subject, item.subject, texts),
    item.method !== undefined && enumNames(TAG.method, item.method, texts),
  ].filter(Boolean);
  return html`
    <li>
      <p class="name">${item.name}</p>
      <p class="line">
        <span>${quantity(item.quantityMicro, texts)} × ${money(item.priceKop, texts)}</span>
        <span>=${money(item.sumKop, texts)}</span>
      </p>
      ${
        item.vat !== undefined &&
        html`<p class="line small">
          <span>${vatRate(item.vat)?.printName}</span>
          <span>${item.vatSumKop === undefined ? '' : `=${money(item.vatSumKop, texts)}`}</span>
        </p>`
      }
      ${marks.length > 0 && html`<p class="small">${marks.join(' · ')}</p>`}
    </li>
  `;
}

function vatLine(code: number, kop: number, texts: Texts): Html {
  const rate = vatRate(code as VatCode);
  const name = rate?.printName ?? String(code);
  return row(`${rate?.totalIsTurnover ? texts.turnoverOf : texts.vatOf} ${name}`, `=${money(kop, texts)}`);
}

/** Requisites that stand elsewhere on the paper. */
const SHOWN = new Set<number>([
  TAG.fnNumber,
  TAG.fdNumber,
  TAG.rnm,
  TAG.fiscalSign,
  TAG.dateTime,
  TAG.userInn,
  TAG.userName,
  TAG.place,
  TAG.placeAddress,
  TAG.shiftNumber,
  TAG.cashier,
]);

function requisites(view: DocumentView, texts: Texts): Html {
  const { nodes } = parseDocument(view.tlv, undefined, { origin: 'OFD' });
  const leaves = nodes.filter((node) => !SHOWN.has(node.tag) && !Array.isArray(node.value));
  return html`<dl>${leaves.map((node) => row(nameOf(node.tag, texts), valueText(node, texts)))}</dl>`;
}

function nameOf(tag: number, texts: Texts): string {
  const name = tagName(tag, texts);
  return name.charAt(0).toUpperCase() + name.slice(1);
}
