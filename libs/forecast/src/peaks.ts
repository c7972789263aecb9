import type { Day } from './days';

/** The days of a history as peaks need them. */
export interface PeakDays {
  count: number;
  firstDay: Day;
  /** Documents; NaN without a reading. */
  values: Float64Array;
  /** 1: a peak or an outage. */
  unusual: Uint8Array;
  /** Documents that were to be expected on a day without peaks. */
  estimate(at: number): number;
}

/** Days far above their level: how much they add, and when they come where they come by a rule. */
export class Peaks {
  /** Share of the ordinary load that peaks add, on average. */
  share = 0;
  /** Variance of one day's load that peaks make, relative. */
  variance = 0;
  /** Peaks, each of one or more days. */
  count = 0;
  outageDays = 0;
  /** Days between regular peaks; 0 when they are not regular. */
  private period = 0;
  private length = 0;
  /** What a day of a regular peak makes against its ordinary load. */
  private lift = 1;
  private last: Day = 0;
  private readonly starts: number[] = [];

  read(days: PeakDays): void {
    this.share = 0;
    this.variance = 0;
    this.period = 0;
    this.outageDays = 0;
    let excess = 0;
    let squares = 0;
    let due = 0;
    let dueInside = 0;
    let read = 0;
    let length = 0;
    this.starts.length = 0;
    for (let at = 0, isInside = false; at < days.count; at++) {
      const value = days.values[at] as number;
      if (Number.isNaN(value)) continue;
      const expected = days.estimate(at);
      read += 1;
      due += expected;
      const isPeak = days.unusual[at] === 1 && value > expected;
      if (isPeak) {
        excess += value - expected;
        dueInside += expected;
        squares += ((value - expected) / Math.max(expected, 1e-9)) ** 2;
        length += 1;
        if (!isInside) this.starts.push(at);
      } else if (days.unusual[at] === 1) this.outageDays += 1;
      isInside = isPeak;
    }
    this.count = this.starts.length;
    if (this.count < 2 || due <= 0) return;
    this.share = excess / due;
    // Peaks last some days: neighbours go up together.
    this.variance = (2 * squares) / Math.max(read, 1);
    this.lift = 1 + excess / Math.max(dueInside, 1e-9);
    this.readRule(days, length);
  }

  /**
   * Peaks that come every so many days, give or take one, are placed on their days. (Those that follow the month are the
   * season's days of the month.)
   */
  private readRule({ count, firstDay }: PeakDays, length: number): void {
    const { starts } = this;
    if (starts.length < 4) return;
    const last = starts[starts.length - 1] as number;
    let least = Infinity;
    let most = 0;
    for (let at = 1; at < starts.length; at++) {
      const gap = (starts[at] as number) - (starts[at - 1] as number);
      least = Math.min(least, gap);
      most = Math.max(most, gap);
    }
    const period = (last - (starts[0] as number)) / (starts.length - 1);
    if (most - least > 2 || period < 10 || count - last > period + 3) return;
    this.period = period;
    this.length = Math.max(1, Math.round(length / starts.length));
    this.last = firstDay + last;
    this.variance *= 0.3;
  }

  /** What peaks make of a day to come: their average, or the peak itself where they are regular. */
  uplift(day: Day): number {
    const { period, length, share, lift } = this;
    if (period === 0) return 1 + share;
    const since = (day - this.last) % period;
    const isInside = since < length - 0.5 || since >= period - 0.5;
    return isInside ? lift : 1;
  }
}
