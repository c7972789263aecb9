import { DEVICE_ERROR_ROWS, EXTENDED_ERROR_ROWS } from './device-error.table';
import { FN_ERROR_ROWS } from './fn-error.table';
import type { ErrorAction, ErrorCause, ErrorRow } from './types';

export type { ErrorAction, ErrorCause } from './types';

/** What a device's refusal means and what the driver may do about it. */
export interface DeviceError {
  /** Byte behind `55`; for an extended code its two bytes. */
  code: number;
  /** Stable name for logs, metrics and error codes. */
  name: string;
  en: string;
  ru: string;
  cause: ErrorCause;
  action: ErrorAction;
  /** Number in the ATOL driver's (libfptr) list, for the receipt API. */
  driverError: number;
}

/** An FN answer code and the device error it turns into. */
export interface FnError {
  code: number;
  name: string;
  en: string;
  ru: string;
  deviceError: number;
  /** `ours`: the device's own list has no such text, the pairing is our choice. */
  pairing: 'inferred' | 'ours';
}

const toError = ([code, name, en, ru, cause, action, driverError]: ErrorRow): DeviceError => ({
  code,
  name,
  en,
  ru,
  cause,
  action,
  driverError,
});

/** Number the receipt API gives to what its list does not have: "unknown error". */
export const UNKNOWN_DRIVER_ERROR = 15;

/** Device error that sends one to register 55. */
export const SEE_EXTENDED_ERROR = 0xee;

/** Every device error, in order of code. */
export const DEVICE_ERRORS: readonly DeviceError[] = DEVICE_ERROR_ROWS.map(toError);
/** Every extended error (register 55). */
export const EXTENDED_ERRORS: readonly DeviceError[] = EXTENDED_ERROR_ROWS.map(toError);
/** Every FN answer code but 00. */
export const FN_ERRORS: readonly FnError[] = FN_ERROR_ROWS.map(
  ([code, name, en, ru, deviceError, pairing]) => ({
    code,
    name,
    en,
    ru,
    deviceError,
    pairing,
  }),
);

const byCode = new Map(DEVICE_ERRORS.map((error) => [error.code, error]));
const byExtendedCode = new Map(EXTENDED_ERRORS.map((error) => [error.code, error]));
const fnByCode = new Map(FN_ERRORS.map((error) => [error.code, error]));
const codeByName = new Map(DEVICE_ERRORS.map((error) => [error.name, error.code]));

const unknown = (code: number): DeviceError => ({
  code,
  name: 'unknown',
  en: `Unknown device error ${code.toString(16).toUpperCase().padStart(2, '0')}`,
  ru: `Неизвестная ошибка ККТ ${code.toString(16).toUpperCase().padStart(2, '0')}`,
  // A code nobody described is no ground for a second attempt.
  cause: 'protocol',
  action: 'engineer',
  driverError: UNKNOWN_DRIVER_ERROR,
});

/** The meaning of a device error; give `extended` (register 55) with EE. An undescribed code stops the register. */
export function deviceError(code: number, extended?: number): DeviceError {
  if (code === SEE_EXTENDED_ERROR && extended !== undefined)
    return byExtendedCode.get(extended) ?? unknown(extended);
  return byCode.get(code) ?? unknown(code);
}

/** The code of a device error by its name, for the device side. @throws RangeError for a name not in the table */
export function deviceErrorCode(name: string): number {
  const code = codeByName.get(name);
  if (code === undefined) throw new RangeError(`No device error is called ${name}`);
  return code;
}

/** The meaning of an FN answer code; undefined for 00 and for codes nobody described. */
export const fnError = (code: number): FnError | undefined => fnByCode.get(code);

/** Device side: the device error that an FN answer code comes out as. */
export const deviceErrorOfFn = (fnCode: number): number =>
  fnByCode.get(fnCode)?.deviceError ?? deviceErrorCode('fnFault');
