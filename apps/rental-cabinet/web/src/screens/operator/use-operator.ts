import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { OperatorMovePage, OperatorMoveView } from '@kkt/web-contract';
import { api } from '@kkt/web-kit';

const key = 'operator-move';
const lookAgainMs = 2_000;

export const useOperatorPage = (registerId: string) =>
  useQuery({
    queryKey: [key, registerId],
    queryFn: ({ signal }) => api.get<OperatorMovePage>(`registers/${registerId}/operator`, signal),
    refetchInterval: lookAgainMs,
  });

export const useOperatorMoves = () =>
  useQuery({
    queryKey: [key],
    queryFn: ({ signal }) => api.get<{ moves: OperatorMoveView[] }>('operator-moves', signal),
    refetchInterval: 10_000,
  });

/** Begins a change of operator, or gives it up. */
export function useMove(registerId: number) {
  const queries = useQueryClient();
  const onSuccess = () => queries.invalidateQueries({ queryKey: [key] });
  const begin = useMutation({
    mutationFn: (wish: { operatorId: number; serial: string; reason: string; hasContract: true }) =>
      api.post(`registers/${registerId}/operator`, wish),
    onSuccess,
  });
  const cancel = useMutation({
    mutationFn: () => api.post(`registers/${registerId}/operator/cancel`, {}),
    onSuccess,
  });
  return { begin, cancel };
}
