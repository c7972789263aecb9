import type { Day } from './days';

/** Documents an FN made on each day, in order and without holes: a day without a reading is NaN. */
export interface DailyHistory {
  firstDay: Day;
  /** Whole days only. */
  documents: ArrayLike<number>;
}

export interface FnForecastInput {
  history: DailyHistory;
  /** Documents the FN takes in its whole life. */
  capacityDocuments: number;
  /** Documents it holds at the end of the history; by default the sum of the history, days without a reading estimated. */
  usedDocuments?: number;
  /** Last day of its term (tag 1041's FN by the registration report); undefined when not known. */
  validUntil?: Day;
  /** The day on which the question is asked; by default the one after the history. */
  today?: Day;
  /** Documents a day that the client announced; leads while there are few readings of its own. */
  announcedPerDay?: number;
}

/** Days on which the FN is full with the chance of 10, 50, 90 %; null: not within reach. */
export interface FillDays {
  p10: Day | null;
  p50: Day | null;
  p90: Day | null;
}

export type EndCause = 'capacity' | 'validity' | 'none';

/** What was found in the history; the reason in words is made of it. */
export interface Findings {
  /** Days with a reading. */
  days: number;
  /** Documents a day: expected from now on, average of the next four weeks. */
  perDay: number;
  /** Relative change of the load per 30 days, by the trend. */
  growthPer30Days: number;
  /** Largest weekday ÷ smallest; 1 when all are alike. */
  weekSwing: number;
  quietWeekdays: readonly number[];
  /** Days of the month with at least 8 % more than others. */
  busyMonthDays: readonly number[];
  /** Load of a public holiday ÷ ordinary day. */
  holidayFactor: number;
  /** Sudden changes that last, latest last: the first day of the new load and new ÷ old. */
  steps: readonly { day: Day; factor: number }[];
  /** Share of documents that peaks add to the ordinary load. */
  peakShare: number;
  peaks: number;
  /** Days on which nothing was made although a load was expected. */
  outageDays: number;
  missingDays: number;
  isShort: boolean;
  /** Members of the group whose load the forecast of this FN leans on; 0 when on its own alone. */
  groupMembers: number;
}

export interface FnForecast {
  fill: FillDays;
  /** The earlier of fill (median) and validity. `day` is null only when neither is known. */
  end: { day: Day | null; cause: EndCause };
  /** 60 days before the end; may lie in the past: then the warning is due at once. */
  warnOn: Day | null;
  usedDocuments: number;
  today: Day;
  findings: Findings;
}

/** A load foretold: documents of each day to come at the median, and how sure that is. */
export interface LoadAhead {
  firstDay: Day;
  /** Median documents of day `firstDay + at`. */
  documents: (at: number) => number;
  /** Standard deviation of the sum of the first `days`, relative. */
  relativeError: (days: number) => number;
}

/** How long before the end the first warning goes out. */
export const warnDaysBefore = 60;

/** Stored with every forecast: what made it. */
export const forecastModel = 'gp-steps-2';
