import { calendarTable, DayKind } from './calendar';
import type { Day } from './days';
import { select, SortedWindow, sortFew } from './order';
import { Peaks } from './peaks';
import { forgetSilence, lastingSilenceDays } from './silence';

// Kept here: an imported name is looked up at every use.
const { first, days: calendarDays, kinds, monthDays, weekdays } = calendarTable;
const { ordinary, holiday, newYear } = DayKind;
const place = (day: Day): number => Math.min(calendarDays - 1, Math.max(0, day - first));
const dayKind = (day: Day): number => kinds[place(day)] as number;
const dayOfMonth = (day: Day): number => monthDays[place(day)] as number;
const weekday = (day: Day): number => weekdays[place(day)] as number;

/** Days on each side of a day that tell its local level. */
const halfWindow = 7;

/** The days of one history as the estimates need them; buffers are reused from FN to FN. */
export class Season {
  /** Load of each weekday against the mean, 0 Monday. */
  readonly weekFactors = new Float64Array(7);
  /** Load of each day of the month against the mean, by its number. */
  readonly monthFactors = new Float64Array(32);
  holidayFactor = 1;
  newYearFactor = 1;
  /** Noise of one day, relative. */
  noise = 0.05;
  readonly peaks = new Peaks();

  count = 0;
  firstDay: Day = 0;
  /** Documents; NaN without a reading. */
  values = new Float64Array(0);
  /** Expected share of the level on that day. */
  expected = new Float64Array(0);
  /** 1: the day tells the level; 0: no reading, outage, peak. */
  usable = new Uint8Array(0);
  /** 1: a peak or an outage. */
  unusual = new Uint8Array(0);
  private plain = new Float64Array(0);
  private level = new Float64Array(0);
  /** Log of what came against what was expected; NaN where nothing can be said. */
  private residuals = new Float64Array(0);
  private readonly sorted = new Float64Array(512);
  private readonly window = new SortedWindow(2 * halfWindow + 2);
  /** Residuals by day of the month. */
  private readonly buckets = Array.from({ length: 32 }, () => new Float64Array(72));

  /** Takes a history and estimates week, month, holidays, peaks and noise. */
  read(firstDay: Day, documents: ArrayLike<number>): void {
    const count = documents.length;
    if (this.values.length < count) {
      const size = Math.max(512, count);
      this.values = new Float64Array(size);
      this.expected = new Float64Array(size);
      this.usable = new Uint8Array(size);
      this.unusual = new Uint8Array(size);
      this.plain = new Float64Array(size);
      this.level = new Float64Array(size);
      this.residuals = new Float64Array(size);
    }
    this.count = count;
    this.firstDay = firstDay;
    for (let at = 0; at < count; at++) this.values[at] = documents[at] as number;
    this.monthFactors.fill(1);
    this.holidayFactor = 1;
    this.newYearFactor = 1;
    this.readSilentWeekdays();
    this.readWeek();
    for (let round = 0; round < 2; round++) {
      this.expect();
      this.readLevel();
      this.readNoise();
      this.markDays();
      this.readHolidays();
      if (count >= 75) this.readMonth();
    }
    if (count >= 28) this.readWeekAgain();
    this.expect();
    this.readLevel();
    this.readNoise();
    this.markDays();
    this.peaks.read(this);
  }

  /** Share of the level on a day to come or gone. */
  factor(day: Day): number {
    const kind = dayKind(day);
    const week = this.weekFactors[weekday(day)] as number;
    if (kind === holiday) return week * this.holidayFactor;
    if (kind === newYear) return week * this.newYearFactor;
    return week * (this.monthFactors[dayOfMonth(day)] as number);
  }

  /** Documents a day without a reading must have had. */
  estimate(at: number): number {
    return (this.level[at] as number) * (this.expected[at] as number);
  }

