import type { Clock } from '@kkt/contracts';
import { atolDateTime } from '@kkt/atol-online';
import { moscowDate } from '@kkt/domain';

/** Time as answers write it, made once a second. */
export class WallClock {
  private second = -1;
  private stampText = '';
  private todayText = '';

  constructor(private readonly clock: Clock) {}

  private refresh(): void {
    const nowMs = this.clock.nowMs();
    const second = Math.floor(nowMs / 1000);
    if (second === this.second) return;
    this.second = second;
    this.stampText = atolDateTime(new Date(nowMs));
    this.todayText = moscowDate(nowMs);
  }

  /** `dd.mm.yyyy HH:MM:SS`, Moscow. */
  stamp(): string {
    this.refresh();
    return this.stampText;
  }

  /** `YYYY-MM-DD`, Moscow. */
  today(): string {
    this.refresh();
    return this.todayText;
  }
}
