import type { ErrorBody } from '@kkt/web-contract';

/** An answer that is not what was asked for. Code `NETWORK` when there was no answer at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: Readonly<Record<string, string[]>> = {},
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

async function call<T>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/${path}`, {
      method,
      credentials: 'same-origin',
      headers: { 'x-kkt-web': '1', ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
      signal,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'NETWORK', 'No answer');
  }
  if (response.status === 204) return undefined as T;
  const answer = (await response.json().catch(() => undefined)) as { error?: ErrorBody } | T | undefined;
  if (response.ok) return answer as T;
  const error = (answer as { error?: ErrorBody } | undefined)?.error;
  throw new ApiError(
    response.status,
    error?.code ?? `HTTP-${response.status}`,
    error?.message ?? response.statusText,
    error?.fields,
  );
}

/** Our own server. Paths are below `/api/`. */
export const api = {
  get: <T>(path: string, signal?: AbortSignal): Promise<T> => call<T>('GET', path, undefined, signal),
  post: <T>(path: string, body: object): Promise<T> => call<T>('POST', path, body),
  put: <T>(path: string, body: object): Promise<T> => call<T>('PUT', path, body),
  remove: <T>(path: string): Promise<T> => call<T>('DELETE', path),
};

/** Query text of what is set; with its question mark, or empty. */
export function queryOf(values: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(values))
    if (value !== undefined && value !== '') query.set(key, String(value));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
