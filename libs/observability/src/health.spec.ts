import type { Clock } from '@kkt/contracts';
import { silentLog } from '@kkt/contracts';
import { HealthChecks } from './health';
import { createMetrics, watchNumbers } from './metrics';
import { serveOperations } from './operations-server';
import { shutdownOnSignals } from './shutdown';
import { acceptCorrelationId } from './correlation';

/** Time that only moves when told. */
function handClock(): Clock & { advance(ms: number): void } {
  let nowMs = 0;
  let timers: { atMs: number; run: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    setTimer(delayMs, run) {
      const timer = { atMs: nowMs + delayMs, run };
      timers.push(timer);
      return { cancel: () => (timers = timers.filter((other) => other !== timer)) };
    },
    advance(ms) {
      nowMs += ms;
      const due = timers.filter(({ atMs }) => atMs <= nowMs);
      timers = timers.filter(({ atMs }) => atMs > nowMs);
      for (const { run } of due) run();
    },
  };
}

describe('readiness', () => {
  it('names each check and its reason', async () => {
    const health = new HealthChecks()
      .add('database', () => undefined)
      .add('port', () => Promise.reject(new Error('closed')));
    const readiness = await health.ready();
    expect(readiness).toMatchObject({
      ok: false,
      status: 'not_ready',
      checks: { database: { ok: true }, port: { ok: false, error: 'closed' } },
    });
  });

  it('takes silence for a failure', async () => {
    const clock = handClock();
    const health = new HealthChecks({ clock, checkTimeoutMs: 500 }).add(
      'database',
      () => new Promise(() => undefined),
    );
    const asked = health.ready();
    clock.advance(500);
    expect((await asked).checks.database).toEqual({ ok: false, tookMs: 500, error: 'no answer in 500 ms' });
  });

  it('ends when the process stops', async () => {
    const health = new HealthChecks();
    expect((await health.ready()).ok).toBe(true);
    health.stopping();
    expect(await health.ready()).toMatchObject({ ok: false, status: 'stopping' });
  });
});

describe('the operations server', () => {
  it('answers health and metrics', async () => {
    const registry = createMetrics('test');
    watchNumbers(registry, 'kkt_wake', 'Wake-ups', () => ({ sentCount: 3, isConnected: true }));
    const health = new HealthChecks().add('broken', () => Promise.reject(new Error('no')));
    const server = await serveOperations({ host: '127.0.0.1', port: 0, health, registry });
    try {
      const base = `http://127.0.0.1:${server.port}`;
      expect((await fetch(`${base}/health/live`)).status).toBe(200);
      expect((await fetch(`${base}/health/ready`)).status).toBe(503);
      expect((await fetch(`${base}/nothing`)).status).toBe(404);
      const metrics = await (await fetch(`${base}/metrics`)).text();
      expect(metrics).toContain('kkt_wake_sent_count{app="test"} 3');
      expect(metrics).toContain('kkt_wake_is_connected{app="test"} 1');
      expect(metrics).toContain('process_cpu_user_seconds_total');
    } finally {
      await server.close();
      registry.clear();
    }
  });
});

describe('stopping', () => {
  const withoutSignals = (run: () => void): void => {
    const on = jest.spyOn(process, 'on').mockReturnValue(process);
    run();
    on.mockRestore();
  };

  it('goes step by step, past a failing one, and tells by its code', async () => {
    const order: string[] = [];
    const exit = jest.fn();
    let stop: (reason: string) => Promise<void> = () => Promise.resolve();
    withoutSignals(() => {
      stop = shutdownOnSignals({
        log: silentLog,
        timeoutMs: 1000,
        exit,
        steps: [
          { name: 'loop', run: () => void order.push('loop') },
          { name: 'bus', run: () => Promise.reject(new Error('away')) },
          { name: 'database', run: () => void order.push('database') },
        ],
      });
    });
    await stop('test');
    expect(order).toEqual(['loop', 'database']);
    expect(exit.mock.calls).toEqual([[1]]);
  });

  it('does not wait for ever', async () => {
    const clock = handClock();
    const exit = jest.fn();
    let stop: (reason: string) => Promise<void> = () => Promise.resolve();
    withoutSignals(() => {
      stop = shutdownOnSignals({
        log: silentLog,
        clock,
        timeoutMs: 1000,
        exit,
        steps: [{ name: 'loop', run: () => new Promise(() => undefined) }],
      });
    });
    void stop('test');
    clock.advance(1000);
    expect(exit.mock.calls).toEqual([[1]]);
  });
});

describe('correlation ids', () => {
  const ids = { uuid: () => 'made' };
  it.each([
    ['abc-1', 'abc-1'],
    ['a b', 'made'],
    ['a\nb', 'made'],
    ['x'.repeat(65), 'made'],
    [undefined, 'made'],
    [['a'], 'made'],
  ])('%p becomes %p', (offered, expected) => expect(acceptCorrelationId(offered, ids)).toBe(expected));
});
