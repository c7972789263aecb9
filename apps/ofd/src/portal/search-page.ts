import { formByCode } from '@kkt/ffd';
import type { DocumentSummary } from '../storage/document-reader';
import { counted, localTime, moment, money } from './format';
import { html, type Html } from '@kkt/web-server';
import type { SearchField, SearchQuery } from './search-query';
import type { Texts } from './texts';

export interface SearchPage {
  texts: Texts;
  search: SearchQuery;
  /** Documents found; absent when nothing was looked up. */
  found?: readonly DocumentSummary[];
  /** Of an open portal. */
  latest?: readonly DocumentSummary[];
  totals?: { documents: number; kkts: number; lastReceivedAt: Date | null };
  utcOffsetMinutes: number;
}

export const receiptUrl = (document: Pick<DocumentSummary, 'fnNumber' | 'fdNumber' | 'fiscalSign'>): string =>
  `/receipt/${document.fnNumber}/${document.fdNumber}/${document.fiscalSign}`;

export const formTitle = (form: number, texts: Texts): string => {
  const known = formByCode(form);
  if (!known) return String(form);
  const name = texts.language === 'ru' ? known.printName.toLowerCase() : known.name;
  return (name.charAt(0).toUpperCase() + name.slice(1))
    .replace('фискального накопителя', 'ФН')
    .replace('Бсо', 'БСО');
};

/** The form, what was found by it, and on an open portal the latest documents. */
export function searchPage(view: SearchPage): Html {
  const { texts, search, found, latest } = view;
  return html`
    <section class="hero">
      <h1>${texts.title}</h1>
      <p class="lead">${texts.lead}</p>
      ${form(search, texts)} ${scanner(texts)}
    </section>
    ${found && results(found, view)} ${latest && !found && latestDocuments(latest, view)}
  `;
}

function form({ values, problems }: SearchQuery, texts: Texts): Html {
  const input = (field: SearchField, label: string, hint: string, attributes: Html): Html => html`
    <label class="field field-${field} ${problems[field] ? 'wrong' : ''}">
      <span>${label}</span>
      <input
        name="${field}"
        value="${values[field]}"
        ${attributes}
        aria-invalid="${problems[field] ? 'true' : 'false'}"
      />
      <small>${problems[field] ?? hint}</small>
    </label>
  `;
  return html`
    <form class="card search" method="get" action="/" novalidate>
      ${problems.all && html`<p class="problem" role="alert">${problems.all}</p>`}
      <div class="fields">
        ${input('fn', texts.fn, texts.fnHint, html`inputmode="numeric" maxlength="16" autocomplete="off" autofocus`)}
        ${input('fd', texts.fd, texts.fdHint, html`inputmode="numeric" maxlength="8" autocomplete="off"`)}
        ${input('fp', texts.fp, texts.fpHint, html`inputmode="numeric" maxlength="10" autocomplete="off"`)}
      </div>
      <p class="or"><span>${texts.orByDateAndSum}</span></p>
      <div class="fields">
        ${input('date', texts.date, '', html`type="date"`)}
        ${input('sum', texts.sum, texts.sumHint, html`inputmode="decimal" maxlength="16" autocomplete="off"`)}
        <div class="actions">
          <button class="button" type="submit">${texts.find}</button>
          <a class="quiet" href="/">${texts.clear}</a>
        </div>
      </div>
    </form>
  `;
}

/** Shown by its script: without one it would promise what it cannot do. */
const scanner = (texts: Texts): Html => html`
  <div
    id="scan"
    class="scan"
    hidden
    data-aim="${texts.scanAim}"
    data-reading="${texts.scanReading}"
    data-unread="${texts.scanUnread}"
    data-foreign="${texts.scanForeign}"
    data-no-camera="${texts.scanNoCamera}"
  >
    <button class="button secondary" type="button" data-camera>${texts.scanCamera}</button>
    <label class="button secondary"
      >${texts.scanPicture}<input type="file" accept="image/*" aria-label="${texts.scanPicture}"
    /></label>
    <span data-state role="status"></span>
    <video hidden muted playsinline></video>
  </div>
  <script type="module" src="/scan.js"></script>
`;

function results(found: readonly DocumentSummary[], view: SearchPage): Html {
  const { texts } = view;
  if (found.length === 0) {
    return html`
      <section class="card empty" role="status">
        <h2>${texts.nothingFound}</h2>
        <ul>
          ${texts.nothingFoundHints.map((hint) => html`<li>${hint}</li>`)}
        </ul>
      </section>
    `;
  }
  return html`
    <section>
      <h2>${texts.results}: ${found.length}</h2>
      ${table(found, view)}
    </section>
  `;
}

function latestDocuments(latest: readonly DocumentSummary[], view: SearchPage): Html {
  const { texts, totals } = view;
  if (latest.length === 0) {
    return html`
      <section class="card empty">
        <h2>${texts.noDocuments}</h2>
        <p>${texts.noDocumentsHint}</p>
      </section>
    `;
  }
  return html`
    <section>
      <div class="heading">
        <h2>${texts.latest}</h2>
        ${
          totals &&
          html`<p class="numbers">
            ${number(totals.documents, texts.documents, texts)} · ${number(totals.kkts, texts.kkts, texts)}
            ${
              totals.lastReceivedAt &&
              html` · ${texts.lastReceived} <b>${moment(totals.lastReceivedAt, view.utcOffsetMinutes)}</b>`
            }
          </p>`
        }
      </div>
      ${table(latest, view)}
      <p class="note">${texts.latestNote}</p>
    </section>
  `;
}

function number(count: number, forms: Texts['documents'], texts: Texts): Html {
  const { count: figures, word } = counted(count, forms, texts);
  return html`<b>${figures}</b> ${word}`;
}

/** Rows that turn into cards on a narrow screen. */
function table(documents: readonly DocumentSummary[], { texts }: SearchPage): Html {
  const { columns } = texts;
  return html`
    <table class="card documents">
      <thead>
        <tr>
          <th>${columns.document}</th>
          <th>${columns.when}</th>
          <th class="number">${columns.total}</th>
          <th>${columns.seller}</th>
          <th>${columns.key}</th>
          <th>${columns.state}</th>
        </tr>
      </thead>
      <tbody>
        ${documents.map(
          (document) => html`
            <tr>
              <td class="what">
                <a href="${receiptUrl(document)}"
                  >${formTitle(document.form, texts)} №&nbsp;${document.fdNumber}</a
                >
              </td>
              <td data-label="${columns.when}">${localTime(document.at)}</td>
              <td class="number" data-label="${columns.total}">
                ${document.totalKop === null ? '' : `${money(document.totalKop, texts)} ₽`}
              </td>
              <td data-label="${columns.seller}">${document.enterprise}</td>
              <td class="mono" data-label="${columns.key}">${document.fnNumber} / ${document.fdNumber}</td>
              <td data-label="${columns.state}">${stageChip(document, texts)}</td>
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}

export function stageChip(document: DocumentSummary, texts: Texts): Html {
  if (document.violations.length > 0)
    return html`<span class="chip warn">${texts.control}: ${document.violations.length}</span>`;
  const { stage } = document.tax;
  const text = { new: texts.stageNew, sent: texts.stageSent, accepted: texts.stageAccepted }[stage];
  return html`<span class="chip ${stage}">${text}</span>`;
}
