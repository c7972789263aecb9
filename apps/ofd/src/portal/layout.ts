import { html, type Html } from '@kkt/web-server';
import { STYLES_URL } from './styles';
import type { Texts } from './texts';

export interface PageFrame {
  texts: Texts;
  operatorName: string;
  /** Shown in the browser's tab. */
  title: string;
  /** The same page in the other language. */
  otherLanguageUrl: string;
  body: Html;
}

/** The whole page around its body. */
export function page({ texts, operatorName, title, otherLanguageUrl, body }: PageFrame): string {
  const other = texts.language === 'ru' ? 'en' : 'ru';
  return html`<!doctype html>
    <html lang="${texts.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · ${operatorName}</title>
        <link rel="stylesheet" href="${STYLES_URL}" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
      </head>
      <body>
        <header class="top">
          <a class="brand" href="/"><span class="mark" aria-hidden="true"></span>${operatorName}</a>
          <a class="office" href="/business">${texts.businessLink}</a>
          <a class="mine" href="/history">${texts.historyLink}</a>
          <a class="lang" hreflang="${other}" href="${otherLanguageUrl}">${texts.otherLanguage}</a>
        </header>
        <main>${body}</main>
        <footer>${texts.footer}</footer>
      </body>
    </html>`.text;
}

/** A page that says what happened and what to do next. */
export const message = (heading: string, hint: string, texts: Texts): Html => html`
  <section class="card empty">
    <h1>${heading}</h1>
    <p>${hint}</p>
    <a class="button" href="/">${texts.newSearch}</a>
  </section>
`;