  /** A weekday that is nearly always absent from the readings is a day without sales, not without a reading. */
  private readSilentWeekdays(): void {
    const seen = new Uint16Array(7);
    const all = new Uint16Array(7);
    for (let at = 0; at < this.count; at++) {
      const day = weekday(this.firstDay + at);
      all[day] = (all[day] as number) + 1;
      if (!Number.isNaN(this.values[at] as number)) seen[day] = (seen[day] as number) + 1;
    }
    let isSilent = 0;
    for (let day = 0; day < 7; day++)
      if ((all[day] as number) >= 3 && (seen[day] as number) / (all[day] as number) < 0.25)
        isSilent |= 1 << day;
    if (isSilent === 0 || isSilent === 127) return;
    for (let at = 0; at < this.count; at++) {
      if (!Number.isNaN(this.values[at] as number)) continue;
      const day = this.firstDay + at;
      if (isSilent & (1 << weekday(day)) || dayKind(day) !== ordinary) this.values[at] = 0;
    }
  }

  private readWeek(): void {
    const { count, values, plain } = this;
    this.weekFactors.fill(1);
    if (count < 10) return;
    // Each day against the mean of the seven around it: the level falls out.
    const sums = new Float64Array(7);
    for (let at = 0; at < count; at++) {
      let total = 0;
      let have = 0;
      plain[at] = NaN;
      const from = Math.min(Math.max(0, at - 3), count - 7);
      for (let near = from; near < from + 7; near++) {
        const value = values[near] as number;
        if (Number.isNaN(value) || dayKind(this.firstDay + near) !== ordinary) continue;
        total += value;
        have += 1;
      }
      if (have < 7 || total <= 0 || Number.isNaN(values[at] as number)) continue;
      plain[at] = ((values[at] as number) * 7) / total;
    }
    let grand = 0;
    for (let day = 0; day < 7; day++) {
      let size = 0;
      for (let at = (day - weekday(this.firstDay) + 7) % 7; at < count; at += 7)
        if (!Number.isNaN(plain[at] as number) && size < 512) this.sorted[size++] = plain[at] as number;
      // A middle that peaks and outages do not move; short histories lean on "all days alike".
      const middle = size > 0 ? this.trimmedMean(size) : 1;
      const trust = size / (size + (size < 4 ? 2 : 0.3));
      sums[day] = Math.max(0, 1 + (middle - 1) * trust);
      grand += sums[day] as number;
    }
    if (grand <= 0) return;
    for (let day = 0; day < 7; day++) this.weekFactors[day] = ((sums[day] as number) * 7) / grand;
  }

  /** Mean of the middle half of `sorted[0..size)`. */
  private trimmedMean(size: number): number {
    const part = this.sorted;
    sortFew(part, size);
    const cut = size >= 4 ? Math.floor(size / 4) : 0;
    let total = 0;
    for (let at = cut; at < size - cut; at++) total += part[at] as number;
    return total / (size - 2 * cut);
  }

  private expect(): void {
    for (let at = 0; at < this.count; at++) this.expected[at] = this.factor(this.firstDay + at);
  }

  /** Local level: the running median of what the calendar leaves; keeps the edges of steps. */
  private readLevel(): void {
    const { count, values, expected, level, plain, residuals } = this;
    for (let at = 0; at < count; at++) {
      const share = expected[at] as number;
      plain[at] = share > 0.08 ? (values[at] as number) / share : NaN;
    }
    forgetSilence(plain, count);
    const { window } = this;
    window.clear();
    for (let at = 0; at < Math.min(halfWindow, count); at++)
      if (!Number.isNaN(plain[at] as number)) window.put(plain[at] as number);
    for (let at = 0; at < count; at++) {
      const comes = at + halfWindow;
      const next = comes < count ? (plain[comes] as number) : NaN;
      const goes = at - halfWindow - 1;
      const old = goes >= 0 ? (plain[goes] as number) : NaN;
      if (Number.isNaN(old)) {
        if (!Number.isNaN(next)) window.put(next);
      } else if (Number.isNaN(next)) window.take(old);
      else window.replace(old, next);
      level[at] = window.middle() ?? (at > 0 ? (level[at - 1] as number) : 0);
      const due = (level[at] as number) * (expected[at] as number);
      residuals[at] = due > 0.3 ? Math.log(((values[at] as number) + 0.3) / (due + 0.3)) : NaN;
    }
  }

