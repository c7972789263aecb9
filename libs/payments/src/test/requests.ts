import type { CallbackRequest, ConnectionFacts, ConnectionSettings, ProviderName } from '../core/types';

/** A callback as a test sends it. */
export const posted = (body: string, headers: Record<string, string> = {}): CallbackRequest => ({
  method: 'POST',
  raw: Buffer.from(body),
  query: '',
  headers,
  address: '127.0.0.1',
});

export const got = (query: string): CallbackRequest => ({
  method: 'GET',
  raw: Buffer.alloc(0),
  query,
  headers: {},
  address: '127.0.0.1',
});

export const connectionOf = (
  provider: ProviderName,
  secrets: Record<string, string>,
  settings: Partial<ConnectionSettings> = {},
): ConnectionFacts => ({
  provider,
  secrets,
  settings: { mode: 'live', partialRefund: 'split', ...settings },
});
