import type { DocumentView } from '../storage/document-reader';
import { localTime, moment } from './format';
import { html, type Html } from '@kkt/web-server';
import { receiptPaper } from './receipt-paper';
import { tagName, tagRows } from './tag-rows';
import type { Texts } from './texts';

export interface ReceiptPage {
  texts: Texts;
  document: DocumentView;
  qrSvg?: Html;
  utcOffsetMinutes: number;
}

/** One document: the paper, its way to the tax service, and every requisite. */
export function receiptPage(view: ReceiptPage): Html {
  const { texts, document, qrSvg } = view;
  return html`
    <div class="receipt">
      ${receiptPaper(document, qrSvg, texts)}
      <div class="side">
        ${way(view)} ${violations(view)}
        <section class="card links">
          ${qrSvg && html`<p>${texts.scan}</p>`}
          <a href="/receipt/${document.fnNumber}/${document.fdNumber}/${document.fiscalSign}/pdf"
            >${texts.asPdf}</a
          >
          <a href="/api/documents/${document.fnNumber}/${document.fdNumber}?fp=${document.fiscalSign}"
            >${texts.asJson}</a
          >
          <a href="/">${texts.newSearch}</a>
        </section>
        ${requisites(view)}
      </div>
    </div>
  `;
}

function way({ texts, document, utcOffsetMinutes }: ReceiptPage): Html {
  const { stage, at } = document.tax;
  const taxText = { new: texts.waitsForTax, sent: texts.sentToTax, accepted: texts.passedToTax }[stage];
  const step = (isDone: boolean, heading: string, details: Html): Html => html`
    <li class="${isDone ? 'done' : 'waiting'}">
      <b>${heading}</b>
      <span>${details}</span>
    </li>
  `;
  return html`
    <section class="card">
      <h2>${texts.way}</h2>
      <ol class="way">
        ${step(true, texts.madeByKkt, html`${localTime(document.at)}, ${texts.localTime}`)}
        ${step(
          true,
          texts.acceptedByOperator,
          html`${moment(document.receivedAt, utcOffsetMinutes)}, ${texts.confirmationSent}`,
        )}
        ${step(stage === 'accepted', taxText, html`${at && moment(at, utcOffsetMinutes)}`)}
      </ol>
    </section>
  `;
}

function violations({ texts, document }: ReceiptPage): Html | false {
  return (
    document.violations.length > 0 &&
    html`
      <section class="card warning">
        <h2>${texts.violations}</h2>
        <p>${texts.violationsNote}</p>
        <ul>
          ${document.violations.map((violation) => violationLine(violation, texts))}
        </ul>
      </section>
    `
  );
}

function violationLine({ path, tag, problem }: DocumentView['violations'][number], texts: Texts): Html {
  const text = texts.problems[problem as keyof Texts['problems']] ?? problem;
  return html`<li><code>${path}</code> ${tagName(tag, texts)}: ${text}</li>`;
}

function requisites({ texts, document }: ReceiptPage): Html {
  return html`
    <details class="card requisites">
      <summary>${texts.requisites}</summary>
      <table>
        <thead>
          <tr>
            <th>${texts.tag}</th>
            <th>${texts.name}</th>
            <th>${texts.value}</th>
            <th>${texts.bytes}</th>
          </tr>
        </thead>
        <tbody>
          ${tagRows(document.tlv, texts).map(
            (row) => html`
              <tr class="depth-${Math.min(row.depth, 3)}">
                <td class="mono">${row.tag}</td>
                <td>${row.name}</td>
                <td>${row.value}</td>
                <td class="mono hex">${row.hex}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </details>
  `;
}