  private readNoise(): void {
    let size = 0;
    const step = this.count > 480 ? 2 : 1;
    for (let at = 0; at < this.count && size < 512; at += step) {
      if (dayKind(this.firstDay + at) !== ordinary) continue;
      const value = this.residuals[at] as number;
      if (!Number.isNaN(value)) this.sorted[size++] = Math.abs(value);
    }
    if (size < 5) {
      this.noise = 0.2;
      return;
    }
    const middle = select(this.sorted, size, size >> 1);
    // The median is of the same days: it takes part of the noise away.
    this.noise = Math.min(1.2, Math.max(0.004, middle * 1.4826 * 1.05));
  }

  private markDays(): void {
    const peakOver = Math.max(4 * this.noise, 0.16);
    for (let at = 0; at < this.count; at++) {
      const value = this.values[at] as number;
      const expected = (this.level[at] as number) * (this.expected[at] as number);
      const difference = this.residuals[at] as number;
      const isPeak = difference > peakOver && value - expected > 8;
      const isOut = expected > 8 && difference < -Math.max(6 * this.noise, 1.1);
      // Days off tell little of the level: what they sell is a factor learned from a handful of days.
      const isDayOff = dayKind(this.firstDay + at) !== ordinary;
      this.usable[at] = Number.isNaN(value) || isPeak || isOut || isDayOff ? 0 : 1;
      this.unusual[at] = isPeak || isOut ? 1 : 0;
    }
    this.keepNewLoad();
    this.keepFew();
  }

  /**
   * A run of unusual days that reaches the end of the history is a new load until it is known to have been a peak.
   * Silence is taken for an outage until it has lasted three weeks.
   */
  private keepNewLoad(): void {
    let from = this.count;
    let isSilent = true;
    while (from > 0 && (this.unusual[from - 1] === 1 || Number.isNaN(this.values[from - 1] as number))) {
      from -= 1;
      if ((this.values[from] as number) > 0) isSilent = false;
    }
    if (this.count - from < (isSilent ? lastingSilenceDays : 4)) return;
    for (let at = from; at < this.count; at++) {
      if (Number.isNaN(this.values[at] as number)) continue;
      this.usable[at] = 1;
      this.unusual[at] = 0;
    }
  }

  /** A history of nearly nothing but days off and unusual days is all there is to go by. */
  private keepFew(): void {
    let usable = 0;
    let read = 0;
    for (let at = 0; at < this.count; at++) {
      usable += this.usable[at] as number;
      if (!Number.isNaN(this.values[at] as number)) read += 1;
    }
    if (usable >= 5 || usable * 2 > read) return;
    for (let at = 0; at < this.count; at++) this.usable[at] = Number.isNaN(this.values[at] as number) ? 0 : 1;
  }

  /** A sale that runs over a day off says nothing of days off. */
  private isBesidePeak(at: number): boolean {
    const until = Math.min(this.count - 1, at + 2);
    for (let near = Math.max(0, at - 2); near <= until; near++)
      if (this.unusual[near] === 1 && near !== at && (this.residuals[near] as number) > 0) return true;
    return false;
  }

  private readHolidays(): void {
    let seen = 0;
    let made = 0;
    let seenNewYear = 0;
    let madeNewYear = 0;
    let daysNewYear = 0;
    let days = 0;
    for (let at = 0; at < this.count; at++) {
      const kind = dayKind(this.firstDay + at);
      const value = this.values[at] as number;
      if (kind === ordinary || Number.isNaN(value) || this.isBesidePeak(at)) continue;
      const expected = (this.level[at] as number) * (this.weekFactors[weekday(this.firstDay + at)] as number);
      if (kind === newYear) {
        seenNewYear += expected;
        madeNewYear += value;
        daysNewYear += 1;
      } else {
        seen += expected;
        made += value;
        days += 1;
      }
    }
    const mean = (a: number, b: number, c: number) => (a + b + c) / 3;
    const [mon, tue, wed, thu, fri, , sun] = [...this.weekFactors];
    const working =
      (mean(mon as number, tue as number, wed as number) * 3 + (thu as number) + (fri as number)) / 5;
    // A shop that rests on Sundays rests on holidays.
    const assumed = (sun as number) < 0.35 * working ? (sun as number) / working : 1;
    const perDay = days > 0 ? seen / days : 1;
    const told = days > 0 ? (made + 0.7 * perDay * assumed) / (seen + 0.7 * perDay) : assumed;
    const isTold = Math.abs(Math.log(Math.max(told, 1e-3))) > (2.2 * this.noise) / Math.sqrt(days + 0.7);
    this.holidayFactor = days === 0 || isTold || assumed < 1 ? told : 1;
    const perNewYearDay = daysNewYear > 0 ? seenNewYear / daysNewYear : 1;
    this.newYearFactor =
      daysNewYear > 0
        ? (madeNewYear + perNewYearDay * this.holidayFactor) / (seenNewYear + perNewYearDay)
        : this.holidayFactor;
  }

