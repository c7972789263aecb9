import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  ExternalImportView,
  ExternalRegisterPage,
  ExternalRegistersView,
  ExternalRegisterView,
} from '@kkt/web-contract';
import { api, queryOf } from '@kkt/web-kit';

const key = 'external-registers';
const path = (id: string): string => `external-registers/${encodeURIComponent(id)}`;

/** What is typed of a register. */
export type ExternalFacts = Omit<ExternalRegisterView, 'id' | 'documents' | 'lastDocumentAt' | 'mayChange'>;

export const useExternals = () =>
  useQuery({
    queryKey: [key],
    queryFn: ({ signal }) => api.get<ExternalRegistersView>('external-registers', signal),
  });

export const useExternal = (id: string) =>
  useInfiniteQuery({
    queryKey: [key, id],
    queryFn: ({ pageParam, signal }) =>
      api.get<ExternalRegisterPage>(`${path(id)}${queryOf({ offset: pageParam })}`, signal),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last: ExternalRegisterPage) => last.next ?? undefined,
  });

/** Adds a register (no id), changes one, puts one away, adds and removes documents. */
export function useExternalChanges(id?: string) {
  const queries = useQueryClient();
  const onSuccess = () => queries.invalidateQueries({ queryKey: [key] });
  const save = useMutation({
    mutationFn: async (facts: ExternalFacts): Promise<{ id: string }> => {
      if (id === undefined) return api.post<{ id: string }>('external-registers', facts);
      await api.put(path(id), facts);
      return { id };
    },
    onSuccess,
  });
  const remove = useMutation({ mutationFn: () => api.remove(path(id ?? '')), onSuccess });
  const addDocuments = useMutation({
    mutationFn: (text: string) => api.post<ExternalImportView>(`${path(id ?? '')}/documents`, { text }),
    onSuccess,
  });
  const removeDocument = useMutation({
    mutationFn: ({ fn, fd }: { fn: string; fd: number }) =>
      api.remove(`${path(id ?? '')}/documents/${fn}/${fd}`),
    onSuccess,
  });
  return { save, remove, addDocuments, removeDocument };
}
