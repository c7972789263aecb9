import { queryOf } from '@kkt/web-kit';

/** Addresses of the cabinet's pages. */
export const links = {
  receipts: (filter: { state?: string; group?: string; from?: string; to?: string } = {}): string =>
    `/receipts${queryOf(filter)}`,
  receipt: (id: string): string => `/receipts/${id}`,
  registers: (filter: { condition?: string; group?: string } = {}): string => `/registers${queryOf(filter)}`,
  register: (id: number): string => `/registers/${id}`,
  operator: (registerId: number): string => `/registers/${registerId}/operator`,
  external: (id: string): string => `/external/${id}`,
  support: (about?: { kind: 'receipt' | 'register'; id: string; name: string }): string =>
    `/support${queryOf(about ? { about: about.kind, id: about.id, name: about.name } : {})}`,
  ticket: (id: number): string => `/support/${id}`,
  money: (): string => '/money',
  orders: (): string => '/order',
  order: (id: string): string => `/orders/${id}`,
  fn: (): string => '/fn',
  registration: (id: string): string => `/registration/${id}`,
  document: (fn: string, fd: number): string => `/documents/${fn}/${fd}`,
};
