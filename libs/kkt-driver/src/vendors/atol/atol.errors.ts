import { deviceError, type DeviceError, type ErrorAction } from '@kkt/atol-protocol';
import { FarmError, isDeviceRefusal } from '@kkt/contracts';

/** `context.recovery` of a refusal; the words the dispatcher branches on. */
export const RECOVERY: Readonly<Record<ErrorAction, string>> = {
  fixReceipt: 'fix-receipt',
  retry: 'retry',
  wait: 'wait',
  otherRegister: 'other-register',
  engineer: 'engineer',
};

export const codeOf = (name: string): `DEVICE-${string}` =>
  `DEVICE-${name.replace(/([a-z])([A-Z0-9])/g, '$1-$2').toUpperCase()}`;

export interface Refusal {
  command: string;
  /** Byte behind `55`. */
  code: number;
  ext: number;
  /** Register 55, asked for after EE; `about`: the tag concerned, when it is one. */
  extended?: { code: number; about: number };
  /** FN command, when the FN refused through A4. */
  fnCode?: number;
  wire: string;
}

/**
 * A refusal as `DEVICE-<NAME>`. Context: `deviceCode`, `extendedCode`, `driverCode` (number in the ATOL driver's list),
 * `fnCode`, `command`, `recovery`, `cause`, `textRu`.
 */
export function refusalError(refusal: Refusal): FarmError {
  const { command, code, ext, extended, fnCode, wire } = refusal;
  const meaning: DeviceError = deviceError(code, extended?.code);
  return new FarmError(codeOf(meaning.name), `${command}: ${meaning.en}`, {
    wire,
    command,
    deviceCode: code,
    ext,
    extendedCode: extended?.code,
    extendedAbout: extended?.about,
    fnCode,
    driverCode: meaning.driverError,
    recovery: RECOVERY[meaning.action],
    cause: meaning.cause,
    textRu: meaning.ru,
  });
}

/** A refusal by one of these device codes. */
export const isRefusedWith = (error: unknown, ...codes: number[]): boolean =>
  isDeviceRefusal(error) && codes.includes(Number(error.context.deviceCode));
