/** Pages for enterprises: reports and the registry of KKTs. */
export const BUSINESS_STYLES = `
.tabs { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 20px; }
.tabs a { padding: 7px 14px; border-radius: 99px; text-decoration: none; color: var(--ink); border: 1px solid var(--line); background: var(--card); font-size: .92rem; }
.tabs a:hover { border-color: var(--accent); }
.tabs a[aria-current] { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); font-weight: 600; }
.filter { margin-top: 16px; padding: 16px 20px; }
.filter-fields { display: flex; flex-wrap: wrap; gap: 14px; align-items: end; }
.filter .field-day { flex: 0 1 170px; }
.filter .field-enterprise { flex: 1 1 260px; }
.filter select {
  width: 100%; min-width: 0; height: 46px; padding: 0 10px; border: 1px solid var(--line); border-radius: 10px;
  background: var(--card); color: inherit; font: inherit;
}
.figures { display: grid; gap: 14px; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); margin-top: 16px; }
.figure { padding: 14px 18px; display: grid; gap: 2px; }
.figure span { color: var(--soft); font-size: .85rem; }
.figure b { font-size: 1.35rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.chart-card { margin: 16px 0 0; padding: 16px 20px; }
.chart-card figcaption { font-weight: 600; font-size: .9rem; margin-bottom: 10px; }
.chart { display: block; width: 100%; height: 200px; }
.chart .column { fill: var(--accent); }
.chart .column:hover { filter: brightness(1.2); }
.chart .minus { fill: var(--warn); }
.chart .grid { stroke: var(--line); stroke-width: 1; vector-effect: non-scaling-stroke; }
.chart-axis { display: flex; justify-content: space-between; color: var(--soft); font-size: .8rem; margin-top: 6px; }
.report .what { font-weight: 600; overflow-wrap: anywhere; }
.report td:nth-child(2) { white-space: normal; }
@media (max-width: 860px) {
  .report td { display: flex; justify-content: space-between; gap: 12px; grid-column: 1 / -1 !important; grid-row: auto !important; order: 0 !important; text-align: right; }
  .report td:not(.what)::before { content: attr(data-label); color: var(--soft); text-align: left; font-weight: 400; }
  .report td.number { font-weight: 400; font-size: .9rem; }
  .report .what { text-align: left; }
  .filter .field-day { flex: 1 1 130px; }
  .filter .button { width: 100%; }
}
`;
