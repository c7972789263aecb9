import { DEVICE_MODE, RECEIPT_TYPE } from '@kkt/atol-protocol';
import { encodeTlv, TAG } from '@kkt/ffd';
import type { KktDevice } from './kkt-device';
import { ReceiptInProgress } from './receipt-in-progress';

const SUM_KOP = 100;

/**
 * Somebody at another door of the module: makes a receipt of one rouble, leaves one open, or changes the mode. Follows
 * the FN's rules like any host, so on a module that cannot make a receipt it does nothing.
 */
export function actAsForeignHost(device: KktDevice, does: 'document' | 'openReceipt' | 'leaveMode'): void {
  if (does === 'leaveMode') {
    device.mode = DEVICE_MODE.choice;
    return;
  }
  if (does === 'openReceipt') {
    device.receipt ??= new ReceiptInProgress(RECEIPT_TYPE.sale, 1, false);
    return;
  }
  const { drive } = device;
  const { registration, state } = drive;
  if (!registration) return;
  if (!state.shift.open) device.makeReport('shiftOpen', (fn) => fn.finishShift());
  drive.cancel();
  drive.start('receipt', device.now());
  drive.addTlv(
    encodeTlv([
      { tag: TAG.taxSystem, value: registration.taxSystems & -registration.taxSystems },
      { tag: TAG.item, value: foreignItem(registration.ffd) },
      { tag: TAG.cash, value: SUM_KOP },
      { tag: TAG.ecash, value: 0 },
      { tag: TAG.prepaid, value: 0 },
      { tag: TAG.credit, value: 0 },
      { tag: TAG.provision, value: 0 },
      { tag: TAG.turnoverNoVat, value: SUM_KOP },
    ]),
  );
  device.complete(drive);
  drive.finishReceipt(device.now(), 1, SUM_KOP);
}

const FFD_1_2 = 4;

const foreignItem = (ffd: number) => [
  { tag: TAG.method, value: 4 },
  { tag: TAG.subject, value: 1 },
  { tag: TAG.itemName, value: 'Чужой товар' },
  { tag: TAG.price, value: SUM_KOP },
  { tag: TAG.quantity, value: 1_000_000 },
  { tag: TAG.vatCode, value: 6 },
  { tag: TAG.itemSum, value: SUM_KOP },
  ...(ffd >= FFD_1_2 ? [{ tag: TAG.measure, value: 0 }] : []),
];
