import type { BuyerReceipt } from '../buyers/buyer-store';
import { localTime, money } from './format';
import { html, type Html } from '@kkt/web-server';
import { formTitle, receiptUrl } from './search-page';
import type { Texts } from './texts';

/** Asks for the contact whose receipts are wanted. */
export const contactPage = (texts: Texts, values: { contact: string; problem?: string }): Html => html`
  <section class="hero narrow">
    <h1>${texts.historyTitle}</h1>
    <p class="lead">${texts.historyLead}</p>
    <form class="card search" method="post" action="/history/code">
      ${values.problem && html`<p class="problem" role="alert">${values.problem}</p>`}
      <label class="field">
        <span>${texts.contact}</span>
        <input name="contact" value="${values.contact}" autocomplete="email" maxlength="64" autofocus />
        <small>${texts.contactHint}</small>
      </label>
      <button class="button" type="submit">${texts.sendCode}</button>
    </form>
  </section>
`;

/** Asks for the code that was sent. */
export const codePage = (texts: Texts, values: { contact: string; problem?: string }): Html => html`
  <section class="hero narrow">
    <h1>${texts.codeTitle}</h1>
    <p class="lead">${texts.codeLead} <b>${values.contact}</b></p>
    <form class="card search" method="post" action="/history/enter">
      ${values.problem && html`<p class="problem" role="alert">${values.problem}</p>`}
      <input type="hidden" name="contact" value="${values.contact}" />
      <label class="field">
        <span>${texts.code}</span>
        <input
          name="code"
          inputmode="numeric"
          autocomplete="one-time-code"
          maxlength="6"
          pattern="[0-9]{6}"
          autofocus
        />
        <small>${texts.codeHint}</small>
      </label>
      <div class="actions">
        <button class="button" type="submit">${texts.showReceipts}</button>
        <a class="quiet" href="/history?again=1">${texts.otherContact}</a>
      </div>
    </form>
  </section>
`;

/** The buyer's receipts. */
export function historyPage(
  texts: Texts,
  { contact, receipts, next }: { contact: string; receipts: readonly BuyerReceipt[]; next?: string },
): Html {
  const { columns } = texts;
  return html`
    <section>
      <div class="heading">
        <h1>${texts.historyTitle}</h1>
        <form method="post" action="/history/leave">
          <span class="quiet">${contact}</span>
          <button class="plain" type="submit">${texts.leave}</button>
        </form>
      </div>
      ${
        receipts.length === 0
          ? html`<div class="card empty">
              <h2>${texts.noReceipts}</h2>
              <p>${texts.noReceiptsHint}</p>
            </div>`
          : html`<table class="card documents">
              <thead>
                <tr>
                  <th>${columns.document}</th>
                  <th>${columns.when}</th>
                  <th class="number">${columns.total}</th>
                  <th>${columns.seller}</th>
                </tr>
              </thead>
              <tbody>
                ${receipts.map(
                  (receipt) => html`
                    <tr>
                      <td class="what">
                        <a href="${receiptUrl(receipt)}"
                          >${formTitle(receipt.form, texts)} №&nbsp;${receipt.fdNumber}</a
                        >
                      </td>
                      <td data-label="${columns.when}">${localTime(receipt.at)}</td>
                      <td class="number" data-label="${columns.total}">
                        ${receipt.totalKop === null ? '' : `${money(receipt.totalKop, texts)} ₽`}
                      </td>
                      <td data-label="${columns.seller}">${receipt.enterprise}, ${receipt.place}</td>
                    </tr>
                  `,
                )}
              </tbody>
            </table>`
      }
      ${next && html`<p><a class="button" href="/history?before=${next}">${texts.older}</a></p>`}
    </section>
  `;
}
