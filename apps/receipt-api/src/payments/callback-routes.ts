import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Ack } from '@kkt/payments';
import type { CallbackDoor } from './callback-door';

/** No provider's callback is near this size. */
const maxBodyBytes = 256 * 1024;

type Params = { provider: string; key: string; kind?: string };

const send = (reply: FastifyReply, ack: Ack): FastifyReply =>
  reply
    .code(ack.status)
    .header('content-type', ack.contentType)
    .header('cache-control', 'no-store')
    .send(ack.body);

function headersOf(request: FastifyRequest): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : undefined,
    ]),
  );
}

function queryOf(request: FastifyRequest): string {
  const url = request.raw.url ?? '';
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at + 1);
}

/**
 * `/cb/{provider}/{key}` and, for providers whose bodies do not tell their kind, `/cb/{provider}/{key}/{kind}`. Plain
 * routes, because every check needs the bytes as they came.
 */
export async function callbackRoutes(
  scope: FastifyInstance,
  { door }: { door: CallbackDoor },
): Promise<void> {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBodyBytes }, (_request, body, done) =>
    done(null, body),
  );
  scope.setErrorHandler((error: FastifyError, _request, reply) =>
    send(reply, { status: error.statusCode ?? 500, contentType: 'text/plain; charset=utf-8', body: '' }),
  );
  scope.setNotFoundHandler((_request, reply) =>
    send(reply, { status: 404, contentType: 'text/plain; charset=utf-8', body: '' }),
  );
  for (const url of ['/:provider/:key', '/:provider/:key/:kind'])
    scope.route<{ Params: Params }>({
      method: ['GET', 'POST'],
      exposeHeadRoute: false,
      url,
      bodyLimit: maxBodyBytes,
      handler: async (request, reply) => {
        const { provider, key, kind } = request.params;
        const ack = await door.knock({
          provider,
          callbackKey: key,
          request: {
            method: request.method === 'GET' ? 'GET' : 'POST',
            raw: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
            query: queryOf(request),
            headers: headersOf(request),
            address: request.ip,
            ...(kind !== undefined && { kind }),
          },
        });
        return send(reply, ack);
      },
    });
}
