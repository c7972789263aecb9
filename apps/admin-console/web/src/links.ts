import type { AlertView } from '@kkt/web-contract';
import { queryOf } from '@kkt/web-kit';

/** Addresses of the console's pages. */
export const links = {
  rack: (dc: string, rack: string): string => `/racks/${encodeURIComponent(dc)}/${encodeURIComponent(rack)}`,
  register: (id: number | string): string => `/registers/${id}`,
  registers: (filter: { condition?: string; operator?: string; unsent?: string } = {}): string =>
    `/registers${queryOf(filter)}`,
  receipt: (id: string): string => `/receipts/${id}`,
  receipts: (filter: { state?: string; group?: string } = {}): string => `/receipts${queryOf(filter)}`,
  document: (fn: string, fd: number | string): string => `/documents/${fn}/${fd}`,
  documents: (filter: { fn?: string; register?: string; shift?: string } = {}): string =>
    `/documents${queryOf(filter)}`,
  search: (q: string): string => `/search${queryOf({ q })}`,
};

/** The page of what an alert or a journal row is about, if there is one. */
export function objectLink({
  objectKind,
  objectId,
}: Pick<AlertView, 'objectKind' | 'objectId'>): string | undefined {
  switch (objectKind) {
    case 'register':
      return links.register(objectId);
    case 'receipt':
      return links.receipt(objectId);
    case 'group':
      return links.receipts({ group: objectId });
    case 'operator':
      return '/operators';
    case 'alert':
      return `/alerts?id=${objectId}`;
    case 'driver':
      return '/queues';
    default:
      return undefined;
  }
}
