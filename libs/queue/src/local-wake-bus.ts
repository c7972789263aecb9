import { type Clock, type Timer, systemClock } from '@kkt/contracts';
import { KeyedRunner } from './keyed-runner';
import type { TimerBus, WakeBus, WakeHandler } from './wake-bus';

export interface LocalWakeBusOptions {
  clock?: Clock;
  /** Time from a wake-up to its handler. */
  latencyMs?: number;
  /** Asked for each wake-up; true loses it, as a flushed or absent Redis does. */
  isLost?: (channel: string, key: string) => boolean;
  onFailure?: (key: string, error: unknown) => void;
}

/**
 * {@link WakeBus} and {@link TimerBus} inside one process, on an injected clock: for tests and the simulation.
 * The same merging rules as on Bull; several listeners of one channel take turns.
 */
export class LocalWakeBus implements WakeBus, TimerBus {
  private readonly clock: Clock;
  private readonly listeners = new Map<string, KeyedRunner[]>();
  private readonly waiting = new Map<string, Set<string>>();
  private readonly timers = new Map<string, { atMs: number; timer: Timer }>();
  private turn = 0;
  private isClosed = false;

  constructor(private readonly options: LocalWakeBusOptions = {}) {
    this.clock = options.clock ?? systemClock;
  }

  wake(channel: string, key: string): Promise<void> {
    if (this.isClosed || this.options.isLost?.(channel, key)) return Promise.resolve();
    const keys = this.waiting.get(channel) ?? new Set();
    this.waiting.set(channel, keys);
    if (!keys.has(key)) {
      keys.add(key);
      this.clock.setTimer(this.options.latencyMs ?? 0, () => this.deliver(channel));
    }
    return Promise.resolve();
  }

  wakeAt(channel: string, key: string, atMs: number): Promise<void> {
    if (this.isClosed) return Promise.resolve();
    const delayMs = atMs - this.clock.nowMs();
    if (delayMs <= 0) return this.wake(channel, key);
    const id = `${channel}\u0000${key}`;
    const earlier = this.timers.get(id);
    if (earlier && earlier.atMs <= atMs) return Promise.resolve();
    earlier?.timer.cancel();
    const timer = this.clock.setTimer(delayMs, () => {
      this.timers.delete(id);
      void this.wake(channel, key);
    });
    this.timers.set(id, { atMs, timer });
    return Promise.resolve();
  }

  onWake(channel: string, handler: WakeHandler): Promise<() => Promise<void>> {
    const runner = new KeyedRunner(handler, this.options.onFailure ?? (() => undefined));
    this.listeners.set(channel, [...(this.listeners.get(channel) ?? []), runner]);
    this.deliver(channel);
    return Promise.resolve(async () => {
      this.listeners.set(
        channel,
        (this.listeners.get(channel) ?? []).filter((other) => other !== runner),
      );
      await runner.stop();
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const { timer } of this.timers.values()) timer.cancel();
    this.timers.clear();
    await Promise.all([...this.listeners.values()].flat().map((runner) => runner.stop()));
  }

  /** Wake-ups without a listener wait for one, as jobs in Redis do. */
  private deliver(channel: string): void {
    const runners = this.listeners.get(channel) ?? [];
    const runner = runners[this.turn % Math.max(1, runners.length)];
    if (!runner || this.isClosed) return;
    this.turn++;
    const keys = this.waiting.get(channel) ?? new Set<string>();
    this.waiting.delete(channel);
    for (const key of keys) runner.trigger(key);
  }
}
