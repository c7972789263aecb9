import { BatchWriter } from './batch-writer';

describe('BatchWriter', () => {
  const gate = () => {
    let open!: () => void;
    const opened = new Promise<void>((resolve) => (open = resolve));
    return { open, opened };
  };

  it('lets items that arrive during a flush share the next one, and settles none before its own', async () => {
    const gates = [gate(), gate()];
    const batches: number[][] = [];
    const writer = new BatchWriter<number, number>(async (items) => {
      batches.push(items);
      await gates[batches.length - 1]?.opened;
      return items.map((item) => item * 10);
    });
    const first = writer.write(1);
    await Promise.resolve();
    await Promise.resolve();
    let secondDone = false;
    const rest = [writer.write(2), writer.write(3)].map((promise) =>
      promise.finally(() => (secondDone = true)),
    );
    gates[0]?.open();
    expect(await first).toBe(10);
    expect(secondDone).toBe(false);
    gates[1]?.open();
    expect(await Promise.all(rest)).toEqual([20, 30]);
    expect(batches).toEqual([[1], [2, 3]]);
  });

  it('rejects only the items of the flush that failed', async () => {
    let calls = 0;
    const writer = new BatchWriter<number, number>(async (items) => {
      calls += 1;
      if (calls === 1) throw new Error('away');
      return items;
    });
    await expect(writer.write(1)).rejects.toThrow('away');
    await expect(writer.write(2)).resolves.toBe(2);
  });

  it('never flushes more than its limit at once', async () => {
    const sizes: number[] = [];
    const writer = new BatchWriter<number, number>(async (items) => {
      sizes.push(items.length);
      return items;
    }, 3);
    await Promise.all(Array.from({ length: 8 }, (_, n) => writer.write(n)));
    expect(sizes).toEqual([3, 3, 2]);
  });
});
