import { DEVICE_ERRORS, EXTENDED_ERRORS, UNKNOWN_DRIVER_ERROR, type DeviceError } from '@kkt/atol-protocol';
import { FarmError, isDeviceRefusal } from '@kkt/contracts';
import { codeOf, RECOVERY } from '../atol/atol.errors';
import type { TaskState } from './web-server';

/** Numbers of the driver's list (libfptr) that the device object itself looks at. */
export const DRIVER_ERROR = {
  noMoreData: 30,
  fnLink: 115,
  fnFault: 118,
  fnNoData: 123,
} as const;

/**
 * Numbers after which the driver itself does not know whether a fiscal document was made: the link to the register
 * (1 not connected, 2 no link, 3 port busy, 4 port gone, 241 lost) or to its FN (115, 116, 159, 166, 177: exchange
 * failed, a report or the closing of a receipt was interrupted). The set in which a public re-implementation of the
 * web server stops its queue to ask the FN.
 */
const UNKNOWN_OUTCOME: ReadonlySet<number> = new Set([1, 2, 3, 4, 241, 115, 116, 159, 166, 177]);
/** Of these, the ones in which the register was not reached at all. */
const NOT_REACHED: ReadonlySet<number> = new Set([1, 2, 3, 4, 241]);

export const leavesDoubt = (code: number): boolean => UNKNOWN_OUTCOME.has(code);
export const isNotReached = (code: number): boolean => NOT_REACHED.has(code);

/** The more careful an action, the earlier: it wins when a driver number stands for several device errors. */
const BY_CARE = ['engineer', 'otherRegister', 'wait', 'retry', 'fixReceipt'] as const;

/** Meaning of a driver number by the table of device errors, each of which names its driver number. */
function byDriverNumber(): ReadonlyMap<number, DeviceError> {
  const meanings = new Map<number, DeviceError>();
  for (const error of [...DEVICE_ERRORS, ...EXTENDED_ERRORS]) {
    // 15 is what the table gives to errors that the driver's list does not have.
    if (error.driverError === UNKNOWN_DRIVER_ERROR) continue;
    const known = meanings.get(error.driverError);
    const isMoreCareful = known && BY_CARE.indexOf(error.action) < BY_CARE.indexOf(known.action);
    if (!known || isMoreCareful) meanings.set(error.driverError, error);
  }
  return meanings;
}

const MEANINGS = byDriverNumber();

/**
 * A task's error as `DEVICE-<NAME>`. Context: `driverCode`, `command` (type of the task), `recovery`, `cause`, `textRu`.
 * A number nobody described is `DEVICE-UNKNOWN` and calls an engineer.
 */
export function taskRefusal(command: string, { code, description }: TaskState, server: string): FarmError {
  const meaning = MEANINGS.get(code);
  return new FarmError(
    codeOf(meaning?.name ?? 'unknown'),
    `${command}: ${meaning?.en ?? (description || `driver error ${code}`)}`,
    {
      wire: server,
      command,
      driverCode: code,
      recovery: RECOVERY[meaning?.action ?? 'engineer'],
      cause: meaning?.cause ?? 'protocol',
      textRu: description || meaning?.ru,
    },
  );
}

/** A refusal with one of these driver numbers. */
export const isRefusedByDriver = (error: unknown, ...codes: number[]): boolean =>
  isDeviceRefusal(error) && codes.includes(Number(error.context.driverCode));
