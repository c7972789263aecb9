import { hash } from 'node:crypto';

/** JSON with the keys of every object in order, so that equal requests are equal texts. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
}

/** SHA-256 of a request, hex: the same whatever the order of its keys. */
export const requestHash = (request: unknown): string => hash('sha256', canonical(request), 'hex');
