import { type Clock, FarmError } from '@kkt/contracts';
import { centered, type Paper } from '../paper';
import { Press, type PressThread } from './press';
import type { PrintJob, PrintResult } from './draw';

const paper = (title: string): Paper => ({ title, lines: [centered(title)] });

/** A thread the test answers for, on a clock the test moves. */
function bench(options: ConstructorParameters<typeof Press>[0] = {}) {
  const threads: {
    jobs: PrintJob[];
    answer: (result: PrintResult) => void;
    die: () => void;
    stopped: number;
  }[] = [];
  const timers = new Set<{ run: () => void; delayMs: number }>();
  const clock: Clock = {
    nowMs: () => 0,
    monotonicMs: () => 0,
    setTimer(delayMs, run) {
      const timer = { run, delayMs };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
  };
  const start = (): PressThread => {
    const thread = {
      jobs: [] as PrintJob[],
      answer: (_: PrintResult): void => undefined,
      die: (): void => undefined,
      stopped: 0,
    };
    threads.push(thread);
    return {
      send: (job) => void thread.jobs.push(job),
      onResult: (listener) => void (thread.answer = listener),
      onExit: (listener) => void (thread.die = listener),
      stop: () => {
        thread.stopped += 1;
        thread.die();
      },
    };
  };
  const ring = (delayMs: number): void =>
    [...timers]
      .filter((timer) => timer.delayMs === delayMs)
      .forEach((timer) => {
        timers.delete(timer);
        timer.run();
      });
  return { press: new Press({ clock, start, timeoutMs: 500, idleMs: 900, ...options }), threads, ring };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'drawn',
    (error: unknown) => (error instanceof FarmError ? error.code : error),
  );

describe('the press', () => {
  it('draws one after another, each for who asked', async () => {
    const { press, threads } = bench();
    const [first, second] = [press.print('pdf', paper('a'), 'x'), press.print('png', paper('b'), 'y')];
    const thread = threads[0]!;
    expect(thread.jobs.map(({ kind }) => kind)).toEqual(['pdf']);
    thread.answer({ id: 1, bytes: bytes('A') });
    expect((await first).toString()).toBe('A');
    expect(thread.jobs.map(({ paper: { title } }) => title)).toEqual(['a', 'b']);
    thread.answer({ id: 2, error: 'no ink' });
    expect(await codeOf(second)).toBe('SYS-PRINT');
    expect(threads).toHaveLength(1);
  });

  it('refuses past its queue, and one client sooner than all', async () => {
    const { press } = bench({ maxWaiting: 4, maxWaitingPerClient: 2 });
    void press.print('pdf', paper('under way'), 'x').catch(() => undefined);
    for (const client of ['x', 'x', 'y'])
      void press.print('pdf', paper(client), client).catch(() => undefined);
    expect(await codeOf(press.print('pdf', paper('x'), 'x'))).toBe('SYS-BUSY');
    void press.print('pdf', paper('y'), 'y').catch(() => undefined);
    expect(await codeOf(press.print('pdf', paper('z'), 'z'))).toBe('SYS-BUSY');
    press.close();
  });

  it('gives up a thread that hangs or dies, and goes on with another', async () => {
    const { press, threads, ring } = bench();
    const results = ['hangs', 'dies', 'drawn'].map((title) => codeOf(press.print('pdf', paper(title), 'x')));
    ring(500);
    expect(threads).toHaveLength(2);
    expect(threads[0]!.stopped).toBe(1);
    threads[1]!.die();
    expect(threads).toHaveLength(3);
    // A late word of an earlier thread is nobody's.
    threads[0]!.answer({ id: 1, bytes: bytes('late') });
    threads[2]!.answer({ id: 3, bytes: bytes('C') });
    expect(await Promise.all(results)).toEqual(['SYS-PRINT', 'SYS-PRINT', 'drawn']);
  });

  it('lets the thread go when nothing is asked, and refuses after its end', async () => {
    const { press, threads, ring } = bench();
    const first = press.print('png', paper('a'), 'x');
    threads[0]!.answer({ id: 1, bytes: bytes('A') });
    await first;
    ring(900);
    expect(threads[0]!.stopped).toBe(1);
    const second = press.print('png', paper('b'), 'x');
    expect(threads).toHaveLength(2);
    press.close();
    expect(await codeOf(second)).toBe('SYS-PRINT');
    expect(await codeOf(press.print('png', paper('c'), 'x'))).toBe('SYS-BUSY');
  });

  it('draws in place where the program is not built', async () => {
    const press = new Press();
    expect((await press.print('png', paper('Чек'), 'x')).subarray(1, 4).toString()).toBe('PNG');
    press.close();
  });
});
