import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { shopInn, shopPlace } from '../fuzz/good-body';
import { startWorld } from '../fuzz/world';
import { load, type LoadFigures } from './load';
import { pgbenchInserts } from './pgbench';

/** Clients that send: the door limits how often one may ask. */
const clients = 50;

export interface IntakeOptions {
  connections: number;
  seconds: number;
}

export interface IntakeFigures {
  /** Receipts accepted and durable, one API process. */
  accepted: LoadFigures;
  /** The same body sent back by a bare Fastify. */
  echo: LoadFigures;
  /** One-row inserts of the same size by pgbench; undefined without pgbench. */
  insertsPerS: number | undefined;
  /** `accepted.perS` to `insertsPerS`. */
  ratio: number | undefined;
  /** CPU of an accepted receipt to CPU of an echo. */
  cpuRatio: number;
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

/** Runs the echo server for as long as `use` takes. */
async function withEcho<T>(use: (url: string, pid: number) => Promise<T>): Promise<T> {
  const child = spawn(process.execPath, [join(__dirname, 'echo-server.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return await use(`http://127.0.0.1:${line.toString().trim()}`, child.pid ?? 0);
  } finally {
    child.kill('SIGTERM');
  }
}

/**
 * Intake of the receipt API beside its limits, in one run: pgbench with one-row inserts into the same PostgreSQL, and a
 * bare echo. Everything durable (synchronous_commit on). For the bench; nothing here judges.
 */
export async function measureIntake({ connections, seconds }: IntakeOptions): Promise<IntakeFigures> {
  const world = await startWorld({ isDurable: true, shops: clients });
  try {
    let last = 0;
    const body = (): string => bodyOf(`bench-${++last}`);
    const contentType = 'application/json; charset=utf-8';
    const api = {
      connections,
      url: `http://127.0.0.1:${world.port}`,
      pid: world.pid,
      next: () => {
        const shop = world.shops[last % clients];
        return {
          path: `/possystem/v4/${shop?.v4 ?? ''}/sell`,
          headers: { 'content-type': contentType, token: shop?.token ?? '' },
          body: body(),
        };
      },
    };
    await load({ ...api, seconds: Math.min(2, seconds) });
    const accepted = await load({ ...api, seconds });
    const rowBytes = Buffer.byteLength(body());
    const insertsPerS = await pgbenchInserts({
      databaseUrl: world.databaseUrl,
      connections,
      seconds,
      rowBytes,
    });
    const echo = await withEcho(async (url, pid) => {
      const next = () => ({ path: '/echo', headers: { 'content-type': contentType }, body: body() });
      await load({ connections, url, pid, next, seconds: Math.min(2, seconds) });
      return load({ connections, url, pid, next, seconds });
    });
    return {
      accepted,
      echo,
      insertsPerS,
      ratio: insertsPerS === undefined ? undefined : accepted.perS / insertsPerS,
      cpuRatio: accepted.cpuMs / echo.cpuMs,
    };
  } finally {
    await world.stop();
  }
}
