/**
 * Wall clock of the settlement place, which is the only clock a KKT and an FN know: milliseconds counted as if the
 * local wall were UTC, so that no zone rule ever enters the device.
 */
export type WallMs = number;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** FN date and time: YY MM DD hh mm, plain binary bytes. */
export function toDt5(wall: WallMs): Buffer {
  const date = new Date(wall);
  return Buffer.of(
    date.getUTCFullYear() - 2000,
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
  );
}

/** Reads YY MM DD hh mm; undefined when it is no date. */
export function fromDt5(bytes: Uint8Array): WallMs | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = bytes;
  return wallOf(2000 + year, month, day, hour, minute, 0);
}

/** Checked calendar date to wall time; undefined when there is no such date. */
export function wallOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): WallMs | undefined {
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(wall);
  const same =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return same ? wall : undefined;
}

export const toMinute = (wall: WallMs): WallMs => wall - (wall % MINUTE_MS);
export const toDay = (wall: WallMs): WallMs => wall - (wall % DAY_MS);
export const toWallSeconds = (wall: WallMs): number => Math.floor(wall / 1000);

/** `YYYY-MM-DDTHH:MM:SS`. */
export const wallText = (wall: WallMs): string => new Date(wall).toISOString().slice(0, 19);

/** `YYYY-MM-DD[THH:MM[:SS]]` to wall time; undefined when it is no such date. */
export function wallFromText(text: string): WallMs | undefined {
  const [, year, month, day, hour = '0', minute = '0', second = '0'] =
    /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  return wallOf(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second));
}
