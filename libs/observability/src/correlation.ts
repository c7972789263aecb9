import { AsyncLocalStorage } from 'node:async_hooks';
import type { Ids } from '@kkt/contracts';

/** The header that carries a request's id in and out. */
export const correlationHeader = 'x-request-id';

const current = new AsyncLocalStorage<string>();

/** Id of the request or job that the running code serves; it appears in every log line as `cid`. */
export const correlationId = (): string | undefined => current.getStore();

/** Runs `run`, and all it starts, under one id. */
export const withCorrelation = <T>(id: string, run: () => T): T => current.run(id, run);

/** A caller's id when it is harmless to log and to send back, otherwise a new one. */
export function acceptCorrelationId(offered: unknown, ids: Ids): string {
  return typeof offered === 'string' && /^[A-Za-z0-9._:-]{1,64}$/.test(offered) ? offered : ids.uuid();
}

/** The part of a Fastify server that {@link correlateRequests} needs. */
export interface HookedServer {
  addHook(
    name: 'onRequest',
    hook: (
      request: { headers: Record<string, unknown> },
      reply: { header(name: string, value: string): unknown },
      done: () => void,
    ) => void,
  ): unknown;
}

/** Gives each HTTP request of a Fastify server its id: the caller's or a new one, told back in the answer. */
export function correlateRequests(server: HookedServer, ids: Ids): void {
  server.addHook('onRequest', (request, reply, done) => {
    const id = acceptCorrelationId(request.headers[correlationHeader], ids);
    reply.header(correlationHeader, id);
    withCorrelation(id, done);
  });
}
