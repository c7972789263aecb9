import type { Clock, Log, Timer } from '@kkt/contracts';

/** Something that browsers watch. */
export interface LiveTopic<T> {
  /** Reads the present state. */
  load(): Promise<T>;
  /** How often it is read while somebody watches. */
  everyMs: number;
  /** What changed, for those who have `before`; null when nothing did. Absent: the whole state, when its JSON differs. */
  changes?(before: T, after: T): object | null;
}

/** What a watcher is told. `atMs` is when the state was read. */
export type LiveMessage =
  | { kind: 'full' | 'patch'; atMs: number; data: string }
  /** Nothing changed, but it was looked at. */
  | { kind: 'same'; atMs: number }
  /** It could not be read. */
  | { kind: 'away' };

type Watcher = (message: LiveMessage) => void;

interface Running {
  topic: LiveTopic<unknown>;
  watchers: Set<Watcher>;
  fresh: Set<Watcher>;
  state?: { value: unknown; json: string };
  timer?: Timer;
  isLoading: boolean;
  /** Said to have changed while it was being read. */
  isStale: boolean;
  /** When it was last begun to be read, monotonic milliseconds. */
  begunMs: number;
}

/** However often something is said to have changed, it is not read more often. */
const leastGapMs = 200;

/**
 * Reads each topic once for all who watch it, and only while somebody does: the cost does not grow with the number
 * of viewers.
 */
export class LiveFeed {
  private readonly running = new Map<string, Running>();

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Topics watched now, for metrics. */
  get topics(): number {
    return this.running.size;
  }

  get watchers(): number {
    return [...this.running.values()].reduce((sum, { watchers }) => sum + watchers.size, 0);
  }

  /** The whole state comes first, then changes. The returned function stops. */
  watch<T>(key: string, topic: LiveTopic<T>, watcher: Watcher): () => void {
    let entry = this.running.get(key);
    if (!entry) {
      entry = {
        topic: topic as LiveTopic<unknown>,
        watchers: new Set(),
        fresh: new Set(),
        isLoading: false,
        isStale: false,
        begunMs: 0,
      };
      this.running.set(key, entry);
    }
    const own = entry;
    own.watchers.add(watcher);
    own.fresh.add(watcher);
    if (!own.isLoading) void this.turn(key, own);
    return () => {
      own.watchers.delete(watcher);
      own.fresh.delete(watcher);
      if (own.watchers.size > 0 || this.running.get(key) !== own) return;
      own.timer?.cancel();
      this.running.delete(key);
    };
  }

  /** These topics are known to have changed: they are read now, and not when their time comes. */
  poke(isMeant: (key: string) => boolean): void {
    for (const [key, entry] of this.running) {
      if (!isMeant(key)) continue;
      if (entry.isLoading) entry.isStale = true;
      else this.schedule(key, entry, this.gapOf(entry));
    }
  }

  private gapOf({ begunMs }: Running): number {
    return Math.max(0, begunMs + leastGapMs - this.clock.monotonicMs());
  }

  private schedule(key: string, entry: Running, delayMs: number): void {
    entry.timer?.cancel();
    entry.timer = this.clock.setTimer(delayMs, () => void this.turn(key, entry));
  }

  /** Stops reading; watchers hear nothing more. */
  stop(): void {
    for (const { timer } of this.running.values()) timer?.cancel();
    this.running.clear();
  }

  private async turn(key: string, entry: Running): Promise<void> {
    entry.timer?.cancel();
    entry.isLoading = true;
    entry.isStale = false;
    entry.begunMs = this.clock.monotonicMs();
    let isRead = false;
    try {
      this.tell(entry, await entry.topic.load());
      isRead = true;
    } catch (error) {
      this.log.warn({ topic: key, err: error }, 'live topic could not be read');
      for (const watcher of entry.watchers) watcher({ kind: 'away' });
    } finally {
      entry.isLoading = false;
    }
    if (this.running.get(key) !== entry) return;
    // Somebody came while it was being read and has not been told yet.
    const isNow = isRead && entry.fresh.size > 0;
    this.schedule(key, entry, isNow ? 0 : entry.isStale ? this.gapOf(entry) : entry.topic.everyMs);
  }

  private tell(entry: Running, value: unknown): void {
    const atMs = this.clock.nowMs();
    const json = JSON.stringify(value ?? null);
    const before = entry.state;
    entry.state = { value, json };
    const full: LiveMessage = { kind: 'full', atMs, data: json };
    let change: LiveMessage = { kind: 'same', atMs };
    if (before && before.json !== json) {
      const patch = entry.topic.changes?.(before.value, value);
      if (!entry.topic.changes) change = full;
      else if (patch) change = { kind: 'patch', atMs, data: JSON.stringify(patch) };
    }
    for (const watcher of entry.watchers) {
      if (entry.fresh.delete(watcher)) watcher(full);
      else watcher(change);
    }
  }
}
