import type { KktDevice } from '../../../emulator/src';
import { DriverError, type Result, type Task } from '../driver-call';
import { getFnDocument } from './fn-document';
import {
  acceptMarkingCode,
  beginMarkingCodeValidation,
  clearMarks,
  getDeviceInfo,
  getDeviceStatus,
  getFnInfo,
  getFnStatus,
  getShiftStatus,
  ofdExchangeStatus,
  setDateTime,
} from './queries';
import { RECEIPT_TASKS, registerReceipt } from './receipt';
import { closeArchive, closeShift, openShift, register, settlementReport } from './reports';

type Job = (device: KktDevice, task: Task) => Result;

const nothing: Job = () => ({});

const JOBS: Readonly<Record<string, Job>> = {
  ...Object.fromEntries(RECEIPT_TASKS.map((type): [string, Job] => [type, registerReceipt])),
  openShift,
  closeShift,
  reportOfdExchangeStatus: settlementReport,
  registration: register,
  fnChange: register,
  changeRegistrationParameters: register,
  closeArchive,
  getDeviceInfo,
  getDeviceStatus,
  getFnInfo,
  getFnStatus,
  getShiftStatus,
  ofdExchangeStatus,
  getFnDocument,
  setDateTime,
  beginMarkingCodeValidation,
  // The FN answers at once, so a check is ready as soon as it is begun.
  getMarkingCodeValidationStatus: () => ({ ready: true }),
  acceptMarkingCode,
  cancelMarkingCodeValidation: clearMarks,
  clearMarkingCodeValidationResult: clearMarks,
  reportX: nothing,
  continuePrint: nothing,
};

/** Tasks that make a fiscal document. */
export const FISCAL_TASKS: ReadonlySet<string> = new Set([
  ...RECEIPT_TASKS,
  'openShift',
  'closeShift',
  'reportOfdExchangeStatus',
  'registration',
  'fnChange',
  'changeRegistrationParameters',
  'closeArchive',
]);

/** "Not supported" of the driver's list. */
const NOT_SUPPORTED = 11;

/** Executes one task whole. @throws DriverError, or what `driverErrorOf` makes one of */
export function execute(device: KktDevice, task: Task): Result {
  const job = JOBS[String(task.type)];
  if (!job) throw new DriverError(NOT_SUPPORTED, `Задание ${String(task.type)} не поддерживается`);
  return job(device, task);
}