  /** Days of the month, as far as they differ by more than noise; paydays show here. */
  private readMonth(): void {
    const { count } = this;
    const middles = new Float64Array(32);
    const sizes = new Uint8Array(32);
    let spread = 0;
    let groups = 0;
    let meanSize = 0;
    const { buckets } = this;
    for (let at = 0; at < count; at++) {
      const day = this.firstDay + at;
      if (dayKind(day) !== ordinary) continue;
      const month = dayOfMonth(day);
      const value = (this.residuals[at] as number) + Math.log(this.monthFactors[month] as number);
      const size = sizes[month] as number;
      if (!(value > -1.5) || size >= 72) continue;
      (buckets[month] as Float64Array)[size] = value;
      sizes[month] = size + 1;
    }
    for (let day = 1; day < 32; day++) {
      const bucket = buckets[day] as Float64Array;
      const size = sizes[day] as number;
      if (size < 2) {
        sizes[day] = 0;
        continue;
      }
      sortFew(bucket, size);
      const middle = size >> 1;
      middles[day] =
        size & 1
          ? (bucket[middle] as number)
          : size === 2
            ? (bucket[0] as number)
            : ((bucket[middle] as number) + (bucket[middle - 1] as number)) / 2;
      spread += (middles[day] as number) ** 2;
      groups += 1;
      meanSize += size;
    }
    if (groups < 20) return;
    meanSize /= groups;
    const ofNoise = (1.5 * this.noise ** 2) / meanSize;
    const real = Math.max(0, spread / groups - 1.3 * ofNoise);
    let total = 0;
    for (let day = 1; day < 32; day++) {
      const size = sizes[day] as number;
      const trust = size > 0 && real > 0 ? real / (real + (1.5 * this.noise ** 2) / size) : 0;
      this.monthFactors[day] = Math.exp((middles[day] as number) * trust);
      total += this.monthFactors[day] as number;
    }
    for (let day = 1; day < 32; day++)
      this.monthFactors[day] = ((this.monthFactors[day] as number) * 31) / total;
  }

  /** The week once more, from days free of months, holidays and peaks. */
  private readWeekAgain(): void {
    const made = new Float64Array(7);
    const due = new Float64Array(7);
    for (let at = 0; at < this.count; at++) {
      if (this.usable[at] === 0 || dayKind(this.firstDay + at) !== ordinary) continue;
      const level = this.level[at] as number;
      if (level <= 0) continue;
      const day = weekday(this.firstDay + at);
      const other = this.monthFactors[dayOfMonth(this.firstDay + at)] as number;
      made[day] = (made[day] as number) + (this.values[at] as number) / (level * other);
      due[day] = (due[day] as number) + 1;
    }
    let total = 0;
    for (let day = 0; day < 7; day++) {
      if ((due[day] as number) >= 3) this.weekFactors[day] = (made[day] as number) / (due[day] as number);
      total += this.weekFactors[day] as number;
    }
    if (total > 0)
      for (let day = 0; day < 7; day++)
        this.weekFactors[day] = ((this.weekFactors[day] as number) * 7) / total;
  }

  /** What peaks make of a day to come: their average, or the peak itself where they are regular. */
  uplift(day: Day): number {
    return this.peaks.uplift(day);
  }
}
