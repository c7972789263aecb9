import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CallbackSink, checkFarm, type FarmProcess, Shop, TestFarm } from '../index';

jest.setTimeout(900_000);

/** A lease is 60 s, and its end is looked for every 10 s; a busy module is tried again within 20 s. */
const takeOverMs = 90_000;
/** Long enough for a process that woke up to do whatever it would do. */
const watchMs = 4_000;

const wait = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms));

interface Sold {
  uuid: string;
  group: 'demo-v4' | 'demo-v5';
}

interface Ready {
  status: string;
  checks: Record<string, { ok: boolean; error?: string }>;
}

describe('Two drivers with one name', () => {
  let farm: TestFarm;
  let shop: Shop;
  let sink: CallbackSink;
  let second: FarmProcess;
  let secondPort: number;
  let first: FarmProcess;

  const healthOf = async (port: number): Promise<Ready> =>
    (await (await fetch(`http://127.0.0.1:${port}/health/ready`)).json()) as Ready;
  const metricOf = async (port: number, name: string): Promise<number> => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    return Number(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
  };
  const holders = async (): Promise<number[]> =>
    (
      await farm.database.query<{ pid: number }>(
        `select distinct p.pid from leases l join driver_processes p on p.owner = l.owner where l.expires_at > now()`,
      )
    ).map(({ pid }) => pid);
  const documentsMade = async (): Promise<number> =>
    (await farm.modules()).reduce((sum, { fn }) => sum + (fn?.lastFd ?? 0), 0);
  const logOf = (name: string): string => readFileSync(join(farm.dataDir, 'logs', `${name}.log`), 'utf8');
  const sellSix = async (name: string): Promise<Sold[]> => {
    return Promise.all(
      Array.from({ length: 6 }, async (_, n) => {
        const group = n % 2 ? 'demo-v5' : 'demo-v4';
        const { status, body } = await shop.sell({
          externalId: `${name}-${n}`,
          group,
          callbackUrl: sink.url,
        });
        expect(status).toBe(200);
        return { uuid: String(body.uuid), group };
      }),
    );
  };

  beforeAll(async () => {
    sink = await CallbackSink.open();
    farm = await TestFarm.start({ modules: 6, pace: '20' });
    shop = await Shop.open(farm);
    first = farm.part('hardware-driver');
    second = await farm.twin('hardware-driver', 'DRIVER_PORT');
    secondPort = second.port;
  });

  afterAll(async () => {
    first?.signal('SIGCONT');
    await second?.kill();
    await farm?.stop();
    await sink?.close();
  });

  it('#52 the second one takes nothing and says why: in its log, its health and its metrics', async () => {
    second.launch();
    await farm.until('the second driver speaks', 30_000, () =>
      healthOf(secondPort).then(
        (health) => health.checks.engine?.ok === true,
        () => false,
      ),
    );
    expect(await healthOf(secondPort)).toMatchObject({
      status: 'not_ready',
      checks: {
        registers: {
          ok: false,
          error: expect.stringMatching(
            new RegExp(`^another driver works under this DRIVER_ID: .*:${first.pid}$`),
          ),
        },
      },
    });
    expect(await metricOf(secondPort, 'kkt_driver_held_elsewhere')).toBe(1);
    expect(await metricOf(secondPort, 'kkt_driver_sessions')).toBe(0);
    expect(logOf('hardware-driver-2')).toContain('another driver holds registers of this driver id');
    expect(await holders()).toEqual([first.pid]);
    expect((await healthOf(farm.ports['hardware-driver'])).status).toBe('ready');

    for (const { uuid, group } of await sellSix('pair'))
      expect((await shop.settled(uuid, group)).status).toBe('done');
    expect(await metricOf(secondPort, 'kkt_driver_receipts_done')).toBe(0);
    expect((await checkFarm(farm)).faults).toEqual([]);
  });

  it('#52 a first one that is stopped mid-frame and wakes up writes nothing more; each receipt is done once', async () => {
    const plan = farm.planFile('hardware-driver');
    writeFileSync(plan, 'device-mid-frame:5:stop');
    first.signal('SIGUSR2');
    await wait(200);
    const sold = await sellSix('stopped');
    await farm.until('the first driver stands still', 30_000, async () =>
      Promise.resolve(/^State:\s+T/m.test(readFileSync(`/proc/${first.pid}/status`, 'utf8'))),
    );
    // What was in the modules' buffers may still end by itself.
    await wait(watchMs);
    const made = await documentsMade();

    await farm.until('the second driver holds the leases', takeOverMs, async () => {
      const pids = await holders();
      return pids.length === 1 && pids[0] === second.pid;
    });
    // The stopped process still holds the modules' only connections: nobody can write, and nobody did.
    expect(await documentsMade()).toBe(made);

    // Awake, with its successor out of the way: whatever is written now would be its own.
    second.signal('SIGSTOP');
    first.signal('SIGCONT');
    await wait(watchMs);
    expect(await documentsMade()).toBe(made);
    await farm.until(
      'the first driver knows',
      20_000,
      async () => (await metricOf(farm.ports['hardware-driver'], 'kkt_driver_sessions')) === 0,
    );
    expect(logOf('hardware-driver')).toMatch(/lease/i);
    expect(await documentsMade()).toBe(made);

    second.signal('SIGCONT');
    for (const { uuid, group } of sold) expect((await shop.settled(uuid, group, 60_000)).status).toBe('done');
    expect((await healthOf(farm.ports['hardware-driver'])).checks.registers).toMatchObject({
      ok: false,
      error: expect.stringContaining(String(second.pid)),
    });
    const verdict = await checkFarm(farm);
    expect(verdict).toMatchObject({ faults: [], failed: 0, waiting: 0, done: verdict.fnReceipts });
  });
});
