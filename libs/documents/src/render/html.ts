import type { Paper, PaperLine } from '../paper';
import { escapeMarkup } from './escape';
import { qrSvg } from './qr';

/** Rules of the paper alone, for pages that put `paperHtml` among other things. */
export const PAPER_STYLES = `.paper{box-sizing:border-box;max-width:80mm;min-width:0;margin:1.5em auto;padding:5mm 4mm;background:#fff;color:#111;font:13px/1.35 "Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;box-shadow:0 1px 4px #0003}
.paper p{margin:0;overflow-wrap:anywhere}.paper .gap{height:.5em}.paper .c{text-align:center}.paper .r{display:flex;justify-content:space-between;gap:1em}
.paper .r span{overflow-wrap:anywhere}.paper .r span:last-child{text-align:right}.paper .d1{padding-left:.8em}.paper .d2{padding-left:1.6em}
.paper .strong{font-weight:600}.paper .quiet{font-size:.85em;color:#555}.paper .total{font-size:1.45em;font-weight:700;margin:.15em 0}
.paper hr{border:0;border-top:1px dashed #888;margin:.55em 0}.paper .qr svg{display:block;width:42mm;max-width:100%;margin:1em auto 0}
.paper .note{margin:0 0 1em;padding:.5em;border:2px solid #b00020;color:#b00020;text-align:center;font-weight:600}`;

const PAGE_STYLES = `body{margin:0;background:#eceff1}@media print{@page{size:80mm auto;margin:0}body{background:#fff}.paper{box-shadow:none;margin:0 auto}}`;

const depthClass = (depth: number): string => (depth === 0 ? '' : ` d${Math.min(depth, 2)}`);

function lineHtml(line: PaperLine): string {
  switch (line.kind) {
    case 'rule':
      return '<hr>';
    case 'gap':
      return '<p class="gap"></p>';
    case 'note':
      return `<p class="note">${escapeMarkup(line.text)}</p>`;
    case 'qr':
      return `<div class="qr">${qrSvg(line.text)}</div>`;
    case 'text':
      return `<p class="${line.tone}${line.align === 'center' ? ' c' : ''}">${escapeMarkup(line.text)}</p>`;
    case 'pair':
      return `<p class="r ${line.tone}${depthClass(line.depth)}"><span>${escapeMarkup(line.name)}</span><span>${escapeMarkup(line.value)}</span></p>`;
  }
}

/** The paper as an element; its page brings `PAPER_STYLES`. */
export const paperHtml = (paper: Paper): string =>
  `<article class="paper" lang="ru" aria-label="${escapeMarkup(paper.title)}">\n${paper.lines.map(lineHtml).join('\n')}\n</article>`;

/** A page that needs nothing else: no script, no picture, no font from outside. */
export const toHtml = (paper: Paper): string => `<!doctype html>
<html lang="ru">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeMarkup(paper.title)}</title>
<style>
${PAPER_STYLES}
${PAGE_STYLES}
</style>
</head>
<body>
<main>${paperHtml(paper)}</main>
</body>
</html>
`;
