import { silentLog } from '@kkt/contracts';
import { VirtualClock } from '@kkt/testing';
import { Duty } from './duty';

const dutyOf = (clock: VirtualClock, run: () => Promise<boolean | number>): Duty =>
  new Duty({ name: 'test', everyMs: 1_000, clock, log: silentLog, run });

describe('a duty', () => {
  it('that is poked has its turn now, but not more often than five times a second', async () => {
    const clock = new VirtualClock();
    const atMs: number[] = [];
    const duty = dutyOf(clock, () => {
      atMs.push(clock.monotonicMs());
      return Promise.resolve(false);
    });
    duty.start();
    await clock.advance(500);
    duty.poke();
    await clock.advance(0);
    expect(atMs).toEqual([0, 500]);
    for (let n = 0; n < 30; n += 1) {
      duty.poke();
      await clock.advance(10);
    }
    await clock.advance(1_300);
    expect(atMs).toEqual([0, 500, 700, 900, 1_900]);
    await duty.stop();
    duty.poke();
    await clock.advance(5_000);
    expect(atMs).toHaveLength(5);
  });

  it('that knows when something is due has its turn then', async () => {
    const clock = new VirtualClock();
    const atMs: number[] = [];
    const duty = dutyOf(clock, () => {
      atMs.push(clock.monotonicMs());
      return Promise.resolve(atMs.length === 1 ? 300 : 5_000);
    });
    duty.start();
    await clock.advance(2_400);
    expect(atMs).toEqual([0, 300, 1_300, 2_300]);
    await duty.stop();
  });
});
