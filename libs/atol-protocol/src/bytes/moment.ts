import type { Codec, MomentPart } from './codec';
import { malformed, unencodable } from './faults';

const ISO = /^(?:(\d{4})-(\d\d)-(\d\d))?T?(?:(\d\d):(\d\d)(?::(\d\d))?)?$/;
const CENTURY = 2000;

type Parts = Partial<Record<MomentPart, number>>;

const two = (value: number): string => String(value).padStart(2, '0');

function toIso(parts: Parts): string {
  const { YY, MM, DD, hh, mm, ss } = parts;
  const date = YY === undefined ? '' : `${CENTURY + YY}-${two(MM ?? 0)}-${two(DD ?? 0)}`;
  const time = hh === undefined ? '' : `${two(hh)}:${two(mm ?? 0)}${ss === undefined ? '' : `:${two(ss)}`}`;
  return date && time ? `${date}T${time}` : date || time;
}

function isReal({ YY = 0, MM = 1, DD = 1, hh = 0, mm = 0, ss = 0 }: Parts): boolean {
  if (hh > 23 || mm > 59 || ss > 59 || YY > 99) return false;
  const day = new Date(Date.UTC(CENTURY + YY, MM - 1, DD));
  return day.getUTCMonth() === MM - 1 && day.getUTCDate() === DD;
}

function parse(iso: string, wanted: readonly MomentPart[]): Parts {
  const [, year, MM, DD, hh, mm, ss] = ISO.exec(iso) ?? [];
  const all: Record<MomentPart, number> = {
    YY: Number(year) - CENTURY,
    MM: Number(MM),
    DD: Number(DD),
    hh: Number(hh),
    mm: Number(mm),
    ss: Number(ss ?? 0),
  };
  const parts: Parts = Object.fromEntries(wanted.map((part) => [part, all[part]]));
  if (wanted.some((part) => Number.isNaN(all[part]) || all[part] < 0) || !isReal(parts)) {
    throw unencodable('Not a date and time of this field', { iso, parts: wanted.join(' ') });
  }
  return parts;
}

const fromByte = (byte: number, radix: 'bcd' | 'binary'): number => {
  if (radix === 'binary') return byte;
  return (byte >> 4) * 10 + (byte & 0x0f) + ((byte & 0x0f) > 9 || byte > 0x99 ? 100 : 0);
};

const toByte = (value: number, radix: 'bcd' | 'binary'): number =>
  radix === 'binary' ? value : (Math.floor(value / 10) << 4) | (value % 10);

/**
 * Wall clock of the device, one byte a part, years 2000–2099, without a zone. The value is ISO 8601 text of just the
 * parts the field has: `2026-11-23`, `14:05:00`, `2026-11-23T14:05`. Seconds given to a field without them are dropped.
 */
export function moment(parts: readonly MomentPart[], radix: 'bcd' | 'binary'): Codec<string> {
  const orNone = momentOrNone(parts, radix);
  return {
    shape: { kind: 'moment', parts, radix, nullable: false },
    write: (out, value) => orNone.write(out, value),
    read(from) {
      const value = orNone.read(from);
      if (value === null) throw malformed('Not a date and time', { parts: parts.join(' ') });
      return value;
    },
  };
}

/** The same, where the device may have no date: zeros (or a lost clock's nonsense) are read as null, null is written as zeros. */
export function momentOrNone(parts: readonly MomentPart[], radix: 'bcd' | 'binary'): Codec<string | null> {
  return {
    shape: { kind: 'moment', parts, radix, nullable: true },
    write(out, value) {
      if (value === null) return out.put(Buffer.alloc(parts.length));
      const given = parse(value, parts);
      for (const part of parts) out.u8(toByte(given[part] ?? 0, radix));
    },
    read(from) {
      const raw = from.take(parts.length);
      const read: Parts = Object.fromEntries(parts.map((part, at) => [part, fromByte(raw[at] ?? 0, radix)]));
      return isReal(read) ? toIso(read) : null;
    },
  };
}

/** FN date and time: YY MM DD hh mm, binary (FNS KKT–FN protocol v1.1). */
export const fnDateTime = (): Codec<string> => moment(['YY', 'MM', 'DD', 'hh', 'mm'], 'binary');
export const fnDateTimeOrNone = (): Codec<string | null> =>
  momentOrNone(['YY', 'MM', 'DD', 'hh', 'mm'], 'binary');
/** FN date: YY MM DD, binary. */
export const fnDateOrNone = (): Codec<string | null> => momentOrNone(['YY', 'MM', 'DD'], 'binary');
