import { Skeleton } from '@mantine/core';
import { ErrorState } from '../parts/states';
import type { ReactNode } from 'react';
import type { Pages } from './use-pages';

/** A paged list in each of its states. */
export function Paged<T>({ pages, children }: { pages: Pages<T>; children: ReactNode }): ReactNode {
  if (pages.error) return <ErrorState error={pages.error} retry={pages.retry} />;
  return pages.isLoading ? <Skeleton height={240} /> : children;
}
