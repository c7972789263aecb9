import { GroupCommit } from './group-commit';

/** A flush whose end the test decides. */
function stubFlush() {
  const batches: number[][] = [];
  const ends: ((results?: (number | Error)[]) => void)[] = [];
  const fails: ((error: Error) => void)[] = [];
  const flush = (batch: number[]) => {
    batches.push(batch);
    return new Promise<(number | Error)[]>((resolve, reject) => {
      ends.push((results) => resolve(results ?? batch.map((one) => one * 10)));
      fails.push(reject);
    });
  };
  return { batches, ends, fails, flush };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('group commit', () => {
  it('flushes what came in one turn together, what came during a flush in the next', async () => {
    const { batches, ends, flush } = stubFlush();
    const commit = new GroupCommit(flush, { maxBatch: 10, maxWaiting: 100 });
    const first = [commit.add(1), commit.add(2)];
    await turn();
    const second = [commit.add(3), commit.add(4)];
    await turn();
    expect(batches).toEqual([[1, 2]]);
    ends[0]?.();
    await expect(Promise.all(first)).resolves.toEqual([10, 20]);
    await turn();
    expect(batches).toEqual([
      [1, 2],
      [3, 4],
    ]);
    ends[1]?.();
    await expect(Promise.all(second)).resolves.toEqual([30, 40]);
  });

  it('answers nobody before its own flush has ended', async () => {
    const { ends, flush } = stubFlush();
    const commit = new GroupCommit(flush, { maxBatch: 1, maxWaiting: 100 });
    const answered: number[] = [];
    const both = [commit.add(1), commit.add(2)].map((one) => one.then((result) => answered.push(result)));
    await turn();
    expect(answered).toEqual([]);
    ends[0]?.();
    await turn();
    expect(answered).toEqual([10]);
    ends[1]?.();
    await Promise.all(both);
    expect(answered).toEqual([10, 20]);
  });

  it('never flushes more than its batch, and refuses past its queue', async () => {
    const { batches, ends, flush } = stubFlush();
    const commit = new GroupCommit(flush, { maxBatch: 2, maxWaiting: 3 });
    const taken = [1, 2, 3].map((one) => commit.add(one));
    await expect(commit.add(4)).rejects.toMatchObject({ code: 'SYS-BUSY' });
    await turn();
    expect(batches).toEqual([[1, 2]]);
    expect(commit.depth).toBe(1);
    ends[0]?.();
    await turn();
    ends[1]?.();
    await expect(Promise.all(taken)).resolves.toEqual([10, 20, 30]);
  });

  it('takes from its lanes in turn: behind a flood of one the other goes at once, each lane in its order', async () => {
    const { batches, ends, flush } = stubFlush();
    const commit = new GroupCommit(flush, { maxBatch: 4, maxWaiting: 100, maxWaitingPerLane: 20 });
    const flood = Array.from({ length: 20 }, (_, index) => commit.add(100 + index, 'a'));
    await expect(commit.add(999, 'a')).rejects.toMatchObject({ code: 'SYS-BUSY' });
    const others = [commit.add(1, 'b'), commit.add(2, 'b'), commit.add(3, 'c')];
    await turn();
    expect(batches[0]).toEqual([100, 1, 3, 101]);
    for (let index = 0; commit.depth > 0; index += 1) {
      ends[index]?.();
      await turn();
    }
    ends.at(-1)?.();
    expect(await Promise.all(others)).toEqual([10, 20, 30]);
    await Promise.all(flood);
    expect(batches.flat().filter((one) => one >= 100)).toEqual(
      Array.from({ length: 20 }, (_, index) => 100 + index),
    );
  });

  it('fails those of a failed flush only, and goes on', async () => {
    const { ends, fails, flush } = stubFlush();
    const commit = new GroupCommit(flush, { maxBatch: 2, maxWaiting: 9 });
    const results = Promise.allSettled([1, 2, 3, 4].map((one) => commit.add(one)));
    await turn();
    fails[0]?.(new Error('away'));
    await turn();
    ends[1]?.([new Error('this one'), 40]);
    expect(
      (await results).map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason))),
    ).toEqual(['Error: away', 'Error: away', 'Error: this one', 40]);
  });

  it('tells when everything is answered', async () => {
    const { ends, flush } = stubFlush();
    const commit = new GroupCommit(flush, { maxBatch: 2, maxWaiting: 9 });
    await commit.drained();
    const one = commit.add(1);
    let isDrained = false;
    const drained = commit.drained().then(() => (isDrained = true));
    await turn();
    expect(isDrained).toBe(false);
    ends[0]?.();
    await drained;
    await expect(one).resolves.toBe(10);
  });
});
