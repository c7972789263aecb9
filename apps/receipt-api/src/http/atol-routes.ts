import type { FastifyInstance, FastifyRequest } from 'fastify';
import { failPoint } from '@kkt/contracts';
import type { FloodGate } from '../access/flood-gate';
import type { AtolDoor } from '../atol-door';
import type { ProtocolVersion } from '../atol/operations';
import { publicSchema, schemaNames } from '../atol/public-schema';
import { doorRequest, protocolScope, type Query, send } from './atol-scope';

const versions: readonly ProtocolVersion[] = [4, 5];

type GroupParams = { group: string; last: string };

/** What the routes of the compatible protocol are made with. */
export interface AtolRouteOptions {
  door: AtolDoor;
  gate: FloodGate;
  /** What a token may ask on average. */
  requestsPerS: number;
  /** Largest body after unpacking. */
  maxBodyBytes: number;
}

/** Methods of each path, for the answer 405. */
function methodsOf(path: string): string | undefined {
  const [, , version, ...rest] = path.split('/');
  if (version !== 'v4' && version !== 'v5') return undefined;
  if (rest.length === 1 && rest[0] === 'getToken') return 'GET, POST';
  if (rest.length === 2 && rest[0] === 'schema') return 'GET';
  if (rest.length === 2) return 'POST';
  return rest.length === 3 && rest[1] === 'report' ? 'GET' : undefined;
}

/**
 * `/possystem/v4` and `/possystem/v5` as plain Fastify routes: no controller, pipe or interceptor stands between the
 * socket and the door, because every accepted receipt pays for it.
 */
export async function atolRoutes(
  scope: FastifyInstance,
  { door, gate, requestsPerS, maxBodyBytes }: AtolRouteOptions,
): Promise<void> {
  protocolScope(scope, { door, gate, requestsPerS }, methodsOf);

  for (const version of versions) {
    const at = `/v${version}`;
    const asked = (request: FastifyRequest) => doorRequest(request, version, maxBodyBytes);
    scope.get(`${at}/getToken`, async (request, reply) => {
      const { login, pass, source } = request.query as Query;
      return send(reply, await door.getToken({ login, pass, source }, request.ip));
    });
    scope.post(`${at}/getToken`, async (request, reply) => send(reply, await door.postToken(asked(request))));
    for (const name of schemaNames) {
      const body = JSON.stringify(publicSchema(name, version));
      scope.get(`${at}/schema/${name}`, async (_request, reply) => send(reply, { http: 200, body }));
    }
    scope.post<{ Params: GroupParams }>(`${at}/:group/:last`, async (request, reply) => {
      const { group, last } = request.params;
      const sent = send(reply, await door.register(asked(request), group, last));
      failPoint('accept-answered');
      return sent;
    });
    scope.get<{ Params: GroupParams }>(`${at}/:group/report/:last`, async (request, reply) => {
      const { group, last } = request.params;
      return send(reply, await door.report(asked(request), group, last));
    });
  }
}

/**
 * The compatible service's second API, for the state of registers: `/api/auth/v1/gettoken` and `/api/kkt/v1`. Paths,
 * headers and fields by a public client of it; its own document was not found.
 */
export async function registerStateRoutes(
  scope: FastifyInstance,
  { door, gate, requestsPerS, maxBodyBytes }: AtolRouteOptions,
): Promise<void> {
  protocolScope(scope, { door, gate, requestsPerS }, () => undefined);
  const asked = (request: FastifyRequest) => doorRequest(request, 4, maxBodyBytes);

  scope.get('/auth/v1/gettoken', async (request, reply) => {
    const { login, pass, source } = request.query as Query;
    return send(reply, await door.getToken({ login, pass, source }, request.ip));
  });
  scope.post('/auth/v1/gettoken', async (request, reply) =>
    send(reply, await door.postToken(asked(request))),
  );
  scope.get('/kkt/v1/cash-registers', async (request, reply) => {
    const { limit, offset } = request.query as Query;
    return send(reply, await door.registers(asked(request), { limit, offset }));
  });
  scope.get<{ Params: { serial: string } }>('/kkt/v1/cash-registers/:serial', async (request, reply) =>
    send(reply, await door.oneRegister(asked(request), request.params.serial)),
  );
}
