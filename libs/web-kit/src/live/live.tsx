import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useSyncExternalStore } from 'react';
import { api } from '../api/client';
import type { ApplyPatch, LiveHub, LiveStatus } from './live-hub';

const Context = createContext<LiveHub | undefined>(undefined);

export const LiveProvider = ({ hub, children }: { hub: LiveHub; children: ReactNode }): ReactNode => (
  <Context value={hub}>{children}</Context>
);

const nothing: LiveStatus = { heardAt: 0, isAway: false, topics: 0 };
const never = (): (() => void) => () => undefined;

export function useLiveStatus(): LiveStatus {
  const hub = useContext(Context);
  return useSyncExternalStore(hub?.subscribe ?? never, hub?.snapshot ?? (() => nothing));
}

/**
 * Data that stays true while it is looked at: read once from `path`, then kept by the live stream.
 * `patch` puts partial changes in, for topics that send them.
 */
export function useLiveQuery<T>(
  topic: string,
  path: string,
  patch?: (before: T | undefined, change: never) => T | undefined,
): UseQueryResult<T> {
  const hub = useContext(Context);
  const query = useQuery<T>({
    queryKey: ['live', topic],
    queryFn: ({ signal }) => api.get<T>(path, signal),
    staleTime: 5_000,
    refetchOnWindowFocus: false,
  });
  const isFound = query.data !== undefined;
  useEffect(
    () => (isFound ? hub?.use(topic, patch as ApplyPatch | undefined) : undefined),
    [hub, topic, patch, isFound],
  );
  return query;
}
