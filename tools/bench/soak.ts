import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type FarmPart, Shop, TestFarm } from '@kkt/testing';
import { median, quantile } from './row';
import { wait } from './servers';
import { growth, type Sample, tellSamples } from './soak-samples';

const usage = `npm run bench:soak -- [--minutes 60] [--load 0.6] [--every 30] [--modules 58] [--json FILE]
The whole farm on modules of realistic pace under a steady load, for memory and latencies over time. Prints a line for
each --every seconds; at the end compares the last third with the first after the warm-up. Exit 1: something grew.
`;

const usualModules = 58;
const receiptMs = 350;
const groups = ['demo-v4', 'demo-v5'] as const;
const parts: readonly FarmPart[] = ['receipt-api', 'hardware-driver', 'ofd-relay', 'worker', 'ofd'];
/** Processes grow to their working size meanwhile. */
const warmUpShare = 0.1;

const rssMib = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? NaN) / 1024;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '60' },
      load: { type: 'string', default: '0.6' },
      every: { type: 'string', default: '30' },
      modules: { type: 'string', default: String(usualModules) },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [minutes = 0, load = 0, everyS = 0, modules = 0] = [
    values.minutes,
    values.load,
    values.every,
    values.modules,
  ].map(Number);
  if (values.help || !(minutes > 0) || !(load > 0 && load <= 1) || !(everyS > 0) || !(modules > 0)) {
    process.stdout.write(usage);
    return values.help ? 0 : 64;
  }
  const farm = await TestFarm.start({
    modules,
    pace: 'realistic',
    ownServers: true,
    env: {
      LOG_LEVEL: 'warn',
      SYNTHETIC_EVERY_S: '0',
      ATOL_REQUESTS_PER_S: '1000000',
      ATOL_CLIENT_REQUESTS_PER_S: '1000000',
    },
  });
  try {
    const { database } = farm;
    const shop = await Shop.open(farm);
    const [counted] = await database.query<{ n: number }>(
      `select count(*)::int as n from registers k join register_groups g on g.id = k.group_id
       where k.state = 'ready' and g.code like 'demo-%'`,
    );
    const perS = ((counted?.n ?? 0) * 1_000 * load) / receiptMs;
    process.stdout.write(`${counted?.n} registers, ${perS.toFixed(0)} receipts/s for ${minutes} min\n`);

    const samples: Sample[] = [];
    const acceptMs: number[] = [];
    let refused = 0;
    let sold = 0;
    const pending = new Set<Promise<void>>();
    const sell = async (n: number): Promise<void> => {
      const sinceMs = performance.now();
      const { status } = await shop
        .sell({ externalId: `soak-${n}`, group: groups[n % groups.length] })
        .catch(() => ({ status: 0 }));
      acceptMs.push(performance.now() - sinceMs);
      if (status !== 200) refused += 1;
    };
    const beganMs = performance.now();
    const endMs = beganMs + minutes * 60_000;
    let sampledMs = beganMs;
    while (performance.now() < endMs) {
      const due = Math.floor(((performance.now() - beganMs) * perS) / 1_000);
      for (; sold < due; sold += 1) {
        const sale = sell(sold).finally(() => pending.delete(sale));
        pending.add(sale);
      }
      await wait(5);
      if (performance.now() - sampledMs < everyS * 1_000) continue;
      const windowS = (performance.now() - sampledMs) / 1_000;
      sampledMs = performance.now();
      const rows = await database.query<{ ms: number }>(
        `select extract(epoch from finished_at - accepted_at)::float8 * 1000 as ms from receipts
         where finished_at >= clock_timestamp() - make_interval(secs => $1) and state = 'done'`,
        [windowS],
      );
      const sample: Sample = {
        minute: (sampledMs - beganMs) / 60_000,
        donePerS: rows.length / windowS,
        refused,
        acceptP50Ms: median(acceptMs),
        acceptP99Ms: quantile(acceptMs, 0.99),
        doneP50Ms: median(rows.map(({ ms }) => ms)),
        doneP99Ms: quantile(
          rows.map(({ ms }) => ms),
          0.99,
        ),
        rssMib: Object.fromEntries(parts.map((part) => [part, rssMib(farm.part(part).pid)])),
      };
      acceptMs.length = 0;
      refused = 0;
      samples.push(sample);
      process.stdout.write(`${tellSamples(sample)}\n`);
      if (values.json) writeFileSync(values.json, `${JSON.stringify(samples, null, 1)}\n`);
    }
    await Promise.all(pending);
    const grown = growth(samples.filter(({ minute }) => minute >= minutes * warmUpShare));
    for (const { what, firstThird, lastThird, hasGrown } of grown)
      process.stdout.write(
        `${hasGrown ? 'GREW ' : 'flat '} ${what}: ${firstThird.toFixed(1)} → ${lastThird.toFixed(1)}\n`,
      );
    return grown.some(({ hasGrown }) => hasGrown) ? 1 : 0;
  } finally {
    await farm.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(2);
  },
);
