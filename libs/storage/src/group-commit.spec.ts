import { GroupCommit } from './group-commit';

describe('GroupCommit', () => {
  it('writes the first at once and what comes meanwhile together', async () => {
    const batches: number[][] = [];
    const open: (() => void)[] = [];
    const commit = new GroupCommit<number, number>(async (batch) => {
      batches.push(batch);
      await new Promise<void>((resolve) => open.push(resolve));
      return batch.map((n) => n * 10);
    });
    const first = commit.add(1);
    await new Promise(setImmediate);
    const rest = [2, 3, 4].map((n) => commit.add(n));
    expect(batches).toEqual([[1]]);
    open.shift()?.();
    expect(await first).toBe(10);
    await new Promise(setImmediate);
    expect(batches).toEqual([[1], [2, 3, 4]]);
    open.shift()?.();
    expect(await Promise.all(rest)).toEqual([20, 30, 40]);
  });

  it('fails only those of the failed write', async () => {
    let times = 0;
    const commit = new GroupCommit<string, string>((batch) => {
      times++;
      return times === 1 ? Promise.reject(new Error('away')) : Promise.resolve(batch);
    });
    const [one, two] = [commit.add('a'), commit.add('b')];
    await expect(one).rejects.toThrow('away');
    await expect(two).rejects.toThrow('away');
    expect(await commit.add('c')).toBe('c');
  });

  it('writes what is added in answer to a result', async () => {
    const commit = new GroupCommit<number, number>((batch) => Promise.resolve(batch));
    let last = 0;
    while (last < 5) last = await commit.add(last + 1);
    expect(last).toBe(5);
  });

  it('never writes more than its limit at once', async () => {
    const sizes: number[] = [];
    const commit = new GroupCommit<number, void>((batch) => {
      sizes.push(batch.length);
      return Promise.resolve(batch.map(() => undefined));
    }, 2);
    await Promise.all([1, 2, 3, 4, 5].map((n) => commit.add(n)));
    expect(sizes).toEqual([2, 2, 1]);
  });
});
