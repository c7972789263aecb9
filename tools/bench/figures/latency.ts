import { Shop, TestFarm } from '@kkt/testing';
import { cpuLedger, cpuShares } from '../cpu-ledger';
import { callbackEar } from '../callback-ear';
import { ModuleTaps } from '../module-taps';
import { Poster } from '../poster';
import { type Figure, median, quantile, row, type ToldRow } from '../row';
import { cores, wait } from '../servers';

const ratePerS = 200;
/**
 * So many that each of the demo tenant's two groups has ten on TCP: at 200/s each register is asked for ten receipts a
 * second. (Four would be asked for fifty, more than a register makes with its stored intent and proof, and the figure
 * would be the length of a queue that grows.)
 */
const modulesInFarm = 58;
const groups = ['demo-v4', 'demo-v5'] as const;

/** The farm whose driver reaches its TCP modules through taps; the others are set aside. */
async function tappedFarm(taps: ModuleTaps): Promise<TestFarm> {
  const farm = await TestFarm.start({
    modules: modulesInFarm,
    pace: 'instant',
    ownServers: true,
    parts: ['emulator', 'ofd', 'receipt-api', 'ofd-relay', 'worker'],
    env: { LOG_LEVEL: 'warn', SYNTHETIC_EVERY_S: '0' },
  });
  try {
    const { database } = farm;
    await database.query(
      `update registers set state = 'paused' where transport->>'kind' <> 'tcp' and state <> 'stock'`,
    );
    const lines = await database.query<{ id: number; port: number }>(
      `select id, (transport->>'port')::int as port from registers where transport->>'kind' = 'tcp'`,
    );
    for (const { id, port } of lines)
      await database.query(
        `update registers set transport = transport || jsonb_build_object('port', $2::int) where id = $1`,
        [id, await taps.add(port)],
      );
    await farm.part('hardware-driver').start();
    await farm.until('registers ready', 60_000, async () => {
      const [left] = await database.query<{ n: number }>(
        `select count(*)::int as n from registers where state = 'registering'`,
      );
      return left?.n === 0;
    });
    return farm;
  } catch (error) {
    await farm.stop();
    throw error;
  }
}

/** Leads the driver back past the taps: they cost the machine as much as a process of the farm. */
async function untapped(farm: TestFarm, taps: ModuleTaps): Promise<void> {
  await farm.part('hardware-driver').kill('SIGTERM');
  for (const [tap, port] of taps.ports)
    await farm.database.query(
      `update registers set transport = transport || jsonb_build_object('port', $2::int)
       where transport->>'kind' = 'tcp' and (transport->>'port')::int = $1`,
      [tap, port],
    );
  await farm.part('hardware-driver').start();
  await farm.until('registers online', 60_000, async () => {
    const [left] = await farm.database.query<{ n: number }>(
      `select count(*)::int as n from registers r left join register_status s on s.register_id = r.id
       where r.state = 'ready' and s.online is not true`,
    );
    return left?.n === 0;
  });
}

interface Stored {
  id: string;
  acceptedMs: number;
  startedMs: number;
  finishedMs: number;
  callbackUrl: string | null;
}

/** Times of finished receipts by the database's clock, which is this machine's. */
const finished = (farm: TestFarm, prefix: string): Promise<Stored[]> =>
  farm.database.query<Stored>(
    `select id, extract(epoch from accepted_at)::float8 * 1000 as "acceptedMs",
            extract(epoch from started_at)::float8 * 1000 as "startedMs",
            extract(epoch from finished_at)::float8 * 1000 as "finishedMs", callback_url as "callbackUrl"
     from receipts where state = 'done' and external_id like $1 || '%' order by accepted_at`,
    [prefix],
  );

/** What stands in the way when the machine is small: CPU of every process that a receipt passes. */
function cpuRow(rounds: readonly { name: string; ms: number }[][]): ToldRow {
  const sum = (shares: readonly { ms: number }[]): number => shares.reduce((all, { ms }) => all + ms, 0);
  const names = [...new Set(rounds.flatMap((shares) => shares.map(({ name }) => name)))];
  const each = names
    .map((name) => ({
      name,
      ms: median(rounds.map((shares) => shares.find((share) => share.name === name)?.ms ?? 0)),
    }))
    .sort((a, b) => b.ms - a.ms);
  return row({
    what: `CPU of all processes a receipt, accepted to called back, at ${ratePerS} receipts/s`,
    value: median(rounds.map(sum)),
    unit: 'ms',
    beside: (cores * 1_000) / ratePerS,
    besideWhat: `what ${cores} cores have for each of ${ratePerS} receipts/s`,
    note: each.map(({ name, ms }) => `${name} ${ms.toFixed(2)}`).join(', '),
  });
}

