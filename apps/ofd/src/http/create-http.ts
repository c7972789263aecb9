import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Log } from '@kkt/contracts';
import { OperatorModule, type OperatorModuleParts } from '../app.module';
import { ErrorFilter, validation } from './error.filter';

/** Scripts, styles and pictures from here only, none inside a page; nobody frames the pages. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
};

/**
 * The operator's HTTP application, not yet listening.
 * @param trustedProxies addresses or networks of our own proxies, whose X-Forwarded-For is believed
 */
export async function createHttp(
  parts: OperatorModuleParts,
  log: Log,
  trustedProxies: readonly string[] = [],
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    OperatorModule.forRoot(parts),
    new FastifyAdapter({
      bodyLimit: 1_048_576,
      trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    }),
    { logger: ['error', 'warn'] },
  );
  app.useGlobalPipes(validation());
  app.useGlobalFilters(new ErrorFilter(log));
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onSend', async (_request, reply) => {
      void reply.headers(SECURITY_HEADERS);
    });
  return app;
}
