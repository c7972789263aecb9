import { html, type Html } from './html';

export type PageLanguage = 'ru' | 'en';

/** `lang` of the address, else what the browser asks for, else Russian. */
export function pageLanguage(asked: string | undefined, accept: string | undefined): PageLanguage {
  if (asked === 'ru' || asked === 'en') return asked;
  return /^\s*en\b/i.test(accept ?? '') ? 'en' : 'ru';
}

/** A page made here, without the browser part: it works also when that is not built. */
export const simplePage = (page: {
  language: PageLanguage;
  title: string;
  /** The same page in the other language. */
  otherLanguageUrl: string;
  /** Where {@link pagesCss} is served. */
  cssUrl: string;
  /** Seconds between reloads. */
  refreshS?: number;
  body: Html;
}): string =>
  html`<!doctype html>
    <html lang="${page.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        ${page.refreshS ? html`<meta http-equiv="refresh" content="${page.refreshS}" />` : null}
        <title>${page.title} · KKT Farm</title>
        <link rel="stylesheet" href="${page.cssUrl}" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
      </head>
      <body>
        <header>
          <strong>KKT Farm</strong>
          <a hreflang="${page.language === 'ru' ? 'en' : 'ru'}" href="${page.otherLanguageUrl}"
            >${page.language === 'ru' ? 'English' : 'Русский'}</a
          >
        </header>
        <main>${page.body}</main>
      </body>
    </html>`.text;

/** Style sheet of the simple pages. */
export const pagesCss = `
:root { color-scheme: light dark; --back: #f6f7f9; --card: #fff; --text: #1c2430; --dim: #5a6676; --line: #d8dee6;
  --link: #0b5cad; --ok: #12703a; --warn: #8a5300; --bad: #b3261e; --chip: #e9eef5; }
@media (prefers-color-scheme: dark) { :root { --back: #14181e; --card: #1c222b; --text: #e6eaf0; --dim: #a3afbf; --line: #343d4a;
  --link: #7db8f5; --ok: #6fd195; --warn: #f0b35c; --bad: #ff8a80; --chip: #2a3340; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
header, main { max-width: 60rem; margin: 0 auto; padding: 0.75rem 1rem; }
header { display: flex; justify-content: space-between; border-bottom: 1px solid var(--line); }
h1 { font-size: 1.5rem; margin: 0.5rem 0; } h2 { font-size: 1.125rem; margin: 1.5rem 0 0.5rem; }
a { color: var(--link); } a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.75rem 1rem; margin: 0.75rem 0; overflow-wrap: anywhere; }
.card h2, .card h3 { margin: 0.25rem 0; font-size: 1.0625rem; }
.row { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: baseline; }
.spread { justify-content: space-between; }
.dim { color: var(--dim); font-size: 0.9375rem; margin: 0.125rem 0; }
.chip { background: var(--chip); border-radius: 1rem; padding: 0.0625rem 0.625rem; font-size: 0.875rem; white-space: nowrap; }
.ok { color: var(--ok); } .warn { color: var(--warn); } .bad { color: var(--bad); }
pre { white-space: pre-wrap; margin: 0.5rem 0 0; font: inherit; }
form { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 0.75rem 0; }
input, select, button { font: inherit; padding: 0.375rem 0.625rem; border: 1px solid var(--line); border-radius: 0.375rem; background: var(--card); color: var(--text); min-height: 2.5rem; }
input[type='search'] { flex: 1 1 14rem; min-width: 0; } button { cursor: pointer; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: 0.375rem 0.5rem; border-bottom: 1px solid var(--line); }
td.number { text-align: right; font-variant-numeric: tabular-nums; } .scroll { overflow-x: auto; }
.bars { display: flex; gap: 2px; height: 2rem; align-items: stretch; } .bars span { flex: 1 1 0; background: var(--line); border-radius: 2px; min-width: 2px; }
@media (max-width: 40rem) { .bars { gap: 1px; } .bars span { min-width: 1px; border-radius: 0; } }
.bars .ok { background: var(--ok); } .bars .warn { background: var(--warn); } .bars .bad { background: var(--bad); }
`;
