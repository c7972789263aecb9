import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { failPoint } from '@kkt/contracts';
import type { AtolDoor, DoorRequest } from '../atol-door';
import type { ProtocolVersion } from '../atol/operations';
import type { Answer } from './answer';

const versions: readonly ProtocolVersion[] = [4, 5];

type Query = Readonly<Record<string, unknown>>;
type GroupParams = { group: string; last: string };

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function send(reply: FastifyReply, answer: Answer): FastifyReply {
  if (answer.retryAfterS !== undefined) reply.header('retry-after', String(answer.retryAfterS));
  return reply
    .code(answer.http)
    .header('content-type', 'application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(answer.body);
}

function doorRequest(request: FastifyRequest, version: ProtocolVersion): DoorRequest {
  const query = request.query as Query;
  return {
    version,
    token: textOf(request.headers['token']) ?? textOf(query['token']) ?? textOf(query['tokenid']),
    contentType: request.headers['content-type'],
    body: typeof request.body === 'string' ? request.body : '',
    address: request.ip,
  };
}

/** Methods of each path, for the answer 405. */
function methodsOf(path: string): string | undefined {
  const [, , version, ...rest] = path.split('/');
  if (version !== 'v4' && version !== 'v5') return undefined;
  if (rest.length === 1 && rest[0] === 'getToken') return 'GET, POST';
  if (rest.length === 2) return 'POST';
  return rest.length === 3 && rest[1] === 'report' ? 'GET' : undefined;
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
 * `/possystem/v4` and `/possystem/v5` as plain Fastify routes: no controller, pipe or interceptor stands between the
 * socket and the door, because every accepted receipt pays for it. Bodies are handed on as text whatever their type.
 */
export async function atolRoutes(scope: FastifyInstance, { door }: { door: AtolDoor }): Promise<void> {
  scope.removeAllContentTypeParsers();
  // Named beside the wildcard because the named one is found without searching.
  for (const type of ['application/json', '*'])
    scope.addContentTypeParser(type, { parseAs: 'string' }, (_request, body, done) => done(null, body));
  scope.setErrorHandler((error: FastifyError, _request, reply) => send(reply, answerHttpFault(door, error)));
  scope.setNotFoundHandler((request, reply) => {
    const allowed = methodsOf(request.url.split('?', 1)[0] ?? '');
    if (allowed === undefined) return send(reply, door.refuse('badRequest', { http: 404 }));
    return send(reply.header('allow', allowed), door.refuse('badRequest', { http: 405 }));
  });

  for (const version of versions) {
    const at = `/v${version}`;
    scope.get(`${at}/getToken`, async (request, reply) => {
      const { login, pass, source } = request.query as Query;
      return send(reply, await door.getToken({ login, pass, source }, request.ip));
    });
    scope.post(`${at}/getToken`, async (request, reply) =>
      send(reply, await door.postToken(doorRequest(request, version))),
    );
    scope.post<{ Params: GroupParams }>(`${at}/:group/:last`, async (request, reply) => {
      const { group, last } = request.params;
      const sent = send(reply, await door.register(doorRequest(request, version), group, last));
      failPoint('accept-answered');
      return sent;
    });
    scope.get<{ Params: GroupParams }>(`${at}/:group/report/:last`, async (request, reply) => {
      const { group, last } = request.params;
      return send(reply, await door.report(doorRequest(request, version), group, last));
    });
  }
}
