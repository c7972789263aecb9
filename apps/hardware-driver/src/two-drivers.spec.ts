import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instantPace, planModules, World } from '@hardware/emulator';
import { silentLog, systemClock, systemIds, systemRandom } from '@kkt/contracts';
import { freePort } from '@kkt/embedded';
import type { LeasedRegister } from '@kkt/storage';
import { until } from '@kkt/testing';
import { deviceFactory } from './devices';

const never = new AbortController().signal;

/** Leases part drivers of one database; two farms that were given one module are parted by its port alone. */
describe('Two drivers given the same module', () => {
  let dataDir: string;
  let tcpPort: number;
  let world: World;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'kkt-two-drivers-'));
    tcpPort = await freePort();
    const plan = planModules(2, 'mixed');
    world = new World({ plan, dataDir, tcpBasePort: tcpPort, pace: instantPace });
    await world.open();
  });

  afterAll(async () => {
    await world.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const driver = (index: number) => {
    const { serial } = world.at(index);
    const transport =
      index === 0
        ? { kind: 'tcp', host: '127.0.0.1', port: tcpPort }
        : { kind: 'serial', path: join(dataDir, 'tty', serial) };
    const make = deviceFactory(systemClock, systemRandom, systemIds, silentLog);
    const device = make({ serial, transport } as LeasedRegister, () => undefined);
    return {
      /** Connects and asks who is there. */
      meet: async () => {
        await device.connect(never);
        return (await device.identity()).serial;
      },
      ask: async () => (await device.identity()).serial,
      leave: () => device.disconnect(),
    };
  };

  it.each([
    ['TCP', 0],
    ['a serial port', 1],
  ] as const)(
    'over %s: exactly one works, the other says why, and works when the first is gone',
    async (_, index) => {
      const { serial } = world.at(index);
      const first = driver(index);
      const second = driver(index);
      expect(await first.meet()).toBe(serial);
      await expect(second.meet()).rejects.toMatchObject({ code: 'WIRE-PORT-BUSY' });
      await second.leave();
      expect(await first.ask()).toBe(serial);
      await first.leave();
      // The module sees the end of a connection a moment after it was closed.
      await until(
        async () => (await second.meet().catch(() => second.leave())) === serial,
        'the second driver is let in',
      );
      await expect(first.meet()).rejects.toMatchObject({ code: 'WIRE-PORT-BUSY' });
      await first.leave();
      expect(await second.ask()).toBe(serial);
      await second.leave();
    },
  );
});
