import type { QueryClient } from '@tanstack/react-query';
import { browserNow } from './browser-clock';

/** How fresh what is on the screen is. */
export interface LiveStatus {
  /** When the server last told something, by the browser's clock; 0 before the first word. */
  heardAt: number;
  /** The server cannot read the data, or the stream is broken. */
  isAway: boolean;
  topics: number;
}

/** Puts a patch into the state that is shown. */
export type ApplyPatch = (before: unknown, patch: unknown) => unknown;

interface Message {
  topic: string;
  at?: number;
  data?: unknown;
}

const gatherMs = 30;

/**
 * One stream of server-sent events for all that the page shows. A hidden page has none: browsers allow few
 * connections to one host, and nobody looks.
 */
export class LiveHub {
  private readonly topics = new Map<string, { users: number; patch?: ApplyPatch }>();
  private readonly listeners = new Set<() => void>();
  private source: EventSource | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private status: LiveStatus = { heardAt: 0, isAway: false, topics: 0 };

  constructor(private readonly queries: QueryClient) {
    document.addEventListener('visibilitychange', () => this.plan());
  }

  /** Shows the topic in the query `['live', topic]` until the returned function is called. */
  use(topic: string, patch?: ApplyPatch): () => void {
    const known = this.topics.get(topic);
    this.topics.set(topic, { users: (known?.users ?? 0) + 1, patch: patch ?? known?.patch });
    if (!known) this.plan();
    return () => {
      const entry = this.topics.get(topic);
      if (!entry) return;
      if (entry.users > 1) return void this.topics.set(topic, { ...entry, users: entry.users - 1 });
      this.topics.delete(topic);
      this.plan();
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): LiveStatus => this.status;

  private set(change: Partial<LiveStatus>): void {
    this.status = { ...this.status, ...change };
    for (const listener of this.listeners) listener();
  }

  /** A page that changes asks for several topics in one moment. */
  private plan(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), gatherMs);
  }

  private open(): void {
    this.source?.close();
    this.source = undefined;
    this.set({ topics: this.topics.size, ...(this.topics.size === 0 && { isAway: false }) });
    if (this.topics.size === 0 || document.hidden) return;
    const source = new EventSource(
      `/api/live?topics=${encodeURIComponent([...this.topics.keys()].join(','))}`,
    );
    this.source = source;
    const on = (kind: string, run: (message: Message) => void): void =>
      source.addEventListener(kind, (event) =>
        run(JSON.parse((event as MessageEvent<string>).data) as Message),
      );
    on('full', ({ topic, data }) => {
      // What is gone keeps its last state on the screen; the next load tells that it is gone.
      if (data !== null) this.queries.setQueryData(['live', topic], data);
      this.set({ heardAt: browserNow(), isAway: false });
    });
    on('patch', ({ topic, data }) => {
      const patch = this.topics.get(topic)?.patch;
      if (patch) this.queries.setQueryData(['live', topic], (before: unknown) => patch(before, data));
      this.set({ heardAt: browserNow(), isAway: false });
    });
    on('same', () => this.set({ heardAt: browserNow(), isAway: false }));
    on('away', () => this.set({ isAway: true }));
    source.onerror = () => {
      this.set({ isAway: true });
      // Closed for good: refused, most likely because the session is over.
      if (source.readyState === EventSource.CLOSED)
        void this.queries.invalidateQueries({ queryKey: ['session'] });
    };
  }
}
