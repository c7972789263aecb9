import type { Day } from './days';
import type { DailyHistory, LoadAhead } from './types';

/** Days that tell how a group's load is divided now. */
const shareDays = 28;
/** A share that the last days show changed by more than this, relative, is taken from them alone. */
const movedBy = 0.12;
const movedDays = 5;

export interface GroupShares {
  firstDay: Day;
  /** Documents of the whole group by day. */
  total: Float64Array;
  /** Present share of each member and its variance, relative; undefined for one without readings of late. */
  members: ({ share: number; variance: number } | undefined)[];
}

/** Adds up a group; undefined when its histories do not end on one day or hold too little. */
export function groupShares(histories: readonly DailyHistory[]): GroupShares | undefined {
  const firstDay = Math.min(...histories.map((history) => history.firstDay));
  const ends = histories.map((history) => history.firstDay + history.documents.length);
  const end = Math.max(...ends);
  if (ends.some((own) => own !== end) || end - firstDay < shareDays) return undefined;
  const total = new Float64Array(end - firstDay);
  for (const { firstDay: own, documents } of histories)
    for (let at = 0; at < documents.length; at++) {
      // A member without a reading leaves the day of the whole group unknown.
      const day = own - firstDay + at;
      total[day] = (total[day] as number) + (documents[at] as number);
    }
  return { firstDay, total, members: histories.map((history) => shareNow(history, total)) };
}

function shareNow(
  { documents }: DailyHistory,
  total: Float64Array,
): { share: number; variance: number } | undefined {
  const recent = between(documents, total, 0, movedDays);
  const before = between(documents, total, movedDays, shareDays);
  if (!recent) return before;
  if (!before) return recent;
  const hasMoved =
    Math.abs(Math.log((recent.share + 1e-6) / (before.share + 1e-6))) >
    movedBy + 3 * Math.sqrt(recent.variance);
  if (hasMoved) return recent;
  return between(documents, total, 0, shareDays);
}

/** Share over the days that lie `from` … `to` days back. */
function between(
  documents: ArrayLike<number>,
  total: Float64Array,
  from: number,
  to: number,
): { share: number; variance: number } | undefined {
  let own = 0;
  let all = 0;
  for (let back = from; back < to; back++) {
    const value = documents[documents.length - 1 - back];
    const whole = total[total.length - 1 - back];
    if (value === undefined || whole === undefined || Number.isNaN(whole)) continue;
    own += value;
    all += whole;
  }
  if (all <= 0) return undefined;
  const share = own / all;
  return { share, variance: (1 - share) / Math.max(1, own) + 1e-4 };
}

/** The part of a group's load that falls to a member. */
export function shareOf(
  whole: LoadAhead,
  { share, variance }: { share: number; variance: number },
): LoadAhead {
  return {
    firstDay: whole.firstDay,
    documents: (at) => whole.documents(at) * share,
    relativeError: (days) => Math.sqrt(whole.relativeError(days) ** 2 + variance),
  };
}
