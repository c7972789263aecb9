import { FarmError } from '@kkt/contracts';

/** An object of JSON whose fields are not known to be what they should be. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const malformed = (field: string, expected: string): FarmError =>
  new FarmError('WIRE-MALFORMED', `Field ${field} of the answer is not ${expected}`, { field });

/** The object in a field. @throws FarmError `WIRE-MALFORMED` */
export function objectAt(from: JsonObject, field: string): JsonObject {
  const value = from[field];
  if (!isObject(value)) throw malformed(field, 'an object');
  return value;
}

export function textAt(from: JsonObject, field: string): string {
  const value = from[field];
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number') return String(value);
  throw malformed(field, 'text');
}

/** A number, or digits: versions of the driver differ in which of the two they give. */
export function numberAt(from: JsonObject, field: string): number {
  const value = from[field];
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw malformed(field, 'a number');
  return number;
}

/** Absent is false. */
export const flagAt = (from: JsonObject, field: string): boolean => from[field] === true;

/** `YYYY-MM-DDTHH:MM:SS` of a moment in any of the driver's spellings; the offset behind it is the host's and is dropped. */
export function momentAt(from: JsonObject, field: string): string {
  const value = from[field];
  const parts =
    typeof value === 'string' ? /^(\d{4})[.-](\d\d)[.-](\d\d)[T ](\d\d:\d\d)(:\d\d)?/.exec(value) : null;
  if (!parts) throw malformed(field, 'a date and time');
  return `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}${parts[5] ?? ':00'}`;
}

/** `YYYY-MM-DD` of a date or a moment. */
export function dateAt(from: JsonObject, field: string): string {
  const value = from[field];
  const parts = typeof value === 'string' ? /^(\d{4})[.-](\d\d)[.-](\d\d)/.exec(value) : null;
  if (!parts) throw malformed(field, 'a date');
  return `${parts[1]}-${parts[2]}-${parts[3]}`;
}

/** Kopecks of a sum in roubles: JSON has it as a decimal of two places, which a float holds well enough to round. */
export const kopAt = (from: JsonObject, field: string): number => Math.round(numberAt(from, field) * 100);
