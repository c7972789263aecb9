const moscowOffsetMs = 3 * 3600 * 1000;

/** `YYYY-MM-DD` of Moscow, which keeps UTC+3 the whole year. */
export const moscowDate = (epochMs: number): string =>
  new Date(epochMs + moscowOffsetMs).toISOString().slice(0, 10);

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
