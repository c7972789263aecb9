import { useInfiniteQuery } from '@tanstack/react-query';
import type { Page } from '@kkt/web-contract';
import { api, queryOf } from '../api/client';

export interface Pages<T> {
  rows: T[];
  isLoading: boolean;
  error: unknown;
  more: { load(): void; isLoading: boolean } | undefined;
  retry(): void;
}

/** A list that is read page by page; its filter is part of its name. */
export function usePages<T>(
  path: string,
  filter: Readonly<Record<string, string | undefined>>,
  mark = 'after',
): Pages<T> {
  const query = useInfiniteQuery({
    queryKey: ['pages', path, filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<T>>(`${path}${queryOf({ ...filter, [mark]: pageParam })}`, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Page<T>) => last.next ?? undefined,
  });
  return {
    rows: query.data?.pages.flatMap((page) => page.rows) ?? [],
    isLoading: query.isPending,
    error: query.error,
    more: query.hasNextPage
      ? { load: () => void query.fetchNextPage(), isLoading: query.isFetchingNextPage }
      : undefined,
    retry: () => void query.refetch(),
  };
}
