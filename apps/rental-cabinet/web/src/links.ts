import { queryOf } from '@kkt/web-kit';

/** Addresses of the cabinet's pages. */
export const links = {
  receipts: (filter: { state?: string; group?: string; from?: string; to?: string } = {}): string =>
    `/receipts${queryOf(filter)}`,
  receipt: (id: string): string => `/receipts/${id}`,
  registers: (filter: { condition?: string; group?: string } = {}): string => `/registers${queryOf(filter)}`,
  register: (id: number): string => `/registers/${id}`,
  document: (fn: string, fd: number): string => `/documents/${fn}/${fd}`,
};
