import { VirtualClock } from '@kkt/testing';
import { TakenJobs } from './taken-jobs';

describe('TakenJobs', () => {
  const woken: string[] = [];
  const clock = new VirtualClock();
  const taken = new TakenJobs(clock, (key) => void woken.push(key));
  beforeEach(() => woken.splice(0));

  it('wakes when Bull says that the job ended, once', async () => {
    taken.begin('a');
    taken.end('a');
    await clock.advance(60_000);
    expect(woken).toEqual(['a']);
  });

  it('wakes all the same when Bull says nothing', async () => {
    taken.begin('a');
    await clock.advance(60_000);
    expect(woken).toEqual(['a']);
  });

  it('wakes for an ending that it did not see begin', () => {
    taken.end('b');
    expect(woken).toEqual(['b']);
  });

  it('wakes nobody once closed', async () => {
    taken.begin('a');
    taken.close();
    await clock.advance(60_000);
    expect(woken).toEqual([]);
  });
});
