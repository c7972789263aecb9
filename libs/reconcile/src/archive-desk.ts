import { type Clock, sleep } from '@kkt/contracts';
import type { ArchiveReadStore } from '@kkt/storage';
import type { FnFacts } from './facts';

/** What came of a wish to read an archive. */
export type ArchiveAnswer =
  | {
      isRead: true;
      lastFd: number;
      /** Brings the records; once only, they are forgotten then. */
      take: () => Promise<Map<number, FnFacts>>;
    }
  | { isRead: false; reason: string };

export interface ArchiveWish {
  registerId: number;
  fnNumber: string;
  fromFd: number;
  /** Null: to the last one. */
  toFd: number | null;
}

interface Waiting {
  wish: ArchiveWish;
  nextFd: number;
  settle: (answer: ArchiveAnswer) => void;
}

const pollEveryMs = 300;
/** A run that died leaves wishes; they are forgotten after so long. */
const keptS = 60;

/** Asks drivers to read archives, by rows, and waits for them while they get on. */
export class ArchiveDesk {
  private readonly waiting = new Map<string, Waiting>();
  /** Read, and not taken yet. */
  private readonly held = new Set<string>();
  /** When each register was last seen to get on. */
  private readonly movedMs = new Map<number, number>();

  constructor(
    private readonly parts: { clock: Clock; store: ArchiveReadStore; runId: string; idleTimeoutMs: number },
  ) {}

  /** Resolves with the records, or with the reason why there are none: the register refused, or stood still too long. */
  async read(wish: ArchiveWish): Promise<ArchiveAnswer> {
    const { clock, store, runId } = this.parts;
    const id = await store.request({ ...wish, runId, ttlS: keptS });
    this.movedMs.set(wish.registerId, clock.monotonicMs());
    return new Promise((settle) => {
      this.waiting.set(id, { wish, nextFd: wish.fromFd, settle });
    });
  }

  /** Looks after the wishes until aborted. Rejects when the database does not answer. */
  async serve(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.waiting.size + this.held.size > 0) await this.look();
      await sleep(this.parts.clock, pollEveryMs, signal).catch(() => undefined);
    }
  }

  private async look(): Promise<void> {
    const { clock, store, idleTimeoutMs } = this.parts;
    const ids = [...this.waiting.keys(), ...this.held];
    const seen = new Map((await store.follow(ids, keptS)).map((row) => [row.id, row]));
    const nowMs = clock.monotonicMs();
    for (const [id, waiting] of this.waiting) {
      const row = seen.get(id);
      if (row && row.nextFd !== waiting.nextFd) {
        waiting.nextFd = row.nextFd;
        this.movedMs.set(waiting.wish.registerId, nowMs);
      }
    }
    for (const id of ids) {
      const waiting = this.waiting.get(id);
      const row = seen.get(id);
      if (!waiting) continue;
      const stillMs = nowMs - (this.movedMs.get(waiting.wish.registerId) ?? nowMs);
      if (row?.state === 'done') this.done(id, waiting, row.lastFd ?? 0);
      else if (row?.state === 'failed') await this.refuse(id, waiting, row.reason ?? 'unknown');
      else if (!row) await this.refuse(id, waiting, 'forgotten');
      else if (stillMs >= idleTimeoutMs) await this.refuse(id, waiting, 'no_answer_from_register');
    }
  }

  private done(id: string, waiting: Waiting, lastFd: number): void {
    const { store } = this.parts;
    this.waiting.delete(id);
    this.held.add(id);
    const take = async () => {
      const records = await store.records(id);
      this.held.delete(id);
      await store.forget([id]);
      return new Map(records.map((record) => [record.fdNumber, record]));
    };
    waiting.settle({ isRead: true, lastFd, take });
  }

  private async refuse(id: string, waiting: Waiting, reason: string): Promise<void> {
    this.waiting.delete(id);
    await this.parts.store.forget([id]);
    waiting.settle({ isRead: false, reason });
  }
}
