import { createHash } from 'node:crypto';
import { PAPER_STYLES, type Paper, paperHtml } from '@kkt/documents';
import type { BuyerDocument } from '@kkt/storage';
import type { TaxState } from '@kkt/operators';

export interface ReceiptPage {
  paper: Paper;
  document: BuyerDocument;
  /** The operator's own page of the receipt, when it has one. */
  operatorPage: string | undefined;
  tax: TaxState | undefined;
  pdfUrl: string;
}

const styles = `${PAPER_STYLES}
:root{color-scheme:light dark;--ink:#16202e;--soft:#5c6a7d;--line:#dde3ea;--ground:#f3f6f9;--card:#fff;--accent:#0b6b5d}
@media (prefers-color-scheme:dark){:root{--ink:#e7edf4;--soft:#9aa8ba;--line:#2b3746;--ground:#10161e;--card:#18212c;--accent:#38b29d}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1000px;margin:0 auto;padding:20px 14px 40px;display:grid;gap:24px;grid-template-columns:minmax(0,auto) minmax(0,1fr);align-items:start}
main .paper{margin:0 auto}
.side{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:22px}
h1{font-size:1.35rem;line-height:1.2;margin:0 0 14px}
ol{list-style:none;margin:0 0 18px;padding:0;display:grid;gap:14px}
li{display:grid;grid-template-columns:22px 1fr;gap:2px 10px}
li::before{content:"✓";grid-row:span 2;width:22px;height:22px;border-radius:50%;background:var(--accent);color:#fff;font-size:13px;display:grid;place-items:center}
li.waits::before{content:"";background:none;border:2px dashed var(--soft)}
li span{color:var(--soft);font-size:.9rem;grid-column:2}
a{color:var(--accent)}
.links{display:flex;flex-wrap:wrap;gap:10px 20px;align-items:center}
.button{background:var(--accent);color:#fff;border-radius:10px;padding:10px 18px;text-decoration:none;font-weight:600}
@media (prefers-color-scheme:dark){.button{color:#06201b}}
.note{color:var(--soft);font-size:.85rem;margin:18px 0 0}
@media (max-width:760px){main{grid-template-columns:minmax(0,1fr)}}
@media print{body{background:#fff}.side{display:none}}`;

/** Only the page's own styles, by their hash; no scripts, nobody frames it, nothing follows the buyer. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(styles).digest('base64')}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex',
  'cache-control': 'no-store',
};

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const moscow = new Intl.DateTimeFormat('ru-RU', {
  timeZone: 'Europe/Moscow',
  dateStyle: 'short',
  timeStyle: 'short',
});
const timeOf = (at: Date | string): string => `${moscow.format(new Date(at))} МСК`;

const step = (isDone: boolean, heading: string, note: string): string =>
  `<li${isDone ? '' : ' class="waits"'}><b>${escape(heading)}</b><span>${escape(note)}</span></li>`;

function taxStep({ document, tax }: ReceiptPage): string {
  if (tax?.stage === 'accepted')
    return step(true, 'Передан в налоговую службу', tax.at ? timeOf(tax.at) : '');
  if (tax?.stage === 'sent') return step(false, 'Отправлен в налоговую службу', 'ждём её ответа');
  if (tax) return step(false, 'Ждёт передачи в налоговую службу', 'оператор передаёт документы партиями');
  return step(
    false,
    'Налоговая служба',
    document.confirmedAt ? 'о передаче скажет оператор' : 'оператор передаст документ, когда получит его',
  );
}

const frame = (title: string, body: string): string => `<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${escape(title)}</title><style>${styles}</style></head>
<body>${body}</body></html>`;

/** The buyer's page: the printed form with its QR code, and how far the document has come. */
export function receiptPage(page: ReceiptPage): string {
  const { document, operatorPage, paper, pdfUrl } = page;
  const operator = document.operatorName ?? 'оператор фискальных данных';
  const body = `<main>${paperHtml(paper)}<section class="side"><h1>Где этот чек сейчас</h1><ol>
${step(true, 'Оформлен на кассе', timeOf(document.recordedAt))}
${
  document.confirmedAt
    ? step(true, `Принят оператором: ${operator}`, timeOf(document.confirmedAt))
    : step(false, `Ждёт оператора: ${operator}`, 'касса передаёт документы сама, обычно за секунды')
}
${taxStep(page)}
</ol><div class="links"><a class="button" href="${escape(pdfUrl)}">Скачать PDF</a>${
    operatorPage && document.confirmedAt ? `<a href="${escape(operatorPage)}">Чек у оператора</a>` : ''
  }</div><p class="note">Проверить чек можно приложением ФНС «Проверка чеков»: наведите его на QR-код.</p></section></main>`;
  return frame('Кассовый чек', body);
}

/** For a link that names nothing. */
export const noReceiptPage = (): string =>
  frame(
    'Чек не найден',
    '<main><section class="side"><h1>Такого чека нет</h1><p>Откройте ссылку из письма или SMS целиком: в ней 24 знака после «/r/». Если она оборвана, попросите продавца прислать чек ещё раз.</p></section></main>',
  );
