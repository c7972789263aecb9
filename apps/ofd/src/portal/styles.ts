import { createHash } from 'node:crypto';
import { BUSINESS_STYLES } from './business-styles';

/** The portal's one stylesheet: from a phone of 360 px to a screen of 1920, light and dark, and on paper. */
export const STYLES = `
:root {
  --ink: #16202e; --soft: #5c6a7d; --line: #dde3ea; --ground: #f3f6f9; --card: #fff;
  --accent: #0b6b5d; --accent-ink: #fff; --accent-soft: #e2f3ef; --wrong: #b3261e; --warn: #8a5a00; --warn-soft: #fff4dc;
  --blue-soft: #e6eefb; --blue: #1f4f99; --shadow: 0 1px 2px rgb(16 32 48 / 6%), 0 8px 24px rgb(16 32 48 / 6%);
  --mono: ui-monospace, "JetBrains Mono", "DejaVu Sans Mono", Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e7edf4; --soft: #9aa8ba; --line: #2b3746; --ground: #10161e; --card: #18212c;
    --accent: #38b29d; --accent-ink: #06201b; --accent-soft: #12342e; --wrong: #ff8f86; --warn: #f3c566; --warn-soft: #3a2e12;
    --blue-soft: #1b2c47; --blue: #9dc0f5; --shadow: none;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
}
a { color: var(--accent); text-underline-offset: 3px; }
h1, h2 { line-height: 1.2; margin: 0; text-wrap: balance; }
h1 { font-size: clamp(1.6rem, 1.1rem + 2vw, 2.4rem); letter-spacing: -0.02em; }
h2 { font-size: 1.2rem; }
p { margin: 0; }
small { font-size: .8rem; }
main, .top, footer { width: 100%; max-width: 1180px; margin: 0 auto; padding: 0 16px; }
main { flex: 1; display: grid; gap: 28px; align-content: start; padding-bottom: 40px; }
.top { display: flex; justify-content: space-between; align-items: center; padding-top: 16px; padding-bottom: 20px; }
.brand { display: flex; gap: 10px; align-items: center; font-weight: 700; text-decoration: none; color: var(--ink); }
.mark { flex: none; width: 26px; height: 26px; border-radius: 8px; background: var(--accent);
  box-shadow: inset 0 0 0 7px var(--accent), inset 0 0 0 9px var(--accent-ink); }
.lang { font-size: .9rem; }
footer { padding-top: 20px; padding-bottom: 24px; color: var(--soft); font-size: .85rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; box-shadow: var(--shadow); }
.mono { font-family: var(--mono); font-size: .86em; }
.lead { color: var(--soft); max-width: 62ch; margin-top: 10px; }
.note { color: var(--soft); font-size: .85rem; margin-top: 10px; }
.button {
  display: inline-block; border: 0; border-radius: 10px; padding: 11px 22px; background: var(--accent); color: var(--accent-ink);
  font: inherit; font-weight: 600; cursor: pointer; text-decoration: none;
}
.button:hover { filter: brightness(1.08); }
/* Scanner and the buyer's pages. */
.secondary { background: var(--accent-soft); color: var(--accent); }
.scan { display: flex; flex-wrap: wrap; gap: 10px; align-items: center; margin-top: 16px; }
.scan[hidden] { display: none; }
.scan input { position: absolute; opacity: 0; width: 1px; height: 1px; }
.scan label:focus-within { outline: 3px solid color-mix(in srgb, var(--accent) 45%, transparent); outline-offset: 2px; }
.scan video { flex-basis: 100%; width: 100%; max-width: 480px; border-radius: 14px; background: #000; }
.scan video[hidden] { display: none; }
.narrow { max-width: 560px; }
.narrow form { display: grid; gap: 16px; justify-items: start; }
.narrow .field { width: 100%; }
.plain { border: 0; background: none; color: var(--accent); font: inherit; text-decoration: underline; cursor: pointer; }
.office { margin-left: auto; margin-right: 18px; font-size: .9rem; }
.mine { margin-right: 18px; font-size: .9rem; }
.quiet { color: var(--soft); font-size: .9rem; }
:focus-visible { outline: 3px solid color-mix(in srgb, var(--accent) 45%, transparent); outline-offset: 2px; }

.search { margin-top: 22px; padding: clamp(16px, 2.4vw, 28px); }
.fields { display: grid; gap: 14px 18px; grid-template-columns: repeat(12, 1fr); align-items: start; }
.field { display: grid; gap: 4px; grid-column: span 4; min-width: 0; }
.field-fn { grid-column: span 6; }
.field-fd, .field-fp { grid-column: span 3; }
.field > span { font-weight: 600; font-size: .9rem; }
.field small { color: var(--soft); min-height: 1.2em; }
.field input {
  width: 100%; min-width: 0; height: 46px; padding: 0 12px; border: 1px solid var(--line); border-radius: 10px;
  background: var(--card); color: inherit; font: inherit; font-variant-numeric: tabular-nums;
}
.field input:focus { border-color: var(--accent); }
.wrong input { border-color: var(--wrong); }
.wrong small, .problem { color: var(--wrong); }
.problem { margin-bottom: 14px; font-weight: 600; }
.actions { grid-column: span 4; display: flex; gap: 18px; align-items: center; min-height: 46px; margin-top: 26px; }
.or { display: flex; align-items: center; gap: 14px; margin: 8px 0 12px; color: var(--soft); font-size: .85rem; }
.or::before, .or::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
.empty { padding: clamp(20px, 4vw, 40px); display: grid; gap: 12px; justify-items: start; max-width: 760px; }
.empty p, .empty ul { color: var(--soft); }
.empty ul { margin: 0; padding-left: 20px; }

.heading { display: flex; flex-wrap: wrap; gap: 6px 20px; justify-content: space-between; align-items: baseline; }
.numbers { color: var(--soft); font-size: .9rem; }
.numbers b { color: var(--ink); font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; }
.documents { margin-top: 14px; border-collapse: separate; border-spacing: 0; overflow: hidden; }
.documents th { text-align: left; font-size: .8rem; font-weight: 600; color: var(--soft); padding: 12px 14px; }
.documents td { padding: 11px 14px; border-top: 1px solid var(--line); vertical-align: top; }
.documents tbody tr:hover { background: color-mix(in srgb, var(--accent) 5%, transparent); }
.documents .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.documents td:nth-child(2) { white-space: nowrap; }
.what a { font-weight: 600; text-decoration: none; }
.what a:hover { text-decoration: underline; }
.chip { display: inline-block; padding: 2px 10px; border-radius: 99px; font-size: .8rem; white-space: nowrap;
  background: var(--blue-soft); color: var(--blue); }
.chip.accepted { background: var(--accent-soft); color: var(--accent); }
.chip.warn { background: var(--warn-soft); color: var(--warn); }

.receipt { display: grid; gap: 24px; grid-template-columns: minmax(0, 460px) minmax(0, 1fr); align-items: start; }
.side { display: grid; gap: 20px; }
.side .card:not(.requisites) { padding: 20px 22px; }
.paper {
  --tooth: 8px;
  background: #fff; color: #17191c; padding: 30px 26px 34px; font: 14px/1.45 var(--mono); color-scheme: light;
  filter: drop-shadow(0 2px 3px rgb(16 32 48 / 14%)) drop-shadow(0 10px 24px rgb(16 32 48 / 10%));
  mask: linear-gradient(#000 0 0) 0 0 / 100% calc(100% - var(--tooth)) no-repeat,
    conic-gradient(from -45deg at bottom, #000 90deg, #0000 0) 50% 100% / calc(2 * var(--tooth)) var(--tooth) repeat-x;
}
.paper header { text-align: center; display: grid; gap: 6px; overflow-wrap: anywhere; }
.paper header strong { font-size: 1.05rem; }
.paper h1 { font: 700 1.15rem/1.3 var(--mono); text-align: center; margin: 18px 0 0; letter-spacing: 0; }
.paper .sign { text-align: center; font-weight: 700; }
.paper dl { margin: 14px 0 0; display: grid; gap: 3px; }
.paper dl div { display: flex; justify-content: space-between; gap: 16px; }
.paper dt { color: #4b5563; min-width: 0; }
.paper dd { margin: 0; text-align: right; overflow-wrap: anywhere; flex: none; max-width: 66%; }
.paper .items { list-style: none; margin: 16px 0 0; padding: 12px 0; display: grid; gap: 12px; border: dashed #9aa3ad; border-width: 1px 0; }
.paper .name { overflow-wrap: anywhere; }
.paper .line { display: flex; justify-content: space-between; gap: 12px; }
.paper .line span:last-child { white-space: nowrap; }
.paper .small { font-size: .82em; color: #4b5563; }
.paper .total { display: flex; justify-content: space-between; font-size: 1.35rem; font-weight: 700; margin-top: 14px; }
.qr { margin: 22px auto 4px; width: min(220px, 70%); }
.qr svg { display: block; width: 100%; height: auto; }
.way { list-style: none; margin: 14px 0 0; padding: 0; }
.way li { position: relative; padding: 0 0 18px 30px; display: grid; }
.way li:last-child { padding-bottom: 0; }
.way li::before { content: ""; position: absolute; left: 2px; top: 4px; width: 14px; height: 14px; border-radius: 50%;
  border: 2px solid var(--accent); background: var(--accent); }
.way li.waiting::before { background: var(--card); border-color: var(--soft); }
.way li:not(:last-child)::after { content: ""; position: absolute; left: 10px; top: 24px; bottom: 2px; border-left: 2px solid var(--line); }
.way span { color: var(--soft); font-size: .9rem; }
.warning { border-color: color-mix(in srgb, var(--warn) 40%, transparent); background: var(--warn-soft); }
.warning ul { margin: 10px 0 0; padding-left: 18px; font-size: .9rem; overflow-wrap: anywhere; }
.links { display: flex; flex-wrap: wrap; gap: 10px 22px; }
.links p { flex-basis: 100%; color: var(--soft); font-size: .9rem; }
.requisites summary { padding: 16px 22px; font-weight: 600; cursor: pointer; }
.requisites th { text-align: left; font-size: .8rem; color: var(--soft); padding: 8px 14px; }
.requisites td { font-size: .9rem; padding: 6px 12px; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
.requisites td:first-child, .requisites th:first-child { padding-left: 22px; }
.requisites td:first-child { white-space: nowrap; }
.requisites .hex { color: var(--soft); word-break: break-all; width: 26%; font-size: .72rem; }
.depth-1 td:first-child { padding-left: 40px; }
.depth-2 td:first-child { padding-left: 58px; }
.depth-3 td:first-child { padding-left: 76px; }

@media (max-width: 860px) {
  .receipt { grid-template-columns: minmax(0, 1fr); }
  .paper { max-width: 460px; width: 100%; margin: 0 auto; }
  .field, .field-fn, .actions { grid-column: span 12; }
  .field-fd, .field-fp, .field-date, .field-sum { grid-column: span 6; }
  .actions { margin-top: 0; }
}
@media (max-width: 860px) {
  .documents thead { display: none; }
  .documents tr { display: grid; grid-template-columns: 1fr auto; gap: 2px 12px; padding: 14px 16px; border-top: 1px solid var(--line); }
  .documents tbody tr:first-child { border-top: 0; }
  .documents td { padding: 0; border: 0; font-size: .9rem; }
  .documents .what { grid-column: 1; font-size: 1rem; }
  .documents .number { grid-column: 2; grid-row: 1; font-weight: 600; font-size: 1rem; }
  .documents td:nth-child(2) { color: var(--soft); }
  .documents td:nth-child(4) { grid-column: 1 / -1; order: 2; }
  .documents td:nth-child(5) { grid-column: 1 / -1; order: 3; color: var(--soft); }
  .documents td:nth-child(6) { grid-column: 2; grid-row: 2; text-align: right; }
}
@media (max-width: 560px) {
  .requisites thead { display: none; }
  .requisites tr { display: grid; grid-template-columns: 62px 1fr; padding: 8px 0; border-top: 1px solid var(--line); }
  .requisites td { border: 0; padding: 0 16px 0 0; font-size: .88rem; grid-column: 2; }
  .requisites td:first-child { grid-column: 1; grid-row: 1 / span 2; padding-left: 16px; color: var(--soft); }
  .requisites td:nth-child(2) { color: var(--soft); }
  .requisites .hex { display: none; }
  .requisites tr.depth-1, .requisites tr.depth-2, .requisites tr.depth-3 { border-top-style: dotted; }
  .requisites tr.depth-1 { padding-left: 12px; }
  .requisites tr.depth-2, .requisites tr.depth-3 { padding-left: 24px; }
}
@media (max-width: 420px) {
  .top { flex-wrap: wrap; gap: 8px 14px; }
  .top .brand { flex: 1 0 100%; }
  .office { margin-left: 0; margin-right: 0; }
  .mine { margin-right: 0; }
  .field-date, .field-sum { grid-column: span 12; }
}
${BUSINESS_STYLES}
@media print {
  body { background: #fff; }
  .top, footer, .side, .requisites { display: none; }
  .receipt { display: block; }
  .paper { filter: none; mask: none; margin: 0 auto; }
}
`;

export const FAVICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#0b6b5d"/><path d="M10 7h12v18l-3-2-3 2-3-2-3 2z" fill="#fff"/><path d="M13 12h6M13 16h6" stroke="#0b6b5d" stroke-width="1.6"/></svg>';

/** Changes with the styles, so that browsers may keep them for ever. */
export const STYLES_URL = `/portal.css?v=${createHash('sha256').update(STYLES).digest('hex').slice(0, 12)}`;
