import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import Redis from 'ioredis';
import { freePort, type RunningRedis, startRedis } from '@kkt/embedded';
import { type Clock, type Log, silentLog, systemClock } from '@kkt/contracts';
import { testRedisUrl, until } from '@kkt/testing';
import { BullWakeBus, QueueModule, type TimerBus, TIMER_BUS, WAKE_BUS, type WakeBus } from './index';

const sleepMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Keeps what was logged at warn. */
function listeningLog(): { log: Log; warnings: string[] } {
  const warnings: string[] = [];
  const log: Log = { ...silentLog, warn: (_, message) => void warnings.push(message) };
  return { log, warnings };
}

let channelNumber = 0;
const newChannel = (): string => `spec:${process.pid}:${channelNumber++}`;

describe('BullWakeBus', () => {
  const opened: BullWakeBus[] = [];
  const openBus = (options: Partial<ConstructorParameters<typeof BullWakeBus>[0]> = {}): BullWakeBus => {
    const bus = new BullWakeBus({ redisUrl: testRedisUrl(), ...options });
    opened.push(bus);
    return bus;
  };

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((bus) => bus.close()));
  });

  it('wakes another process for each signal when idle', async () => {
    const [sender, listener, channel] = [openBus(), openBus(), newChannel()];
    let arrive = (): void => undefined;
    await listener.onWake(channel, () => arrive());
    await until(() => sender.stats().isConnected && listener.stats().isConnected, 'connected');
    await sleepMs(200);
    for (let n = 0; n < 30; n++) {
      await sleepMs(3);
      const arrived = new Promise<void>((resolve) => (arrive = resolve));
      await sender.wake(channel, String(n % 5));
      await arrived;
    }
    // The jobs that follow signals may add a few.
    expect(listener.stats().runs).toBeGreaterThanOrEqual(30);
  });

  it('merges a burst into few runs and never misses the last', async () => {
    const [sender, listener, channel] = [openBus(), openBus(), newChannel()];
    let committed = 0;
    let seen = 0;
    let runs = 0;
    await listener.onWake(channel, async () => {
      runs++;
      const looked = committed;
      await sleepMs(2);
      seen = Math.max(seen, looked);
    });
    await until(() => sender.stats().isConnected, 'connected');
    for (let n = 1; n <= 3_000; n++) {
      committed = n;
      void sender.wake(channel, 'g');
      if (n % 20 === 0) await sleepMs(1);
    }
    await until(() => seen === 3_000, 'the last commit is seen');
    expect(runs).toBeLessThan(1_500);
  });

  it('runs again for a wake-up that comes while the handler runs, one run at a time', async () => {
    const [sender, listener, channel] = [openBus(), openBus(), newChannel()];
    let committed = 0;
    let seen = 0;
    let running = 0;
    let isOverlapping = false;
    let goOn = (): void => undefined;
    await listener.onWake(channel, async () => {
      isOverlapping ||= ++running > 1;
      const looked = committed;
      await new Promise<void>((resolve) => (goOn = resolve));
      seen = looked;
      running--;
    });
    await until(() => sender.stats().isConnected, 'connected');
    for (let n = 1; n <= 40; n += 2) {
      committed = n;
      await sender.wake(channel, 'g');
      await until(() => running === 1, 'the handler runs');
      committed = n + 1;
      await sender.wake(channel, 'g');
      goOn();
      await until(() => seen === n && running === 1, `a second look after commit ${n + 1}`);
      goOn();
      await until(() => seen === n + 1 && running === 0, `commit ${n + 1} is seen`);
    }
    expect(isOverlapping).toBe(false);
  });

  it('leaves no wake-up of a shared channel untold when one of the listeners goes', async () => {
    const [sender, one, two, channel] = [openBus(), openBus(), openBus(), newChannel()];
    const seen = new Set<string>();
    await one.onWake(channel, (key) => void seen.add(key));
    const stop = await two.onWake(channel, (key) => void seen.add(key));
    await until(() => sender.stats().isConnected, 'connected');
    const keys = Array.from({ length: 40 }, (_, n) => `k${n}`);
    await Promise.all(keys.slice(0, 20).map((key) => sender.wake(channel, key)));
    await stop();
    await Promise.all(keys.slice(20).map((key) => sender.wake(channel, key)));
    await until(() => seen.size === 40, 'all arrived');
  });

  it('signals at once, one job for many signals; a signal that is lost on its way is told by that job', async () => {
    const due: (() => void)[] = [];
    const clock: Clock = {
      ...systemClock,
      // The time of the job that follows, which this test decides.
      setTimer: (ms, run) => {
        if (ms !== 500) return systemClock.setTimer(ms, run);
        due.push(run);
        return { cancel: () => undefined };
      },
    };
    const [sender, listener, channel] = [openBus({ clock }), openBus(), newChannel()];
    await until(() => sender.stats().isConnected, 'connected');
    // Counted by Redis as one who hears, like a listener that is killed with the signal on its way.
    const dead = new Redis(testRedisUrl());
    await dead.subscribe(`kkt:signal:${channel}`);
    const admin = new Redis(testRedisUrl());
    for (let n = 0; n < 20; n++) await sender.wake(channel, 'g');
    dead.disconnect();
    expect(await admin.llen(`kkt:${channel}:wait`)).toBe(0);
    expect(due).toHaveLength(1);
    due[0]?.();
    await until(async () => (await admin.llen(`kkt:${channel}:wait`)) > 0, 'the job that follows');
    expect(await admin.llen(`kkt:${channel}:wait`)).toBe(1);
    admin.disconnect();
    const seen: string[] = [];
    await listener.onWake(channel, (key) => void seen.push(key));
    await until(() => seen.length > 0, 'told');
    expect(seen).toEqual(['g']);
  });

  it('goes as jobs alone for a user of Redis without rights to signal', async () => {
    const admin = new Redis(testRedisUrl());
    const [name, channel] = [`u${process.pid}`, newChannel()];
    await admin.acl('SETUSER', name, 'on', 'nopass', '~*', '+@all', 'resetchannels', '&kkt:spec:*');
    const url = new URL(testRedisUrl());
    url.username = name;
    url.password = 'any';
    const [sender, listener] = [openBus({ redisUrl: url.href }), openBus()];
    const seen: string[] = [];
    await listener.onWake(channel, (key) => void seen.push(key));
    await until(() => sender.stats().isConnected, 'connected');
    await sender.wake(channel, 'g');
    await until(() => seen.length > 0, 'told by a job');
    expect(sender.stats().parked).toBe(0);
    await admin.acl('DELUSER', name);
    admin.disconnect();
  });

  it('leaves the job of signals that were heard when it closes', async () => {
    const [sender, channel] = [openBus(), newChannel()];
    await until(() => sender.stats().isConnected, 'connected');
    const hearer = new Redis(testRedisUrl());
    await hearer.subscribe(`kkt:signal:${channel}`);
    await sender.wake(channel, 'g');
    await sender.close();
    const admin = new Redis(testRedisUrl());
    expect(await admin.llen(`kkt:${channel}:wait`)).toBe(1);
    for (const redis of [hearer, admin]) redis.disconnect();
  });

  it('accepts keys that look like the names of Bull’s own lists', async () => {
    const [bus, channel] = [openBus(), newChannel()];
    const seen = new Set<string>();
    await bus.onWake(channel, (key) => void seen.add(key));
    await until(() => bus.stats().isConnected, 'connected');
    const keys = ['wait', 'active', 'id', '1', 'ofd:17', '0'];
    for (const key of keys) await bus.wake(channel, key);
    await until(() => seen.size === keys.length, 'all keys');
  });

  it('fires timers at the earliest time, once', async () => {
    const [sender, listener, channel] = [openBus(), openBus(), newChannel()];
    const firedAtMs: number[] = [];
    await listener.onWake(channel, () => void firedAtMs.push(Date.now()));
    await until(() => sender.stats().isConnected, 'connected');
    await sleepMs(100);
    const startMs = Date.now();
    await sender.wakeAt(channel, 't', startMs + 5_000);
    await sender.wakeAt(channel, 't', startMs + 300);
    await sender.wakeAt(channel, 't', startMs + 4_000);
    await until(() => firedAtMs.length > 0, 'fired');
    expect((firedAtMs[0] ?? 0) - startMs).toBeGreaterThanOrEqual(295);
    await sender.wakeAt(channel, 't', startMs);
    await until(() => firedAtMs.length > 1, 'a past time wakes at once');
  });

  it('counts and survives handlers that throw', async () => {
    const [bus, channel] = [openBus(), newChannel()];
    await bus.onWake(channel, () => Promise.reject(new Error('no database')));
    await until(() => bus.stats().isConnected, 'connected');
    await bus.wake(channel, 'a');
    await until(() => bus.stats().failures === 1, 'first failure');
    await bus.wake(channel, 'a');
    await until(() => bus.stats().failures === 2, 'second failure');
  });

  it('stops listening without losing what comes next', async () => {
    const [sender, listener, channel] = [openBus(), openBus(), newChannel()];
    const seen: string[] = [];
    const stop = await listener.onWake(channel, (key) => void seen.push(key));
    await until(() => sender.stats().isConnected, 'connected');
    await sender.wake(channel, 'a');
    await until(() => seen.length === 1, 'first');
    await stop();
    await sender.wake(channel, 'b');
    await sleepMs(100);
    expect(seen).toEqual(['a']);
    await openBus().onWake(channel, (key) => void seen.push(key));
    await until(() => seen.length === 2, 'the next listener gets it');
  });

  it('is given by the Nest module, on queues that Nest made', async () => {
    const channel = newChannel();
    const module = await Test.createTestingModule({
      imports: [QueueModule.forRoot({ redisUrl: testRedisUrl(), channels: [channel] })],
    }).compile();
    await module.init();
    const bus = module.get<WakeBus>(WAKE_BUS);
    expect(module.get<TimerBus>(TIMER_BUS)).toBe(bus);
    const seen: string[] = [];
    await bus.onWake(channel, (key) => void seen.push(key));
    await sleepMs(100);
    await bus.wake(channel, 'a');
    await until(() => seen.length === 1, 'woken');
    await module.close();
  });

  describe('when Redis fails', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kkt-queue-'));
    let port: number;
    let server: RunningRedis | undefined;
    const start = async (): Promise<void> => {
      server = await startRedis({ dataDir: folder, port });
    };
    const stop = async (): Promise<void> => {
      await server?.stop();
      server = undefined;
    };
    const url = (): string => `redis://127.0.0.1:${port}`;

    beforeAll(async () => {
      port = await freePort();
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((bus) => bus.close()));
      await stop();
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('starts, takes wake-ups and stops while Redis is away', async () => {
      const { log, warnings } = listeningLog();
      const bus = openBus({ redisUrl: url(), log, maxParked: 10 });
      await bus.onWake('x', () => undefined);
      for (let n = 0; n < 1_000; n++) await bus.wake('x', String(n % 20));
      await sleepMs(700);
      expect(bus.stats()).toMatchObject({ isConnected: false, sent: 0, parked: 10 });
      expect(bus.stats().dropped).toBeGreaterThan(0);
      expect(warnings).toHaveLength(1);
      await bus.close();
    });

    it('delivers what was parked, and what comes later, once Redis is back', async () => {
      await start();
      const [sender, listener] = [openBus({ redisUrl: url() }), openBus({ redisUrl: url() })];
      const seen = new Set<string>();
      await listener.onWake('x', (key) => void seen.add(key));
      await until(() => sender.stats().isConnected, 'connected');
      await sender.wake('x', 'before');
      await until(() => seen.has('before'), 'before');

      await stop();
      await until(() => !sender.stats().isConnected, 'noticed');
      await sender.wake('x', 'meanwhile');
      await sender.wakeAt('x', 'timer', Date.now() + 200);
      expect(seen.has('meanwhile')).toBe(false);

      await start();
      await until(() => seen.has('meanwhile') && seen.has('timer'), 'parked ones arrive');
      await sender.wake('x', 'after');
      await until(() => seen.has('after'), 'after');
    });

    it('goes on after a flush in the middle of the traffic', async () => {
      await start();
      const [sender, listener] = [openBus({ redisUrl: url() }), openBus({ redisUrl: url() })];
      let committed = 0;
      let seen = 0;
      await listener.onWake('x', () => void (seen = committed));
      await until(() => sender.stats().isConnected, 'connected');
      const admin = new Redis(url());
      for (let n = 1; n <= 400; n++) {
        committed = n;
        void sender.wake('x', 'g');
        if (n % 50 === 0) await admin.flushall();
        await sleepMs(1);
      }
      await admin.script('FLUSH');
      admin.disconnect();
      committed = 1_000;
      await sender.wake('x', 'g');
      await until(() => seen === 1_000, 'the last commit is seen');
    });

    it('notices a network that was cut in silence', async () => {
      await start();
      const frozen = new Set<Socket>();
      const tunnel = createServer((near) => {
        const far = createConnection(port, '127.0.0.1');
        for (const [from, to] of [
          [near, far],
          [far, near],
        ] as const) {
          from.on('data', (bytes) => void (frozen.has(near) || to.write(bytes)));
          from.on('close', () => to.destroy());
          from.on('error', () => to.destroy());
        }
        nears.add(near);
      });
      const nears = new Set<Socket>();
      await new Promise<void>((resolve) => tunnel.listen(0, '127.0.0.1', resolve));
      const hastyClock: Clock = { ...systemClock, setTimer: (ms, run) => systemClock.setTimer(ms / 50, run) };
      const tunnelUrl = `redis://127.0.0.1:${(tunnel.address() as AddressInfo).port}`;
      const [sender, listener] = [
        openBus({ redisUrl: tunnelUrl, clock: hastyClock }),
        openBus({ redisUrl: url() }),
      ];
      const seen = new Set<string>();
      await listener.onWake('x', (key) => void seen.add(key));
      await until(() => sender.stats().isConnected, 'connected');
      await sender.wake('x', 'before');
      await until(() => seen.has('before'), 'before');
      for (const near of nears) frozen.add(near);
      await sender.wake('x', 'through the cut');
      await until(() => seen.has('through the cut'), 'delivered over a new connection');
      await sender.close();
      tunnel.close();
    });

    it('tells the next listener what a killed one took with it', async () => {
      await start();
      const dead = new Redis(url());
      const [sender, listener] = [openBus({ redisUrl: url() }), openBus({ redisUrl: url() })];
      await until(() => sender.stats().isConnected, 'connected');
      await sender.wake('x', 'g');
      // What a process leaves that is killed right after Bull's blocking pop.
      expect(await dead.rpoplpush('kkt:x:wait', 'kkt:x:active')).toBe('k:g');
      dead.disconnect();
      let runs = 0;
      await listener.onWake('x', () => void runs++);
      await until(() => runs > 0, 'told without another wake-up');
      await sender.wake('x', 'g');
      await until(() => runs > 1, 'the key is free again');
    });

    it('tells a wake-up whose job was taken though the answer about it was lost', async () => {
      await start();
      const [sender, listener] = [openBus({ redisUrl: url() }), openBus({ redisUrl: url() })];
      await until(() => sender.stats().isConnected, 'connected');
      await sender.wake('x', 'g');
      const dead = new Redis(url());
      await dead.rpoplpush('kkt:x:wait', 'kkt:x:active');
      await dead.set('kkt:x:k:g:lock', 'of nobody', 'PX', 2_000);
      dead.disconnect();
      const seen: string[] = [];
      await listener.onWake('x', (key) => void seen.push(key));
      await until(() => seen.length > 0, 'told once the lock is over');
      expect(seen).toEqual(['g']);
    });
  });
});
