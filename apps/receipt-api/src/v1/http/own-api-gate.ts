import type { FastifyInstance } from 'fastify';
import type { Ids } from '@kkt/contracts';
import { type FloodGate, fullRetryS } from '../../access/flood-gate';
import { letIn, shareFor } from '../../http/let-in';
import { Problem } from './problem';
import { isOwnPath, sendProblem } from './problem.filter';

/** Turns away, before anything of it is read, a request that is one too many at once of its key. */
export function ownApiGate(server: FastifyInstance, gate: FloodGate, requestsPerS: number, ids: Ids): void {
  const share = shareFor(requestsPerS);
  server.addHook('onRequest', (request, reply, done) => {
    const key = request.headers.authorization;
    if (key === undefined || !isOwnPath(request.url)) return done();
    if (letIn(gate, { token: key, share, request: request.raw, response: reply.raw }, done)) return;
    const problem = new Problem('too-many-requests', {
      retryAfterS: fullRetryS,
      detail: 'Слишком много запросов этого ключа одновременно',
      detail_en: 'Too many requests of this key at once',
    });
    sendProblem(reply.header('connection', 'close'), problem, ids.uuid());
  });
}
