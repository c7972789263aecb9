const moscowOffsetMs = 3 * 3600 * 1000;

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

/** `dd.mm.yyyy HH:MM:SS` of Moscow, which keeps UTC+3 the whole year. */
export function moscowStamp(epochMs: number): string {
  const at = new Date(epochMs + moscowOffsetMs);
  return (
    `${two(at.getUTCDate())}.${two(at.getUTCMonth() + 1)}.${at.getUTCFullYear()} ` +
    `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`
  );
}

/** `YYYY-MM-DD` of Moscow. */
export const moscowDate = (epochMs: number): string =>
  new Date(epochMs + moscowOffsetMs).toISOString().slice(0, 10);

/** Local wall clock `YYYY-MM-DDTHH:MM:SS` as `dd.mm.yyyy HH:MM:SS`. */
export const localStamp = (local: string): string =>
  `${local.slice(8, 10)}.${local.slice(5, 7)}.${local.slice(0, 4)} ${local.slice(11, 19)}`;

/**
 * The date at the start of `dd.mm.yyyy` (a time after it is cut) as `YYYY-MM-DD`; undefined when there is no such day.
 */
export function parseDottedDate(text: string): string | undefined {
  const match = /^(\d{2})\.(\d{2})\.(\d{4})(?:$|[ T])/.exec(text);
  if (!match) return undefined;
  const [, day = '', month = '', year = ''] = match;
  const iso = `${year}-${month}-${day}`;
  const at = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== iso ? undefined : iso;
}
