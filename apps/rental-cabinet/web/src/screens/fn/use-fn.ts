import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FnApplicationView, FnRenewalView, FnWorkflowView, OwnDriveView } from '@kkt/web-contract';
import { api } from '@kkt/web-kit';

const key = 'fn';
const lookAgainMs = 5_000;

export const useRenewals = () =>
  useQuery({
    queryKey: [key, 'renewals'],
    queryFn: ({ signal }) => api.get<{ renewals: FnRenewalView[] }>('fn/renewals', signal),
  });

export const useWorkflows = () =>
  useQuery({
    queryKey: [key, 'workflows'],
    queryFn: ({ signal }) => api.get<{ workflows: FnWorkflowView[] }>('fn/workflows', signal),
    refetchInterval: lookAgainMs,
  });

export const useApplications = () =>
  useQuery({
    queryKey: [key, 'applications'],
    queryFn: ({ signal }) => api.get<{ applications: FnApplicationView[] }>('fn/applications', signal),
    refetchInterval: lookAgainMs,
  });

export const useDrives = () =>
  useQuery({
    queryKey: [key, 'drives'],
    queryFn: ({ signal }) => api.get<{ drives: OwnDriveView[] }>('fn/drives', signal),
  });

const isOver = ({ state }: FnApplicationView): boolean => state === 'card' || state === 'cancelled';

export const useApplication = (id: string) =>
  useQuery({
    queryKey: [key, 'applications', id],
    queryFn: ({ signal }) => api.get<FnApplicationView>(`fn/applications/${encodeURIComponent(id)}`, signal),
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : 2_000),
  });

export function useFnChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: [key] });
}

/** Moves an application on. */
export function useMove(id: string) {
  const changed = useFnChanged();
  return useMutation({
    mutationFn: (body: { state: string; rnm?: string; cardNumber?: string; cardDate?: string }) =>
      api.post<FnApplicationView>(`fn/applications/${encodeURIComponent(id)}/state`, body),
    onSuccess: changed,
  });
}
