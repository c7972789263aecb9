import type { VatCode } from '@kkt/contracts';
import {
  type DocumentItem,
  type DocumentReceipt,
  enumValues,
  parseDocument,
  TAG,
  textOf,
  vatRate,
} from '@kkt/ffd';
import { html, Html } from './html';

const nbsp = '\u00a0';

/** 123450 kopecks as `1 234,50`. */
function money(kop: number): string {
  const digits = String(kop).padStart(3, '0');
  return `${digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, nbsp)},${digits.slice(-2)}`;
}

const quantity = (micro: number): string =>
  (micro / 1_000_000)
    .toFixed(6)
    .replace(/\.?0+$/, '')
    .replace('.', ',');

/** `2026-11-23T10:15:00` as `23.11.2026 10:15`. */
function localTime(at: string): string {
  const [date = '', time = ''] = at.split('T');
  return `${date.split('-').reverse().join('.')} ${time.slice(0, 5)}`;
}

const names = (tag: number, code: number): string =>
  enumValues(tag, code)
    .map(({ printName }) => printName)
    .join(', ');

const row = (name: string, value: string): Html =>
  html`<div class="r"><span>${name}</span><span>${value}</span></div>`;

function itemLines(item: DocumentItem): Html {
  const words = [
    item.subject !== undefined && names(TAG.subject, item.subject),
    item.method !== undefined && names(TAG.method, item.method),
  ].filter(Boolean);
  return html`<li>
    <b>${item.name}</b>
    ${row(`${quantity(item.quantityMicro)} × ${money(item.priceKop)}`, `=${money(item.sumKop)}`)}
    ${
      item.vat !== undefined &&
      row(vatRate(item.vat)?.printName ?? '', item.vatSumKop === undefined ? '' : `=${money(item.vatSumKop)}`)
    }
    ${words.length > 0 && html`<small>${words.join(' · ')}</small>`}
  </li>`;
}

function settlement(receipt: DocumentReceipt, text: (tag: number) => string | undefined): Html {
  const { cashKop, ecashKop, prepaidKop, creditKop, provisionKop } = receipt.payments;
  const paid: [string, number][] = [
    ['Наличными', cashKop],
    ['Безналичными', ecashKop],
    ['Предварительная оплата (аванс)', prepaidKop],
    ['Последующая оплата (кредит)', creditKop],
    ['Иная форма оплаты', provisionKop],
  ];
  const sender = text(TAG.sellerEmail);
  return html`<ol>
      ${receipt.items.map(itemLines)}
    </ol>
    <div class="r total"><span>ИТОГ</span><span>≡${money(receipt.totalKop)}</span></div>
    ${paid.filter(([, kop]) => kop > 0).map(([name, kop]) => row(name, `=${money(kop)}`))}
    ${Object.entries(receipt.vatTotals).map(([code, kop]) => {
      const rate = vatRate(Number(code) as VatCode);
      return row(
        `${rate?.totalIsTurnover ? 'Сумма' : 'В т. ч.'} ${rate?.printName ?? code}`,
        `=${money(kop)}`,
      );
    })}
    <hr />
    ${receipt.taxSystem !== undefined && row('СНО', names(TAG.taxSystem, receipt.taxSystem))}
    ${receipt.cashier && row('Кассир', receipt.cashier)}
    ${receipt.buyerContact && row('Эл. адрес покупателя', receipt.buyerContact)}
    ${sender && row('Эл. адрес отправителя', sender)} ${row('Сайт ФНС', text(TAG.fnsSite) ?? '')}`;
}

const styles = `body{margin:0;background:#eceff1;font:14px/1.35 ui-monospace,Menlo,Consolas,monospace;color:#111}
.paper{position:relative;max-width:26em;margin:1.5em auto;padding:1.4em 1.2em;background:#fff;box-shadow:0 1px 4px #0003}
header{text-align:center}h1{font-size:1em;text-align:center;margin:.8em 0 .2em}.sign{text-align:center;margin:0 0 .8em}
ol{list-style:none;margin:0;padding:0}li{margin:0 0 .6em}b{font-weight:600;overflow-wrap:anywhere}
.r{display:flex;justify-content:space-between;gap:1em}.r span:last-child{text-align:right;overflow-wrap:anywhere}
.total{font-size:1.3em;font-weight:700;margin:.4em 0}small{color:#555}hr{border:0;border-top:1px dashed #999}
.qr{display:block;width:11em;margin:1em auto 0}.note{margin:0 0 1em;padding:.5em;border:2px solid #b00020;color:#b00020;text-align:center;font-weight:600}
@media print{body{background:#fff}.paper{box-shadow:none;margin:0 auto}}`;

export interface PaperOptions {
  /** The document with its header. */
  bytes: Uint8Array;
  /** Form when the bytes are the inside of a document. */
  form?: number;
  /** QR code as SVG, made by us. */
  qrSvg: string;
  /** Printed across the paper, for what is no fiscal document. */
  note?: string;
}

/** The printed form of a receipt as a page that needs nothing else: no script, no picture, no font from outside. */
export function receiptPage({ bytes, form, qrSvg, note }: PaperOptions): string {
  const document = parseDocument(bytes, form);
  const text = (tag: number): string | undefined => textOf(document.nodes, tag);
  const { receipt } = document;
  const page = html`<!doctype html>
    <html lang="ru">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${document.form === 3 ? 'Кассовый чек' : 'Кассовый чек коррекции'}</title>
        <style>
          ${new Html(styles)}
        </style>
      </head>
      <body>
        <main class="paper">
          ${note && html`<p class="note">${note}</p>`}
          <header>
            <b>${text(TAG.userName)}</b><br />${text(TAG.placeAddress)}<br />${text(TAG.place)}<br />ИНН
            ${document.inn}
          </header>
          <h1>${document.form === 3 ? 'КАССОВЫЙ ЧЕК' : 'КАССОВЫЙ ЧЕК КОРРЕКЦИИ'}</h1>
          ${receipt && html`<p class="sign">${names(TAG.settlementSign, receipt.sign).toUpperCase()}</p>`}
          ${row(localTime(document.at ?? ''), `Смена ${document.shiftNumber ?? ''}, чек ${document.receiptNumber ?? ''}`)}
          <hr />
          ${receipt && settlement(receipt, text)}
          <hr />
          ${row('РН ККТ', document.rnm ?? '')} ${row('ФН', document.fnNumber ?? '')}
          ${row('ФД', String(document.fdNumber ?? ''))} ${row('ФП', String(document.fiscalSign ?? ''))}
          <div class="qr">${new Html(qrSvg)}</div>
        </main>
      </body>
    </html>`;
  return page.text;
}
