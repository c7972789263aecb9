import { html, type Html } from '@kkt/web-server';
import type { EnterpriseFields, KktView } from '../registry/registry-store';
import { REPORT_KINDS, type ReportKind, type ReportRow } from '../storage/report-reader';
import type { BusinessTexts } from './business-texts';
import { dayChart } from './day-chart';
import { localTime, money, quantity } from './format';
import type { Texts } from './texts';

/** What is asked of the reports. Days are inclusive. */
export interface BusinessQuery {
  kind: ReportKind | 'registry';
  from: string;
  to: string;
  inn: string | undefined;
  isPeriodRight: boolean;
}

export interface BusinessPage {
  texts: Texts;
  words: BusinessTexts;
  query: BusinessQuery;
  enterprises: readonly EnterpriseFields[];
  /** Whoever came in by the key may leave. */
  isEntered: boolean;
}

const urlOf = ({ from, to, inn }: BusinessQuery, kind: BusinessQuery['kind']): string =>
  `/business?${new URLSearchParams({ kind, from, to, ...(inn === undefined ? {} : { inn }) }).toString()}`;

/** Heading, kinds of reports, what is inside. */
function frame({ words, query, isEntered }: BusinessPage, inside: Html): Html {
  const tab = (kind: BusinessQuery['kind'], name: string): Html =>
    html`<a href="${urlOf(query, kind)}" ${kind === query.kind && CURRENT}>${name}</a>`;
  return html`
    <section>
      <div class="heading">
        <h1>${query.kind === 'registry' ? words.registry : words.title}</h1>
        ${
          isEntered &&
          html`<form method="post" action="/business/leave">
            <button class="plain" type="submit">${words.leave}</button>
          </form>`
        }
      </div>
      <p class="lead">${query.kind === 'registry' ? words.registryLead : words.lead}</p>
      <nav class="tabs" aria-label="${words.title}">
        ${REPORT_KINDS.map((kind) => tab(kind, words.kinds[kind]))} ${tab('registry', words.registry)}
      </nav>
      ${inside}
    </section>
  `;
}

const CURRENT = html`aria-current="page"`;
const SELECTED = html`selected`;

function filterForm({ words, query, enterprises }: BusinessPage): Html {
  const isReport = query.kind !== 'registry';
  const day = (name: 'from' | 'to', label: string): Html => html`
    <label class="field field-day ${!query.isPeriodRight && 'wrong'}">
      <span>${label}</span>
      <input type="date" name="${name}" value="${query[name]}" required />
    </label>
  `;
  return html`
    <form class="card search filter" method="get" action="/business">
      <input type="hidden" name="kind" value="${query.kind}" />
      ${!query.isPeriodRight && html`<p class="problem" role="alert">${words.badPeriod}</p>`}
      <div class="filter-fields">
        ${isReport && [day('from', words.from), day('to', words.to)]}
        <label class="field field-enterprise">
          <span>${words.enterprise}</span>
          <select name="inn">
            <option value="">${words.allEnterprises}</option>
            ${enterprises.map(
              ({ inn, name }) =>
                html`<option value="${inn}" ${inn === query.inn && SELECTED}>${name}, ${inn}</option>`,
            )}
          </select>
        </label>
        <button class="button" type="submit">${words.show}</button>
      </div>
    </form>
  `;
}

/** A report: totals, revenue by day as a chart, rows. */
export function reportPage(
  page: BusinessPage,
  { rows, days, limit }: { rows: readonly ReportRow[]; days: readonly ReportRow[]; limit: number },
): Html {
  const { words, texts, query } = page;
  if (!query.isPeriodRight) return frame(page, filterForm(page));
  if (days.length === 0)
    return frame(
      page,
      html`${filterForm(page)}
        <div class="card empty">
          <h2>${words.nothing}</h2>
          <p>${words.nothingHint}</p>
        </div>`,
    );
  const sum = (of: (row: ReportRow) => number): number => days.reduce((total, row) => total + of(row), 0);
  const figure = (name: string, value: string): Html =>
    html`<div class="card figure"><span>${name}</span><b>${value}</b></div>`;
  return frame(
    page,
    html`
      ${filterForm(page)}
      <div class="figures">
        ${figure(words.receipts, sum(({ receipts }) => receipts).toLocaleString(texts.language))}
        ${figure(
          words.revenue,
          `${money(
            sum(({ revenueKop }) => revenueKop),
            texts,
          )} ₽`,
        )}
        ${figure(
          words.cash,
          `${money(
            sum(({ cashKop }) => cashKop ?? 0),
            texts,
          )} ₽`,
        )}
        ${figure(
          words.ecash,
          `${money(
            sum(({ ecashKop }) => ecashKop ?? 0),
            texts,
          )} ₽`,
        )}
      </div>
      <figure class="card chart-card">
        <figcaption>${words.byDays}</figcaption>
        ${dayChart(days, query.from, query.to, texts, words.byDays)}
      </figure>
      ${reportTable(page, query.kind === 'days' ? [...rows].sort((a, b) => (a.key < b.key ? 1 : -1)) : rows)}
      ${rows.length === limit && html`<p class="note">${words.first} ${limit}</p>`}
    `,
  );
}

