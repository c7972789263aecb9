import { FarmError } from '@kkt/contracts';
import { oneHeader, type HttpRequest } from './http';

/** A header that no plain form or link can send; our own pages always do. */
export const ownHeader = 'x-kkt-web';

const hostOf = (origin: string | undefined): string | undefined => {
  try {
    return origin === undefined ? undefined : new URL(origin).host;
  } catch {
    return undefined;
  }
};

/**
 * Refuses state-changing requests that another site may have caused: the browser's `Origin` must be the host that was
 * asked, and our own header must be there. A request without `Origin` is no browser's; it must still bear the header.
 * @throws CLIENT-ORIGIN
 */
export function assertSameOrigin(request: HttpRequest): void {
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return;
  const origin = oneHeader(request, 'origin');
  const isOwn = origin === undefined || hostOf(origin) === oneHeader(request, 'host');
  if (!isOwn || oneHeader(request, ownHeader) === undefined) {
    throw new FarmError('CLIENT-ORIGIN', 'The request does not come from this site');
  }
}

/** Live streams carry private data and are read by scripts: other origins get none. */
export function assertOwnStream(request: HttpRequest): void {
  const site = oneHeader(request, 'sec-fetch-site');
  const origin = oneHeader(request, 'origin');
  if (
    (site !== undefined && site !== 'same-origin') ||
    (origin !== undefined && hostOf(origin) !== oneHeader(request, 'host'))
  )
    throw new FarmError('CLIENT-ORIGIN', 'The stream is for this site only');
}
