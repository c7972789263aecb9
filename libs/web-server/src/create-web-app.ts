import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Ids, Log } from '@kkt/contracts';
import { correlateRequests } from '@kkt/observability';
import { isPublicAddress } from '@kkt/security';
import { ErrorFilter } from './errors';
import type { HttpRequest } from './http';
import { assertSameOrigin } from './same-origin';
import { contentSecurityPolicy, securityHeaders } from './security-headers';
import { validation } from './validation';
import { serveWebFiles } from './web-files';

export interface WebAppOptions {
  module: DynamicModule;
  /** Folder of the built browser part. */
  webFolder: string;
  /** The installation is reached over TLS. */
  isSecure: boolean;
  /** Addresses or networks of our own proxies, whose X-Forwarded-For is believed. */
  trustedProxies?: readonly string[];
  log: Log;
  ids: Ids;
  /** Largest body of a request; bank statements and signatures are longer than forms. */
  bodyLimitBytes?: number;
}

const zip = promisify(gzip);
const compressFromBytes = 2_048;

/** A Nest application over Fastify with everything both consoles share; not yet listening. */
export async function createWebApp(options: WebAppOptions): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    options.module,
    new FastifyAdapter({
      bodyLimit: options.bodyLimitBytes ?? 262_144,
      requestTimeout: 30_000,
      forceCloseConnections: true,
      trustProxy: options.trustedProxies?.length ? [...options.trustedProxies] : false,
      genReqId: () => options.ids.uuid(),
    }),
    { logger: ['error', 'warn'] },
  );
  app.useGlobalPipes(validation());
  app.useGlobalFilters(new ErrorFilter(options.log));
  const server = app.getHttpAdapter().getInstance();
  correlateRequests(server as unknown as Parameters<typeof correlateRequests>[0], options.ids);
  const headers = securityHeaders(options.isSecure);
  server.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    void reply.headers(headers);
    // Metrics tell about the inside; strangers have no business there.
    if (request.url.startsWith('/metrics') && isPublicAddress(request.ip)) {
      return reply.code(404).send({ error: { code: 'CLIENT-NOT-FOUND', message: 'No such path' } });
    }
    try {
      assertSameOrigin(request as unknown as HttpRequest);
    } catch (error) {
      options.log.warn({ url: request.url, ip: request.ip }, 'a request from elsewhere was refused');
      return reply.code(403).send({ error: { code: 'CLIENT-ORIGIN', message: (error as Error).message } });
    }
    return undefined;
  });
  server.addHook('onSend', async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    if (!reply.hasHeader('content-security-policy')) {
      void reply.header('content-security-policy', contentSecurityPolicy());
    }
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control'))
      void reply.header('cache-control', 'no-store');
    if (
      typeof payload !== 'string' ||
      payload.length < compressFromBytes ||
      reply.hasHeader('content-encoding')
    )
      return payload;
    if (!/\bgzip\b/.test(request.headers['accept-encoding']?.toString() ?? '')) return payload;
    void reply
      .header('content-encoding', 'gzip')
      .header('vary', 'accept-encoding')
      .removeHeader('content-length');
    return zip(payload, { level: 5 });
  });
  serveWebFiles(server, options.webFolder);
  return app;
}
