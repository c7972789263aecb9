/**
 * Time in fiscal documents is the wall clock of the settlement place with no zone (tags 1012, 1098, 1178, 1273, 2114):
 * seconds since 1970-01-01T00:00:00 of that same wall clock. As text it is `YYYY-MM-DDTHH:MM:SS`.
 */

const DAY_SECONDS = 86_400;
const TWO_DIGITS: readonly string[] = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));

/** Days from 1970-01-01 of a Gregorian date (the civil-calendar algorithm of Howard Hinnant, public domain). */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function civilFromDays(days: number): string {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthIndex = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthIndex + 2) / 5) + 1;
  const month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${TWO_DIGITS[month]}-${TWO_DIGITS[day]}T`;
}

/** Two digits at `at`; NaN when they are not digits. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : (MONTH_DAYS[month - 1] ?? 0);
}

/** Lengths of `YYYY-MM-DD`, with minutes, with seconds. */
const DATE_LENGTH = 10;
const MINUTE_LENGTH = 16;
const SECOND_LENGTH = 19;

/** `YYYY-MM-DD[THH:MM[:SS]]` to seconds of the local wall clock; NaN when it is no such date or does not fit u32. */
export function localTimeToSeconds(at: string): number {
  const length = at.length;
  if (length !== SECOND_LENGTH && length !== MINUTE_LENGTH && length !== DATE_LENGTH) return NaN;
  if (at[4] !== '-' || at[7] !== '-') return NaN;
  const year = twoDigits(at, 0) * 100 + twoDigits(at, 2);
  const month = twoDigits(at, 5);
  const day = twoDigits(at, 8);
  // Written so that NaN fails every comparison.
  if (!(year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return NaN;
  let seconds = daysFromCivil(year, month, day) * DAY_SECONDS;
  if (length > DATE_LENGTH) {
    const hour = twoDigits(at, 11);
    const minute = twoDigits(at, 14);
    if (at[10] !== 'T' || at[13] !== ':' || !(hour <= 23 && minute <= 59)) return NaN;
    seconds += hour * 3600 + minute * 60;
  }
  if (length > MINUTE_LENGTH) {
    const second = twoDigits(at, 17);
    if (at[16] !== ':' || !(second <= 59)) return NaN;
    seconds += second;
  }
  return seconds <= 0xffffffff ? seconds : NaN;
}

let lastDays = -1;
let lastDate = '';

/** Seconds of the local wall clock to `YYYY-MM-DDTHH:MM:SS`. */
export function secondsToLocalTime(seconds: number): string {
  const days = Math.floor(seconds / DAY_SECONDS);
  if (days !== lastDays) {
    lastDate = civilFromDays(days);
    lastDays = days;
  }
  const rest = seconds - days * DAY_SECONDS;
  const hour = Math.floor(rest / 3600);
  const minute = Math.floor((rest - hour * 3600) / 60);
  return `${lastDate}${TWO_DIGITS[hour]}:${TWO_DIGITS[minute]}:${TWO_DIGITS[rest % 60]}`;
}
