import { withAnnounced } from './announced';
import type { Day } from './days';
import { groupShares, shareOf } from './group';
import { blocksAhead } from './kernels';
import { LevelModel } from './level';
import { Season } from './season';
import {
  type EndCause,
  type FillDays,
  type Findings,
  type FnForecast,
  type FnForecastInput,
  type LoadAhead,
  warnDaysBefore,
} from './types';

/** Normal quantile of 10 and 90 %. */
const bandWidth = 1.2816;
/** Nobody plans further; a fill beyond is "not within reach". */
export const horizonDays = 1826;

/**
 * Foretells when FNs end. One object serves one FN after the other and keeps its buffers: a whole farm is a loop.
 * Not to be shared between threads; holds no state that matters between calls.
 */
export class Forecaster {
  private readonly season = new Season();
  private readonly level = new LevelModel();
  private whole: Forecaster | undefined;

  /** When the FN is full, when its term ends, which comes first. */
  forecast(input: FnForecastInput): FnForecast {
    const { history } = input;
    const count = history.documents.length;
    const today = input.today ?? history.firstDay + count;
    const own = this.read(history.firstDay, history.documents);
    const load = withAnnounced(own, input, history.firstDay + count);
    return this.answer(input, load, today, 0);
  }

  /**
   * The same for an FN whose load to come is known from elsewhere (its share of a group's). The FN's own history must be
   * the one that was read last.
   */
  private answer(
    input: FnForecastInput,
    load: LoadAhead | undefined,
    today: Day,
    groupMembers: number,
  ): FnForecast {
    const { capacityDocuments } = input;
    const used = input.usedDocuments ?? this.usedByHistory();
    const fill =
      used >= capacityDocuments
        ? this.filledAlready(used, capacityDocuments, today)
        : load
          ? fillDays(load, capacityDocuments - used, lastDayOf(input, load))
          : { p10: null, p50: null, p90: null };
    return {
      fill,
      ...endOf(fill, input.validUntil),
      usedDocuments: Math.round(used),
      today,
      findings: { ...this.findings(load), groupMembers },
    };
  }

  /**
   * The FNs of one group, whose registers take each other's receipts: the group's load is foretold as a whole, each FN
   * by its present share. A load that moved from one register to another is then no riddle. Histories end on one day.
   */
  forecastGroup(members: readonly FnForecastInput[]): FnForecast[] {
    const shares = members.length > 1 ? groupShares(members.map(({ history }) => history)) : undefined;
    if (!shares) return members.map((member) => this.forecast(member));
    // The group's load must outlast the reading of its members.
    this.whole ??= new Forecaster();
    const whole = this.whole.read(shares.firstDay, shares.total);
    const growth = this.whole.level.slopePerDay;
    return members.map((member, at) => {
      const { history } = member;
      const own = this.read(history.firstDay, history.documents);
      const share = shares.members[at];
      if (!whole || !own || !share) return this.forecast(member);
      this.level.slopePerDay = growth;
      const today = member.today ?? history.firstDay + history.documents.length;
      return this.answer(member, shareOf(whole, share), today, members.length);
    });
  }

  /** The load to come of a history; undefined when there is nothing to go by. Valid until the next call. */
  read(firstDay: Day, documents: ArrayLike<number>): LoadAhead | undefined {
    const { season, level } = this;
    season.read(firstDay, documents);
    let made = 0;
    for (let at = 0; at < season.count; at++) if (season.values[at]) made += season.values[at] as number;
    if (made === 0 || season.count === 0) return undefined;
    level.fit(season);
    const { blockDays, ahead, meanVariance } = level;
    const start = firstDay + season.count;
    const levels = ahead.map(Math.exp);
    const noise = season.noise ** 2 + season.peaks.variance;
    return {
      firstDay: start,
      documents: (at) => {
        const place = (at + 0.5) / blockDays - 0.5;
        const block = Math.floor(place);
        const value =
          block < 0
            ? (levels[0] as number)
            : block >= blocksAhead - 1
              ? (levels[blocksAhead - 1] as number)
              : (levels[block] as number) +
                ((levels[block + 1] as number) - (levels[block] as number)) * (place - block);
        return value * season.factor(start + at) * season.uplift(start + at);
      },
      relativeError: (days) => {
        const block = Math.min(blocksAhead - 1, Math.floor((days - 0.5) / blockDays));
        const beyond = Math.max(0, days / (blockDays * blocksAhead) - 1);
        return Math.sqrt((meanVariance[block] as number) * (1 + beyond) + noise / days);
      },
    };
  }

