import { DEBUG_RESET_CODE } from '@kkt/atol-protocol';
import { wallText, type WallMs } from '../../wall-time';
import { dateText } from '../archive-body';
import type { FiscalDrive } from '../fiscal-drive';
import { FN_CODE, FnRefusal } from '../refusal';
import { WARNING } from '../rules';
import { rowsOf, wallOrRefuse, type Row } from './rows';

export type InfoRow = Row<
  | 'fnStatus'
  | 'fnNumber'
  | 'validity'
  | 'fnVersion'
  | 'lastFnErrors'
  | 'ffdVersions'
  | 'daysLeft'
  | 'resources'
  | 'execution'
  | 'debugReset'
>;

export const isInfo = rowsOf(
  'fnStatus',
  'fnNumber',
  'validity',
  'fnVersion',
  'lastFnErrors',
  'ffdVersions',
  'daysLeft',
  'resources',
  'execution',
  'debugReset',
);

const KIB = 1024;

function warningBits(warnings: number) {
  const on = (bit: number): boolean => (warnings & bit) !== 0;
  return {
    replaceUrgently: on(WARNING.replaceIn3Days),
    resourceEnding: on(WARNING.replaceIn30Days),
    memoryNearlyFull: on(WARNING.memory90Percent),
    confirmationOverdue: on(WARNING.operatorOverdue),
    controlFailed: on(WARNING.formatControlFailed),
    settingsNeeded: on(WARNING.settingsOffered),
    operatorClosed: on(WARNING.operatorClosed),
    critical: on(WARNING.critical),
  };
}

/** Commands 30–3F and 60: what the FN says of itself. */
export function info(row: InfoRow, request: Buffer, drive: FiscalDrive, now: WallMs): Buffer {
  const { state, model } = drive;
  switch (row.name) {
    case 'fnStatus':
      row.decodeRequest(request);
      return row.encodeAnswer({
        phase: state.phase,
        currentDocument: drive.openDocumentCode,
        hasDocumentData: drive.openDocumentHasData ? 1 : 0,
        shiftOpen: state.shift.open ? 1 : 0,
        warnings: warningBits(drive.warnings(now)),
        lastDocumentAt: state.lastFd > 0 ? wallText(state.lastAt) : null,
        fnNumber: state.fnNumber,
        lastFdNumber: state.lastFd,
      });
    case 'fnNumber':
      row.decodeRequest(request);
      return row.encodeAnswer({ fnNumber: state.fnNumber });
    case 'validity':
      row.decodeRequest(request);
      return row.encodeAnswer({
        validTo: dateText(state.validUntil),
        registrationsLeft: drive.registrationsLeft,
        registrationsDone: state.registrations.length,
      });
    case 'fnVersion':
      row.decodeRequest(request);
      return row.encodeAnswer({ version: model.firmware, kind: model.serial ? 1 : 0 });
    case 'lastFnErrors':
      row.decodeRequest(request);
      return row.encodeAnswer({ record: Buffer.alloc(0) });
    case 'ffdVersions':
      row.decodeRequest(request);
      return row.encodeAnswer({ registered: drive.registration?.ffd ?? 0, supported: model.ffd });
    case 'daysLeft':
      return row.encodeAnswer({ days: drive.daysLeft(wallOrRefuse(row.decodeRequest(request).at)) });
    case 'resources':
      row.decodeRequest(request);
      return row.encodeAnswer({
        documentsLeft: drive.documentsLeft,
        freeKib: Math.max(0, model.unsentStoreKib - Math.ceil(state.unsent.bytes / KIB)),
        notificationsFillPercent: 0,
      });
    case 'execution':
      row.decodeRequest(request);
      return row.encodeAnswer({ name: model.id });
    case 'debugReset':
      if (row.decodeRequest(request).code !== DEBUG_RESET_CODE) {
        throw new FnRefusal(FN_CODE.badParameter, 'unknown reset');
      }
      drive.resetMemory();
      return row.encodeAnswer();
  }
}
