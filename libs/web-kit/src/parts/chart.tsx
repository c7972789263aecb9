import { Skeleton } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import type { SeriesChartProps } from './series-chart';

const Loaded = lazy(() => import('./series-chart'));

/** A chart over time; its library comes when the first one is shown. */
export const Chart = (props: SeriesChartProps): ReactNode => (
  <Suspense fallback={<Skeleton height={(props.height ?? 200) + 30} />}>
    <Loaded {...props} />
  </Suspense>
);
