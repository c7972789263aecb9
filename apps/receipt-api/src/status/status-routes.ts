import type { FastifyInstance } from 'fastify';
import { readServiceStatus, type ServiceStatus } from '@kkt/alerts';
import type { Clock } from '@kkt/contracts';
import type { Database } from '@kkt/storage';
import { contentSecurityPolicy, pageLanguage, pagesCss } from '@kkt/web-server';
import { statusPage } from './status-page';

export interface StatusRoutesOptions {
  database: Database;
  clock: Clock;
}

/** Everybody may ask; the database is asked at most so often. */
const keptMs = 5_000;

/** `/status` and `/status.json`: how the service fares, without a log-in. */
export function statusRoutes(
  server: FastifyInstance,
  { database, clock }: StatusRoutesOptions,
  done: () => void,
): void {
  let kept: { atMs: number; status: Promise<ServiceStatus> } | undefined;
  const read = (): Promise<ServiceStatus> => {
    if (!kept || clock.monotonicMs() - kept.atMs > keptMs) {
      const status = readServiceStatus(database);
      kept = { atMs: clock.monotonicMs(), status };
      status.catch(() => (kept = undefined));
    }
    return kept.status;
  };
  server.get('/status.json', async (_request, reply) => {
    const status = await read().catch(() => undefined);
    if (!status) return reply.code(503).send({ error: 'The database is away' });
    return reply.header('cache-control', 'no-store').header('access-control-allow-origin', '*').send(status);
  });
  server.get('/status/pages.css', (_request, reply) => {
    void reply.header('cache-control', 'public, max-age=300').type('text/css; charset=utf-8').send(pagesCss);
  });
  server.get<{ Querystring: { lang?: string } }>('/status', async (request, reply) => {
    const status = await read().catch(() => undefined);
    if (!status)
      return reply
        .code(503)
        .type('text/plain; charset=utf-8')
        .send('Сервис временно недоступен. The service is away.');
    return reply
      .header('content-security-policy', contentSecurityPolicy())
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(statusPage(status, pageLanguage(request.query.lang, request.headers['accept-language'])));
  });
  done();
}
