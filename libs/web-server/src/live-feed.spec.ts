import { silentLog } from '@kkt/contracts';
import { VirtualClock } from '@kkt/testing';
import { LiveFeed, type LiveMessage } from './live-feed';

describe('a live topic', () => {
  it('is read at once when it is said to have changed, not more often than five times a second, and no other is', async () => {
    const clock = new VirtualClock();
    const feed = new LiveFeed(clock, silentLog);
    const state = { value: 1 };
    const readAtMs: number[] = [];
    const heard: LiveMessage[] = [];
    const load = () => {
      readAtMs.push(clock.monotonicMs());
      return Promise.resolve({ ...state });
    };
    feed.watch('alerts', { everyMs: 1_000, load }, (message) => heard.push(message));
    const others: number[] = [];
    const loadOther = () => Promise.resolve(others.push(clock.monotonicMs()));
    feed.watch('queues', { everyMs: 1_000, load: loadOther }, () => undefined);
    await clock.advance(500);
    state.value = 2;
    feed.poke((topic) => topic === 'alerts');
    await clock.advance(0);
    expect(heard.at(-1)).toMatchObject({ kind: 'full', data: '{"value":2}' });
    for (let n = 0; n < 40; n += 1) {
      feed.poke((topic) => topic === 'alerts');
      await clock.advance(10);
    }
    expect(readAtMs).toEqual([0, 500, 700, 900]);
    await clock.advance(1_500);
    expect(readAtMs).toEqual([0, 500, 700, 900, 1_900]);
    expect(others).toEqual([0, 1_000, 2_000]);
    feed.stop();
  });

  it('that changes while it is being read is read once more', async () => {
    const clock = new VirtualClock();
    const feed = new LiveFeed(clock, silentLog);
    let goOn = (): void => undefined;
    let reads = 0;
    const load = () =>
      new Promise<number>((resolve) => {
        reads += 1;
        goOn = () => resolve(reads);
      });
    feed.watch('alerts', { everyMs: 60_000, load }, () => undefined);
    await clock.advance(10);
    feed.poke(() => true);
    goOn();
    await clock.advance(300);
    expect(reads).toBe(2);
    feed.stop();
  });
});
