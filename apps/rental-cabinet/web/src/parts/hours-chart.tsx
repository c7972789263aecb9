import type { HomeView } from '@kkt/web-contract';
import { Chart, useNow, useTexts } from '@kkt/web-kit';
import { type ReactNode, useMemo } from 'react';
import { texts } from '../texts';

const hourS = 3_600;
const moscowS = 3 * hourS;

/** Receipts of the present Moscow day, a bar for each hour. */
export function HoursChart({ hours }: { hours: HomeView['hours'] }): ReactNode {
  const say = useTexts(texts);
  const now = useNow(60_000);
  const midnightS = Math.floor((now / 1000 + moscowS) / 86_400) * 86_400 - moscowS;
  const times = useMemo(() => Array.from({ length: 24 }, (_, hour) => midnightS + hour * hourS), [midnightS]);
  const series = useMemo(() => {
    const byHour = new Map(hours.map(({ hour, receipts }) => [hour, receipts]));
    return [
      {
        label: say('home.chartReceipts'),
        tone: 'info' as const,
        kind: 'bars' as const,
        values: times.map((_, hour) => byHour.get(hour) ?? 0),
      },
    ];
  }, [hours, times, say]);
  const total = hours.reduce((sum, { receipts }) => sum + receipts, 0);
  return <Chart times={times} series={series} label={say('home.chartLabel', { n: total })} />;
}
