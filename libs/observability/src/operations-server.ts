import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { HealthChecks } from './health';

export interface OperationsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** The same `/health/live`, `/health/ready` and `/metrics` for a process that is not a Nest application. */
export async function serveOperations(options: {
  host: string;
  /** 0 takes any free port. */
  port: number;
  health: HealthChecks;
  registry: Registry;
}): Promise<OperationsServer> {
  const { health, registry } = options;
  const json = (response: ServerResponse, status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(body));
  };
  const answer = async (url: string, response: ServerResponse): Promise<void> => {
    switch (url.split('?')[0]) {
      case '/health/live':
        return json(response, 200, health.live());
      case '/health/ready': {
        const readiness = await health.ready();
        return json(response, readiness.ok ? 200 : 503, readiness);
      }
      case '/metrics':
        response.writeHead(200, { 'content-type': registry.contentType });
        response.end(await registry.metrics());
        return;
      default:
        return json(response, 404, { status: 'not_found' });
    }
  };
  const server = createServer((request, response) => {
    answer(request.url ?? '/', response).catch((error: unknown) =>
      json(response, 500, { status: 'error', error: error instanceof Error ? error.message : String(error) }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
