import type { Server } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions } from 'fastify';
import { atolErrors } from '@kkt/atol-online';
import type { Ids } from '@kkt/contracts';
import type { ReceiptApiSettings } from '../settings';
import { refusal } from './answer';
import { rewriteUrl } from './rewrite-url';
import type { WallClock } from './wall-clock';

/** Longest path part a router looks at; longer ones are unknown paths. */
const maxParamLength = 512;

/** What Node's parser calls a request that is no HTTP, and what we answer. */
const parserFaults: Readonly<Record<string, readonly [status: number, reason: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
};

/** What is set here. Nest carries a Fastify of its own, whose other options differ in type. */
type AdapterOptions = Pick<
  FastifyHttpOptions<Server>,
  | 'rewriteUrl'
  | 'routerOptions'
  | 'bodyLimit'
  | 'requestTimeout'
  | 'keepAliveTimeout'
  | 'trustProxy'
  | 'return503OnClosing'
  | 'forceCloseConnections'
  | 'frameworkErrors'
  | 'clientErrorHandler'
>;

/** Node's HTTP server under Fastify under Nest, with faults before the routing told in the protocol's shape too. */
export function createAdapter(settings: ReceiptApiSettings, ids: Ids, wall: WallClock): FastifyAdapter {
  const badRequest = (http: number) =>
    refusal('badRequest', { errorId: ids.uuid(), stamp: wall.stamp(), http });
  const options: AdapterOptions = {
    rewriteUrl: (request) => rewriteUrl(request.url ?? '/'),
    routerOptions: { maxParamLength },
    bodyLimit: settings.maxBodyBytes,
    requestTimeout: settings.requestTimeoutMs,
    keepAliveTimeout: 72_000,
    trustProxy: settings.trustedProxies.length > 0 ? [...settings.trustedProxies] : false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    frameworkErrors: (_error, _request, reply) => {
      const answer = badRequest(atolErrors.badRequest.http);
      reply.raw
        .writeHead(answer.http, { 'content-type': 'application/json; charset=utf-8' })
        .end(answer.body);
    },
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
      const [status, reason] = parserFaults[error.code ?? ''] ?? [400, 'Bad Request'];
      const body = badRequest(status).body;
      socket.end(
        `HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\ncontent-type: application/json; charset=utf-8\r\n` +
          `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    },
  };
  return new FastifyAdapter(options);
}
