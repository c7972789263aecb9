import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AtolDoor, DoorRequest } from '../atol-door';
import type { ProtocolVersion } from '../atol/operations';
import type { FloodGate } from '../access/flood-gate';
import type { Answer } from './answer';
import { letIn, shareFor } from './let-in';
import { bodyText } from './body-text';

export type Query = Readonly<Record<string, unknown>>;

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

export function send(reply: FastifyReply, answer: Answer): FastifyReply {
  if (answer.retryAfterS !== undefined) reply.header('retry-after', String(answer.retryAfterS));
  if (answer.waiting !== undefined) reply.header('farm-waiting', answer.waiting);
  return reply
    .code(answer.http)
    .header('content-type', 'application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(answer.body);
}

const noBody = { text: '' };

/** The token of a request, from the header or the query. */
const tokenIn = (request: FastifyRequest): string | undefined => {
  const query = request.query as Query;
  return textOf(request.headers['token']) ?? textOf(query['token']) ?? textOf(query['tokenid']);
};

export function doorRequest(
  request: FastifyRequest,
  version: ProtocolVersion,
  maxBodyBytes: number,
): DoorRequest {
  return {
    version,
    token: tokenIn(request),
    contentType: request.headers['content-type'],
    get body() {
      return Buffer.isBuffer(request.body) ? bodyText(request.body, request.headers, maxBodyBytes) : noBody;
    },
    address: request.ip,
    raw: request.raw,
  };
}

/** A fault of the HTTP layer in the protocol's shape. */
function answerHttpFault(door: AtolDoor, error: FastifyError): Answer {
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return door.refuse('unsupportedMediaType', { fill: [''] });
  const status = error.statusCode ?? 500;
  return status >= 400 && status < 500
    ? door.refuse('badRequest', { http: status })
    : door.answerFault(error);
}

/**
 * What the scopes of the compatible protocol share: bodies are handed on as bytes whatever their type, faults and
 * unknown paths are told in the protocol's shape. `methodsOf` names the methods of a known path, for the answer 405.
 */
export function protocolScope(
  scope: FastifyInstance,
  { door, gate, requestsPerS }: { door: AtolDoor; gate: FloodGate; requestsPerS: number },
  methodsOf: (path: string) => string | undefined,
): void {
  const share = shareFor(requestsPerS);
  scope.addHook('onRequest', (request, reply, done) => {
    const token = tokenIn(request);
    if (token === undefined) return done();
    if (letIn(gate, { token, share, request: request.raw, response: reply.raw }, done)) return;
    send(reply.header('connection', 'close'), door.tooManyAtOnce());
  });
  scope.removeAllContentTypeParsers();
  // Named beside the wildcard because the named one is found without searching.
  for (const type of ['application/json', '*'])
    scope.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  scope.setErrorHandler((error: FastifyError, _request, reply) => send(reply, answerHttpFault(door, error)));
  scope.setNotFoundHandler((request, reply) => {
    const allowed = methodsOf(request.url.split('?', 1)[0] ?? '');
    if (allowed === undefined) return send(reply, door.refuse('badRequest', { http: 404 }));
    return send(reply.header('allow', allowed), door.refuse('badRequest', { http: 405 }));
  });
}