function reportTable({ words, texts, query }: BusinessPage, rows: readonly ReportRow[]): Html {
  const kind = query.kind as ReportKind;
  const hasQuantity = kind === 'goods' || kind === 'categories';
  const sum = (name: string, kop: number | undefined): Html =>
    html`<td class="number" data-label="${name}">${kop === undefined ? '' : money(kop, texts)}</td>`;
  const heads = [
    words.receipts,
    ...(hasQuantity ? [words.quantity] : []),
    words.income,
    words.returns,
    words.expense,
    words.revenue,
  ];
  return html`
    <table class="card documents report">
      <thead>
        <tr>
          <th>${words.kinds[kind]}</th>
          ${heads.map((head) => html`<th class="number">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) => html`
            <tr>
              <td class="what">${(kind === 'days' ? localTime(row.label) : row.label) || words.unnamed}</td>
              <td class="number" data-label="${words.receipts}">${row.receipts}</td>
              ${
                hasQuantity &&
                html`<td class="number" data-label="${words.quantity}">
                  ${quantity(row.quantityMicro ?? 0, texts)}
                </td>`
              }
              ${sum(words.income, row.incomeKop)} ${sum(words.returns, row.incomeReturnKop)}
              ${sum(words.expense, row.expenseKop)} ${sum(words.revenue, row.revenueKop)}
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}

/** Registers whose documents are accepted, with their newest FN. */
export function registryPage(page: BusinessPage, kkts: readonly KktView[], limit: number): Html {
  const { words } = page;
  return frame(
    page,
    html`
      ${filterForm(page)}
      ${
        kkts.length === 0
          ? html`<div class="card empty">
              <h2>${words.noKkts}</h2>
              <p>${words.noKktsHint}</p>
            </div>`
          : html`<table class="card documents report">
              <thead>
                <tr>
                  <th>${words.kkt}</th>
                  <th>${words.enterprise}</th>
                  <th>${words.place}</th>
                  <th>${words.fn}</th>
                  <th class="number">${words.lastFd}</th>
                  <th>${words.state}</th>
                </tr>
              </thead>
              <tbody>
                ${kkts.map((kkt) => registryRow(kkt, words))}
              </tbody>
            </table>`
      }
      ${kkts.length === limit && html`<p class="note">${words.first} ${limit}</p>`}
    `,
  );
}

function registryRow({ rnm, enterprise, outlet, drives, state }: KktView, words: BusinessTexts): Html {
  const [drive] = drives;
  return html`
    <tr>
      <td class="what mono">${rnm}</td>
      <td data-label="${words.enterprise}">${enterprise}</td>
      <td data-label="${words.place}">${outlet.name}, ${outlet.address}</td>
      <td class="mono" data-label="${words.fn}">
        ${drive && html`<a href="/?fn=${drive.fnNumber}">${drive.fnNumber}</a>`}
      </td>
      <td class="number" data-label="${words.lastFd}">${drive?.lastFd}</td>
      <td data-label="${words.state}">
        <span class="chip ${state === 'active' ? 'accepted' : 'warn'}">${words.states[state] ?? state}</span>
      </td>
    </tr>
  `;
}

/** Asks for the key of the enterprises' API. */
export const enterPage = (words: BusinessTexts, problem?: string): Html => html`
  <section class="hero narrow">
    <h1>${words.enterTitle}</h1>
    <p class="lead">${words.enterLead}</p>
    <form class="card search" method="post" action="/business/enter">
      ${problem && html`<p class="problem" role="alert">${problem}</p>`}
      <label class="field">
        <span>${words.key}</span>
        <input name="key" type="password" autocomplete="current-password" maxlength="200" autofocus />
      </label>
      <button class="button" type="submit">${words.enter}</button>
    </form>
  </section>
`;
