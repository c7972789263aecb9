import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import UPlot from 'uplot';
import { useFormats, useTexts } from '../i18n/language';
import { kitTexts } from '../texts';
import type { Tone } from './state-badge';

export interface ChartSeries {
  label: string;
  tone: Tone;
  values: readonly (number | null)[];
  kind?: 'line' | 'bars';
}

export interface SeriesChartProps {
  /** Unix seconds. */
  times: readonly number[];
  series: readonly ChartSeries[];
  height?: number;
  /** What the chart shows, for those who do not see it. */
  label: string;
  /** How a value is written on the axis and in the legend. */
  formatValue?: (value: number) => string;
  /** How a moment is written, Unix seconds; the clock when absent. */
  formatTime?: (unixS: number) => string;
}

const leastAxisPx = 56;
const letterPx = 7;

/** Steps of the axis of values. */
const allSteps = [-3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap((power) =>
  [1, 2, 2.5, 5].map((step) => step * 10 ** power),
);
const wholeSteps = allSteps.filter((step) => Number.isInteger(step));

/** Things are counted: there is no half of one on the axis. */
const isCounted = ([, ...series]: UPlot.AlignedData): boolean =>
  series.every((values) => Array.from(values).every((value) => value == null || Number.isInteger(value)));

const colour = (element: Element, name: string): string =>
  getComputedStyle(element).getPropertyValue(name).trim();

/** Values over time. The data is replaced without building the chart anew. */
export default function SeriesChart({
  times,
  series,
  height = 200,
  label,
  formatValue,
  formatTime,
}: SeriesChartProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(undefined);
  const scheme = useComputedColorScheme('light');
  const formats = useFormats();
  const say = useTexts(kitTexts);
  const shape = JSON.stringify(series.map(({ label: name, tone, kind }) => [name, tone, kind]));
  const data: UPlot.AlignedData = [
    times as number[],
    ...series.map(({ values }) => values as (number | null)[]),
  ];
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const write =
      formatValue ?? ((value: number) => formats.number(value, value < 10 && value % 1 !== 0 ? 1 : 0));
    const writeTime = formatTime ?? ((at: number) => formats.clock(at));
    const axis: UPlot.Axis = {
      stroke: colour(element, '--kit-soft'),
      grid: { stroke: colour(element, '--kit-line'), width: 1 },
      ticks: { stroke: colour(element, '--kit-line'), width: 1 },
    };
    const bars = UPlot.paths.bars?.({ size: [0.8, 24] });
    const chart = new UPlot(
      {
        width: Math.max(element.clientWidth, 200),
        height,
        cursor: { y: false, points: { size: 6 } },
        scales: { x: { time: true }, y: { range: (_self, _min, max) => [0, Math.max(1, max * 1.1)] } },
        axes: [
          { ...axis, values: (_self, splits) => splits.map((at) => writeTime(at)), space: 60 },
          {
            ...axis,
            ...(formatValue ? {} : { incrs: () => (isCounted(latest.current) ? wholeSteps : allSteps) }),
            values: (_self, splits) => splits.map((value) => (value === null ? '' : write(value))),
            // As wide as its longest label: sums of a large shop have eight digits.
            size: (_self, labels: string[] | null) =>
              Math.max(
                leastAxisPx,
                14 + letterPx * Math.max(0, ...(labels ?? []).map((text) => text.length)),
              ),
          },
        ],
        series: [
          { value: (_self, at) => (at === null ? '—' : writeTime(at)), label: say('chart.time') },
          ...series.map((one): UPlot.Series => ({
            label: one.label,
            stroke: colour(element, `--kit-${one.tone}`),
            fill:
              one.kind === 'bars'
                ? `${colour(element, `--kit-${one.tone}`)}cc`
                : `${colour(element, `--kit-${one.tone}`)}1f`,
            width: one.kind === 'bars' ? 0 : 2,
            points: { show: false },
            ...(one.kind === 'bars' && bars && { paths: bars }),
            value: (_self, value) => (value === null || value === undefined ? '—' : write(value)),
          })),
        ],
      },
      latest.current,
      element,
    );
    plot.current = chart;
    const observer = new ResizeObserver(() =>
      chart.setSize({ width: Math.max(element.clientWidth, 200), height }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = undefined;
    };
    // The look of the series is in `shape`; their values come below.
  }, [shape, height, scheme, formats, say]);

  useEffect(() => plot.current?.setData(latest.current), [times, series]);

  return <div className="kit-chart" ref={box} role="img" aria-label={label} />;
}
