import { html, type Html } from '@kkt/web-server';
import type { ReportRow } from '../storage/report-reader';
import { localTime, money } from './format';
import type { Texts } from './texts';

const width = 1080;
const height = 220;
/** Room above and below the columns. */
const edge = 4;
const dayMs = 86_400_000;

/** Every day of a period, `YYYY-MM-DD`, the last included. */
export function daysOf(from: string, to: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += dayMs)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

/** Revenue of each day as a column; days without documents are gaps, a day of returns goes below the line. */
export function dayChart(
  rows: readonly ReportRow[],
  from: string,
  to: string,
  texts: Texts,
  label: string,
): Html {
  const byDay = new Map(rows.map((row) => [row.key, row]));
  const days = daysOf(from, to);
  const sums = days.map((day) => byDay.get(day)?.revenueKop ?? 0);
  const most = Math.max(1, ...sums);
  const least = Math.min(0, ...sums);
  const scale = (height - 2 * edge) / (most - least);
  const ground = edge + most * scale;
  const step = width / days.length;
  const total = sums.reduce((all, kop) => all + kop, 0);
  const columns = days.map((day, at) => {
    const kop = sums[at] ?? 0;
    const tall = Math.abs(kop) * scale;
    const y = kop >= 0 ? ground - tall : ground;
    const x = at * step + Math.min(3, step * 0.12);
    const wide = Math.max(1, step - 2 * Math.min(3, step * 0.12));
    return html`<rect
      class="${kop < 0 ? 'column minus' : 'column'}"
      x="${x.toFixed(1)}"
      y="${y.toFixed(1)}"
      width="${wide.toFixed(1)}"
      height="${Math.max(kop === 0 ? 0 : 1.5, tall).toFixed(1)}"
      rx="2"
    >
      <title>${localTime(day)}: ${money(kop, texts)} ₽</title>
    </rect>`;
  });
  return html`
    <svg
      class="chart"
      viewBox="0 0 ${width} ${height}"
      role="img"
      preserveAspectRatio="none"
      aria-label="${label}: ${localTime(from)} – ${localTime(to)}, ${money(total, texts)}"
    >
      <line class="grid" x1="0" x2="${width}" y1="${edge}" y2="${edge}" />
      <line class="grid" x1="0" x2="${width}" y1="${ground.toFixed(1)}" y2="${ground.toFixed(1)}" />
      ${columns}
    </svg>
    <div class="chart-axis">
      <span>${localTime(days[0] ?? '')}</span>
      <span>${days.length > 2 && localTime(days[Math.floor(days.length / 2)] ?? '')}</span>
      <span>${days.length > 1 && localTime(days.at(-1) ?? '')}</span>
    </div>
  `;
}
