/** Days. Silence is taken for an outage until it has lasted so long. */
export const lastingSilenceDays = 21;
/** Documents a day. From so many on, a day without any is no chance. */
const lively = 8;

/**
 * Days of silence in a row, where sales were many, say nothing of the level: unless they last, they are an outage.
 * `perDay`: documents of each day without its calendar, NaN where nothing can be said; silent days become NaN in it.
 */
export function forgetSilence(perDay: Float64Array, count: number): void {
  let sold = 0;
  let days = 0;
  for (let at = 0; at < count; at++) {
    const value = perDay[at] as number;
    if (!(value > 0)) continue;
    sold += value;
    days += 1;
  }
  if (days === 0 || sold / days < lively) return;
  let from = -1;
  for (let at = 0; at <= count; at++) {
    const value = at < count ? (perDay[at] as number) : 1;
    if (value === 0 && from < 0) from = at;
    // A day without a reading, or one on which nothing is sold anyway, ends no silence.
    if (!(value > 0) || from < 0) continue;
    if (at - from < lastingSilenceDays) perDay.fill(NaN, from, at);
    from = -1;
  }
}
