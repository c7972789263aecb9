import { useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  AutoTopUpView,
  CardPaymentView,
  CardRefundView,
  MoneyView,
  OperationsView,
  PaperBrief,
} from '@kkt/web-contract';
import { api, queryOf } from '@kkt/web-kit';

/** Everything about money hangs below this key. */
const key = 'money';

export const useMoney = () =>
  useQuery({
    queryKey: [key, 'state'],
    queryFn: ({ signal }) => api.get<MoneyView>('money', signal),
    refetchInterval: 30_000,
  });

export const useOperations = (from: string, to: string) =>
  useQuery({
    queryKey: [key, 'operations', from, to],
    queryFn: ({ signal }) => api.get<OperationsView>(`money/operations${queryOf({ from, to })}`, signal),
  });

export const usePapers = () =>
  useQuery({
    queryKey: [key, 'papers'],
    queryFn: ({ signal }) => api.get<{ papers: PaperBrief[] }>('money/papers', signal),
  });

export const useAuto = () =>
  useQuery({
    queryKey: [key, 'auto'],
    queryFn: ({ signal }) => api.get<AutoTopUpView>('money/auto', signal),
    refetchInterval: 30_000,
  });

/** Receipts follow some seconds after payments. */
const lookAgainMs = 2_000;

export const useCards = () =>
  useQuery({
    queryKey: [key, 'cards'],
    queryFn: ({ signal }) =>
      api.get<{ payments: CardPaymentView[]; refunds: CardRefundView[] }>('money/cards', signal),
    refetchInterval: ({ state }) =>
      state.data?.payments.some(({ receipt }) => receipt === 'awaited' || receipt === 'sent')
        ? lookAgainMs
        : false,
  });

/** Shows everything about money anew. */
export function useMoneyChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: [key] });
}

export const paperHref = (number: string): string =>
  `/api/money/papers/${encodeURIComponent(number)}/file.pdf`;

/** Starts the browser's download of a paper. */
export function downloadPaper(number: string): void {
  const link = document.createElement('a');
  link.href = paperHref(number);
  link.download = '';
  link.click();
}

/** Today in Moscow, and days around it. */
export const moscowToday = (): string => new Date(Date.now() + 3 * 3_600_000).toISOString().slice(0, 10);
export const dayBefore = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
