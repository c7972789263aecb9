/**
 * Time in fiscal documents is the wall clock of the settlement place with no zone (tags 1012, 1098, 1178, 1273, 2114):
 * seconds since 1970-01-01T00:00:00 of that same wall clock. As text it is `YYYY-MM-DDTHH:MM:SS`.
 */

const DAY_SECONDS = 86_400;
const TWO_DIGITS: readonly string[] = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));
const PATTERN = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?)?$/;

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

/** `YYYY-MM-DD[THH:MM[:SS]]` to seconds of the local wall clock; NaN when it is no such date or does not fit u32. */
export function localTimeToSeconds(at: string): number {
  const match = PATTERN.exec(at);
  if (match === null) return NaN;
  const month = Number(match[2]);
  const day = Number(match[3]);
  const hour = Number(match[4] ?? 0);
  const minute = Number(match[5] ?? 0);
  const second = Number(match[6] ?? 0);
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return NaN;
  const days = daysFromCivil(Number(match[1]), month, day);
  // 31 February and the like: the date must come back as it was.
  if (!civilFromDays(days).startsWith(at.slice(0, 10))) return NaN;
  const seconds = days * DAY_SECONDS + hour * 3600 + minute * 60 + second;
  return seconds >= 0 && seconds <= 0xffffffff ? seconds : NaN;
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
