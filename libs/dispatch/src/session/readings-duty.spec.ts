import { FarmError } from '@kkt/contracts';
import type { DeviceProbe } from '@kkt/kkt-driver';
import { VirtualClock } from '@kkt/testing';
import type { LeasedRegister } from '../ports';
import { defaultDispatchSettings } from '../settings';
import { ReadingsDuty } from './readings-duty';
import { RegisterView } from './view';

const minute = 60_000;

function bench(probes: DeviceProbe[]) {
  const clock = new VirtualClock();
  const view = new RegisterView({ registerId: 1, state: 'ready', serial: '00106' } as LeasedRegister);
  const duty = new ReadingsDuty(
    { clock, settings: defaultDispatchSettings, readings: { save: () => Promise.resolve() } },
    view,
    {
      probes,
      recentMs: [10, 20, 30, 1_000],
      counters: { framesSent: 3 } as never,
      tasks: {} as never,
      commands: new Map([
        ['status', { count: 2, errors: 1, totalMs: 40, maxMs: 30 }],
        ['receipt', { count: 2, errors: 0, totalMs: 700, maxMs: 400 }],
      ]),
    },
  );
  return { clock, view, duty };
}

const probe = (name: string, period: DeviceProbe['period'], read: DeviceProbe['read']): DeviceProbe => ({
  name,
  period,
  read,
});

async function readAll(
  { clock, duty }: ReturnType<typeof bench>,
  forMs: number,
  underLoad = false,
): Promise<string[]> {
  const read: string[] = [];
  for (let passed = 0; passed < forMs; passed += 10_000) {
    await clock.advance(10_000);
    for (let due = duty.next(underLoad); due; due = duty.next(underLoad)) {
      read.push(due.name);
      await duty.step(due);
    }
  }
  return read;
}

describe('readings of a register', () => {
  it('are taken by their periods, one command at a time', async () => {
    const made = bench([
      probe('often', 'minute', async () => ({ mode: 1 })),
      probe('seldom', 'hour', async () => ({ model_code: 77 })),
    ]);
    const read = await readAll(made, 10 * minute);
    expect(read.filter((name) => name === 'seldom')).toHaveLength(1);
    expect(read.filter((name) => name === 'often').length).toBeGreaterThanOrEqual(8);
    expect(read.filter((name) => name === 'often').length).toBeLessThanOrEqual(10);
  });

  it('wait ten times as long while the register sells', async () => {
    const made = bench([probe('often', 'minute', async () => ({}))]);
    expect((await readAll(made, 60 * minute, true)).length).toBeLessThanOrEqual(7);
    const idle = bench([probe('often', 'minute', async () => ({}))]);
    expect((await readAll(idle, 60 * minute)).length).toBeGreaterThan(45);
  });

  it('are not asked again for a day when the device does not know them', async () => {
    const refused = probe('unknown', 'minute', () =>
      Promise.reject(new FarmError('DEVICE-6C', 'bad register')),
    );
    expect(await readAll(bench([refused]), 120 * minute)).toEqual(['unknown']);
  });

  it('end the session when the link is broken', async () => {
    const made = bench([
      probe('broken', 'minute', () => Promise.reject(new FarmError('WIRE-TIMEOUT', 'silent'))),
    ]);
    await expect(readAll(made, minute)).rejects.toMatchObject({ code: 'WIRE-TIMEOUT' });
  });

  it('turn local time into moments, and tell how far the clock is off', async () => {
    const made = bench([
      probe('status', 'minute', async () => ({
        clock: '2026-11-23T12:01:40',
        ofd_first_unsent: '2026-11-23T11:59:00',
      })),
    ]);
    made.view.online = true;
    await readAll(made, 40_000);
    const values = made.duty.snapshot();
    // The virtual clock begins at 09:00 UTC = 12:00 of the register; the reading came 10 to 40 s later.
    expect(values.clock).toBe(Date.UTC(2026, 10, 23, 9, 1, 40) / 1000);
    expect(values.clock_offset).toBeGreaterThanOrEqual(60);
    expect(values.clock_offset).toBeLessThanOrEqual(90);
    expect(values.ofd_unsent_age).toBe(100);
  });

  it('tell what the driver counts itself, and no old word of a silent device', async () => {
    const made = bench([probe('mode', 'minute', async () => ({ mode: 1 }))]);
    made.view.online = true;
    await readAll(made, 40_000);
    expect(made.duty.snapshot()).toMatchObject({
      up: true,
      mode: 1,
      state: 2,
      frames_sent: 3,
      commands: 2,
      command_errors: 1,
      command_p50: 0.03,
      command_p95: 1,
      receipt_duration: 0.35,
      receipt_duration_max: 0.4,
    });
    made.view.online = false;
    const silent = made.duty.snapshot();
    expect(silent).toMatchObject({ up: false, state: 2 });
    expect(silent).not.toHaveProperty('mode');
  });
});
