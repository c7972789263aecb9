import type { ConsoleReadStore } from '@kkt/storage';
import type { MinutePoint } from '@kkt/web-contract';

/** Minutes shown, with the present one. */
const length = 61;
/** Late commits may still change so many of the last minutes. */
const unsettled = 3;

/**
 * Finished receipts of the last hour by minute. Minutes that are over are kept, so that each look costs the database
 * only the last few.
 */
export class MinuteSeries {
  private settled = new Map<number, MinutePoint>();
  private present: { at: number; points: MinutePoint[] } | undefined;

  constructor(private readonly store: Pick<ConsoleReadStore, 'finishedByMinute' | 'now'>) {}

  /** From the oldest to the present minute; minutes without receipts are there with zeros. */
  async read(): Promise<MinutePoint[]> {
    const nowMs = await this.store.now();
    if (this.present && nowMs >= this.present.at && nowMs - this.present.at < 500) return this.present.points;
    const last = Math.floor(nowMs / 60_000) * 60;
    const minutes = Array.from({ length }, (_, index) => last - (length - 1 - index) * 60);
    const firstUnknown = minutes.find((minute) => !this.settled.has(minute)) ?? last;
    const rows = await this.store.finishedByMinute(firstUnknown);
    const read = new Map(rows.map((row) => [row.minute, row]));
    const points = minutes.map(
      (minute) =>
        (minute >= firstUnknown ? read.get(minute) : this.settled.get(minute)) ?? {
          minute,
          done: 0,
          failed: 0,
        },
    );
    this.settled = new Map(points.slice(0, length - unsettled).map((point) => [point.minute, point]));
    this.present = { at: nowMs, points };
    return points;
  }
}
