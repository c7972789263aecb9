import { shopInn, shopPlace } from '../fuzz/good-body';
import { type FuzzWorld, startWorld } from '../fuzz/world';
import { load, type LoadFigures } from './load';
import { oneRowInserts } from './pgbench';
import { startProgram } from './servers';

/** Clients that send: the door limits how often one may ask. */
const clients = 50;

export interface IntakeOptions {
  connections: number;
  seconds: number;
  /** Rounds of API, inserts, API without commits, echo; one after another, so that a busy moment hits all alike. */
  rounds: number;
}

export interface IntakeRound {
  /** Receipts accepted and durable, one API process. */
  accepted: LoadFigures;
  /** The same process whose commits take no time. */
  withoutDatabase: LoadFigures;
  /** The same body sent back by a bare Fastify. */
  echo: LoadFigures;
  /** One-row inserts of the same size over the same number of connections. */
  insertsPerS: number;
}

export interface IntakeFigures {
  rounds: IntakeRound[];
  insertsBy: 'pgbench' | 'pg';
  bodyBytes: number;
}

/** Five items, every rate the shops use, as WooCommerce modules send them. */
function bodyOf(externalId: string): string {
  const items = ['vat22', 'vat10', 'vat0', 'vat5', 'none'].map((type, index) => ({
    name: `Товар ${index + 1}: футболка хлопковая, белая`,
    price: 540.5,
    quantity: 2,
    sum: 1081,
    measurement_unit: 'шт',
    payment_method: 'full_payment',
    payment_object: 'commodity',
    vat: { type },
  }));
  return JSON.stringify({
    timestamp: '23.11.2026 12:00:00',
    external_id: externalId,
    receipt: {
      client: { email: 'buyer@example.com', phone: '+79261234567' },
      company: { email: 'kassa@shop.example', sno: 'osn', inn: shopInn, payment_address: shopPlace },
      items,
      payments: [{ type: 1, sum: 5405 }],
      total: 5405,
    },
  });
}

const contentType = 'application/json; charset=utf-8';

/** Sales of many clients, each with an external id of its own. */
function sales(world: FuzzWorld): () => { path: string; headers: Record<string, string>; body: string } {
  let last = 0;
  return () => {
    const shop = world.shops[last % clients];
    return {
      path: `/possystem/v4/${shop?.v4 ?? ''}/sell`,
      headers: { 'content-type': contentType, token: shop?.token ?? '' },
      body: bodyOf(`bench-${++last}`),
    };
  };
}

/**
 * Intake of the receipt API beside its limits, in one run: one-row inserts into the same PostgreSQL, the same process
 * without commits, and a bare echo. Everything durable (synchronous_commit on). Nothing here judges.
 */
export async function measureIntake(options: IntakeOptions): Promise<IntakeFigures> {
  const { connections, seconds } = options;
  const world = await startWorld({ isDurable: true, shops: clients });
  const env = { DATABASE_URL: world.databaseUrl, REDIS_URL: world.redisUrl };
  const bare = startProgram('tools/bench/intake-no-database', env);
  const mirror = startProgram('tools/bench/echo-server', {});
  try {
    const next = sales(world);
    const echoed = () => ({
      path: '/echo',
      headers: { 'content-type': contentType },
      body: bodyOf('bench-echo'),
    });
    const at = async (port: number | string, pid: number, what: typeof next) => ({
      connections,
      url: `http://127.0.0.1:${port}`,
      pid,
      next: what,
      seconds,
    });
    const api = await at(world.port, world.pid, next);
    const withoutDatabase = await at(await bare.line(), bare.pid, next);
    const echo = await at(await mirror.line(), mirror.pid, echoed);
    const bodyBytes = Buffer.byteLength(bodyOf('bench-100000'));
    for (const target of [api, withoutDatabase, echo])
      await load({ ...target, seconds: Math.min(2, seconds) });
    const rounds: IntakeRound[] = [];
    let insertsBy: IntakeFigures['insertsBy'] = 'pg';
    for (let turn = 0; turn < options.rounds; turn += 1) {
      const accepted = await load(api);
      const { databaseUrl } = world;
      const inserts = await oneRowInserts({ databaseUrl, connections, seconds, rowBytes: bodyBytes });
      insertsBy = inserts.by;
      rounds.push({
        accepted,
        insertsPerS: inserts.perS,
        withoutDatabase: await load(withoutDatabase),
        echo: await load(echo),
      });
    }
    return { rounds, insertsBy, bodyBytes };
  } finally {
    await Promise.all([bare.stop(), mirror.stop()]);
    await world.stop();
  }
}