  private usedByHistory(): number {
    const { season } = this;
    let used = 0;
    for (let at = 0; at < season.count; at++) {
      const value = season.values[at] as number;
      used += Number.isNaN(value) ? season.estimate(at) : value;
    }
    return used;
  }

  private filledAlready(used: number, capacity: number, today: Day): FillDays {
    const { season } = this;
    let left = used;
    let day = Math.min(today, season.firstDay + season.count - 1);
    for (let at = season.count - 1; at >= 0; at--) {
      const value = season.values[at] as number;
      left -= Number.isNaN(value) ? season.estimate(at) : value;
      day = season.firstDay + at;
      if (left < capacity) break;
    }
    return { p10: day, p50: day, p90: day };
  }

  private findings(load: LoadAhead | undefined): Findings {
    const { season, level } = this;
    let days = 0;
    for (let at = 0; at < season.count; at++) if (!Number.isNaN(season.values[at] as number)) days += 1;
    let perDay = 0;
    if (load) for (let at = 0; at < 28; at++) perDay += load.documents(at) / 28;
    const week = [...season.weekFactors];
    const busiest = Math.max(...week);
    return {
      days,
      perDay,
      growthPer30Days: load ? Math.exp(level.slopePerDay * 30) - 1 : 0,
      weekSwing: busiest / Math.max(0.01, Math.min(...week)),
      quietWeekdays: week.flatMap((factor, day) => (factor < 0.6 * busiest ? [day] : [])),
      busyMonthDays: [...season.monthFactors].flatMap((factor, day) =>
        day > 0 && factor > 1.08 ? [day] : [],
      ),
      holidayFactor: season.holidayFactor,
      steps: load ? level.steps.map(({ day, size }) => ({ day, factor: Math.exp(size) })) : [],
      peakShare: season.peaks.share,
      peaks: season.peaks.count,
      outageDays: season.peaks.outageDays,
      missingDays: season.count - days,
      isShort: days < 28,
      groupMembers: 0,
    };
  }
}

/** Below this share of what is left no band reaches it. */
const farFrom = 0.2;

/** The days on which a load has made `left` documents. */
export function fillDays(load: LoadAhead, left: number, lastDay = load.firstDay + horizonDays): FillDays {
  let made = 0;
  let early: number | undefined;
  let middle: number | undefined;
  let late: number | undefined;
  let madeEarly = 0;
  let madeLate = 0;
  for (let at = 0; load.firstDay + at <= lastDay && late === undefined; at++) {
    const today = load.documents(at);
    if (!(today >= 0)) break;
    const before = made;
    made += today;
    if (made < farFrom * left) continue;
    const spread = Math.exp(bandWidth * load.relativeError(at + 1));
    // A larger sum never lies earlier: the band must not run back where single days weigh less and less.
    const nextEarly = Math.max(madeEarly, made * spread);
    const nextLate = Math.max(madeLate, made / spread);
    if (early === undefined && nextEarly >= left) early = at + part(madeEarly, nextEarly, left);
    if (middle === undefined && made >= left) middle = at + part(before, made, left);
    if (nextLate >= left) late = at + part(madeLate, nextLate, left);
    madeEarly = nextEarly;
    madeLate = nextLate;
  }
  const p50 = middle === undefined ? null : load.firstDay + Math.floor(middle);
  // Between the begin of the day p10 and the end of the day p90 lie the 80 %.
  const p10 = early === undefined ? null : load.firstDay + Math.floor(early + 0.5);
  const p90 = late === undefined ? null : load.firstDay + Math.floor(late - 0.5);
  return {
    p10: p10 !== null && p50 !== null ? Math.min(p10, p50) : p10,
    p50,
    p90: p90 !== null && p50 !== null ? Math.max(p90, p50) : p90,
  };
}

/** A fill long after the term is of no interest: "not within reach". */
const lastDayOf = ({ validUntil }: FnForecastInput, load: LoadAhead): Day =>
  Math.min(load.firstDay + horizonDays, validUntil === undefined ? Infinity : validUntil + 365);

const part = (before: number, after: number, left: number): number =>
  after > before ? Math.min(0.999, Math.max(0, (left - before) / (after - before))) : 0;

function endOf(fill: FillDays, validUntil: Day | undefined): Pick<FnForecast, 'end' | 'warnOn'> {
  const isFull = fill.p50 !== null && (validUntil === undefined || fill.p50 <= validUntil);
  const day = isFull ? fill.p50 : (validUntil ?? null);
  const cause: EndCause = isFull ? 'capacity' : validUntil === undefined ? 'none' : 'validity';
  return { end: { day, cause }, warnOn: day === null ? null : day - warnDaysBefore };
}