/** From an accepted receipt to the module's wire, to its end, to the shop, on modules that take no time. */
export const latency: Figure = {
  name: 'latency',
  quickS: 34,
  about: 'accept → first byte on the wire, → done, → callback at 200 receipts/s',
  async run({ quick, repeats, say }) {
    const taps = new ModuleTaps();
    const ear = await callbackEar();
    let farm: TestFarm | undefined;
    try {
      farm = await tappedFarm(taps);
      const shop = await Shop.open(farm);
      const begins: number[] = [];
      taps.onReceipt = (atMs) => begins.push(atMs);
      const idle = async (
        name: string,
        count: number,
      ): Promise<{ claim: number[]; wire: number[]; done: number[] }> => {
        const claim: number[] = [];
        const wire: number[] = [];
        const done: number[] = [];
        for (let n = 0; n < count; n += 1) {
          begins.length = 0;
          const { body } = await shop.sell({ externalId: `${name}-${n}` });
          await shop.settled(String(body.uuid));
          // A farm with nothing to do: what the last receipt left to do is over.
          await wait(20 + (n % 7) * 10);
          const rows = await finished(farm as TestFarm, `${name}-${n}`);
          const one = rows.at(-1);
          if (!one || begins[0] === undefined) throw new Error(`${name}-${n} was not seen on a wire`);
          claim.push(one.startedMs - one.acceptedMs);
          wire.push(begins[0] - one.acceptedMs);
          done.push(one.finishedMs - one.acceptedMs);
        }
        return { claim, wire, done };
      };
      await idle('warm', 20);
      const claim: number[][] = [];
      const wire: number[][] = [];
      const done: number[][] = [];
      for (let turn = 0; turn < repeats; turn += 1) {
        const round = await idle(`idle${turn}`, quick ? 12 : 100);
        claim.push(round.claim);
        wire.push(round.wire);
        done.push(round.done);
      }
      const told: number[][] = [];
      let heard = ear.cameMs.size;
      const spentMs: ReturnType<typeof cpuShares>[] = [];
      // One round more than is counted: in the first each process compiles what it runs.
      await untapped(farm, taps);
      const poster = new Poster(farm.ports['receipt-api'], shop.token);
      for (let turn = 0; turn <= repeats; turn += 1) {
        const count = Math.round(ratePerS * (quick ? 1.2 : 10));
        const cpuBefore = cpuLedger();
        const sinceMs = performance.now();
        const sales: Promise<unknown>[] = [];
        for (let n = 0; n < count; n += 1) {
          const dueMs = sinceMs + (n * 1_000) / ratePerS;
          if (dueMs > performance.now()) await wait(dueMs - performance.now());
          const group = groups[n % groups.length] ?? groups[0];
          const sale = { externalId: `rate${turn}-${n}`, group, callbackUrl: ear.url };
          sales.push(poster.sell(group, shop.body(sale)));
        }
        await Promise.all(sales);
        // Looks at this process's own memory: the database has enough to do.
        heard += count;
        await farm.until('callbacks', 60_000, () => Promise.resolve(ear.cameMs.size >= heard));
        const spent = cpuShares(cpuBefore, cpuLedger(), count);
        const rows = await finished(farm, `rate${turn}-`);
        const ms = rows.map(({ id, acceptedMs }) => (ear.cameMs.get(id) ?? NaN) - acceptedMs);
        const doneMs = rows.map(({ acceptedMs, finishedMs }) => finishedMs - acceptedMs);
        say(
          `done p99 ${quantile(doneMs, 0.99).toFixed(0)} ms, callbacks p99 ${quantile(ms, 0.99).toFixed(0)} ms`,
        );
        say(`CPU a receipt: ${spent.map(({ name, ms }) => `${name} ${ms.toFixed(2)}`).join(', ')} ms`);
        if (turn === 0) continue;
        told.push(ms);
        spentMs.push(spent);
      }
      const of = (rounds: number[][], share: number): number =>
        median(rounds.map((values) => quantile(values, share)));
      const line = (what: string, value: number, goal: number | null, note?: string): ToldRow =>
        row({ what, value, unit: 'ms', goal, goalIs: 'most', note });
      const clock = `from the receipt’s accepted_at (before its commit), modules that take no time; of it ${of(claim, 0.5).toFixed(1)} ms until the claim (commit, signal through Redis), the rest the claim’s commit and the session`;
      return [
        line(
          'idle farm: accept → first byte of the receipt on the module’s wire, p50',
          of(wire, 0.5),
          5,
          clock,
        ),
        line('idle farm: accept → first byte of the receipt on the module’s wire, p99', of(wire, 0.99), 25),
        line(
          'accept → done on an instant module, p50',
          of(done, 0.5),
          20,
          'to finished_at, by the database’s clock',
        ),
        line('accept → done on an instant module, p99', of(done, 0.99), 60),
        line(
          `accept → callback received at ${ratePerS} receipts/s, p50`,
          of(told, 0.5),
          null,
          `load, shop and the whole farm on one machine; 20 modules; a callback waits 50 ms for the shop to read the answer`,
        ),
        line(`accept → callback received at ${ratePerS} receipts/s, p99`, of(told, 0.99), 150),
        cpuRow(spentMs),
      ];
    } finally {
      await farm?.stop();
      await Promise.all([taps.close(), ear.close()]);
    }
  },
};
