import { TAG, textOf } from '@kkt/ffd';
import { wallText, type KktDevice, type WallMs } from '../../../emulator/src';
import type { Result } from '../driver-call';

/** Moments as the driver prints them: digits of the register's wall clock, the offset of the host. */
export const moment = (wall: WallMs): string => `${wallText(wall)}+03:00`;

/** `fiscalParams` of the document that has just been made. */
export function fiscalResult(device: KktDevice): Result {
  const { drive } = device;
  const { state, registration } = drive;
  const made = drive.document(state.lastFd)?.head;
  return {
    fiscalParams: {
      fiscalDocumentNumber: state.lastFd,
      fiscalDocumentSign: String(made?.fiscalSign ?? 0),
      fiscalDocumentDateTime: moment(state.lastAt),
      shiftNumber: made?.shift ?? state.shift.number,
      fnNumber: drive.fnNumber,
      registrationNumber: registration?.rnm.trim() ?? '',
      fnsUrl: textOf(device.registrationNodes(), TAG.fnsSite) ?? '',
      ...(made?.totalKop === undefined ? {} : { total: made.totalKop / 100 }),
      ...(made?.receipt === undefined ? {} : { fiscalReceiptNumber: made.receipt }),
    },
    warnings: {},
  };
}
