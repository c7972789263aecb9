import { useQueryClient } from '@tanstack/react-query';

/** Asks for the company anew after a change. */
export function useCompanyChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['company'] });
}
