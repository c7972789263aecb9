import type { Clock } from '@kkt/contracts';

interface Slot<V> {
  value: V;
  staleAtMs: number;
}

/**
 * Remembers what a loader found for a short time; callers that ask for the same key meanwhile share one load.
 * Also remembers that nothing was found. A failed load is not remembered. The oldest keys leave first.
 */
export class TtlCache<V> {
  private readonly slots = new Map<string, Slot<V>>();
  private readonly loads = new Map<string, Promise<V>>();

  constructor(
    private readonly clock: Clock,
    private readonly ttlMs: number,
    private readonly maxKeys: number,
    private readonly load: (key: string) => Promise<V>,
  ) {}

  /** The value itself when it is fresh, so that a hit costs no turn of the event loop; otherwise its load. */
  get(key: string): V | Promise<V> {
    const slot = this.slots.get(key);
    if (slot && slot.staleAtMs > this.clock.monotonicMs()) return slot.value;
    const running = this.loads.get(key);
    if (running) return running;
    const started = this.load(key)
      .then((value) => {
        this.keep(key, value);
        return value;
      })
      .finally(() => this.loads.delete(key));
    this.loads.set(key, started);
    return started;
  }

  /** Puts in what is known to be so. */
  keep(key: string, value: V): void {
    this.slots.delete(key);
    this.slots.set(key, { value, staleAtMs: this.clock.monotonicMs() + this.ttlMs });
    for (const oldest of this.slots.keys()) {
      if (this.slots.size <= this.maxKeys) break;
      this.slots.delete(oldest);
    }
  }
}
