import { COMMANDS, REPORT_TYPE } from '@kkt/atol-protocol';
import { HOUR_MS } from '../../wall-time';
import { on } from '../command-handler';
import type { KktDevice } from '../kkt-device';
import { DEVICE_ERROR, DeviceRefusal } from '../refusal';
import { cashInDrawer } from './receipt';

/** Reports without a fiscal document. */
const PLAIN_REPORTS: readonly number[] = [
  REPORT_TYPE.x,
  REPORT_TYPE.sections,
  REPORT_TYPE.cashiers,
  REPORT_TYPE.hours,
  REPORT_TYPE.quantities,
  REPORT_TYPE.service,
];

export const SHIFT_LENGTH_MS = 24 * HOUR_MS;

function assertNoReceipt(device: KktDevice): void {
  if (device.receipt) throw new DeviceRefusal(DEVICE_ERROR.receiptOpen, 'a receipt is open');
}

function assertFiscal(device: KktDevice): void {
  if (device.drive.state.phase === 1) throw new DeviceRefusal(DEVICE_ERROR.notFiscalised, 'not registered');
}

/** Shift and reports. 5A and 67 only begin: the runner makes `device.background` and shows it in 45. */
export const shiftHandlers = [
  on(COMMANDS.openShift, (device) => {
    assertNoReceipt(device);
    assertFiscal(device);
    if (device.drive.state.shift.open) throw new DeviceRefusal(DEVICE_ERROR.shiftOpen, 'shift is open');
    device.makeReport('shiftOpen', (drive) => drive.finishShift());
    return {};
  }),
  on(COMMANDS.closeShift, (device) => {
    assertNoReceipt(device);
    assertFiscal(device);
    // Asked of the FN before the answer, so that a shift that cannot be closed is refused at once.
    device.drive.cancel();
    device.drive.start('shiftClose', device.now());
    device.drive.cancel();
    device.background = 'shiftClose';
    return {};
  }),
  on(COMMANDS.report, (device, { type }) => {
    assertNoReceipt(device);
    if (type === REPORT_TYPE.settlements) {
      assertFiscal(device);
      device.drive.cancel();
      device.drive.start('settlement', device.now());
      device.drive.cancel();
      device.background = 'settlement';
    } else if (PLAIN_REPORTS.includes(type)) device.background = 'x';
    else throw new DeviceRefusal(DEVICE_ERROR.badReportType, `report ${type}`);
    return {};
  }),
  on(COMMANDS.cashInDrawer, (device) => ({ sumKop: Math.max(0, cashInDrawer(device)) })),
  on(COMMANDS.lastShiftTotals, (device) => {
    const rows = device.drive.state.shift.totals.receipts;
    const sum = (...signs: number[]): number =>
      signs.reduce((all, sign) => all + (rows[sign - 1]?.[6] ?? 0), 0);
    return { incomeKop: sum(1, 4), outcomeKop: sum(2, 3) };
  }),
  on(COMMANDS.repeatDocument, (device) => {
    if (device.receipt) throw new DeviceRefusal(DEVICE_ERROR.lastDocumentNotClosed, 'document is not closed');
    return {};
  }),
  on(COMMANDS.dropDocumentBuffer, () => ({})),
];
