import { registerByNumber, type AnyRegister } from '@kkt/atol-protocol';
import type { DocumentRecord } from '../../fn/state';
import { wallText } from '../../wall-time';
import type { CommandHandler } from '../command-handler';
import type { KktDevice } from '../kkt-device';
import { receiptTypeFacts, receiptTypeOf } from '../receipt-in-progress';
import { DEVICE_ERROR, DeviceRefusal } from '../refusal';
import { cashInDrawer } from './receipt';
import { SHIFT_LENGTH_MS } from './shift';

/** Columns of the FN's counters: see `fn/totals`. */
const COUNT = 0;
const FIRST_PAYMENT = 1;
const TOTAL = 6;

/** 91: reading a register. Requests for a register the module does not have are refused with 6C. */
export const readRegister: CommandHandler = {
  name: 'readRegister',
  code: 0x91,
  modes: undefined,
  run(device, request) {
    const row = registerByNumber(request[1] ?? 0);
    if (!row) throw new DeviceRefusal(DEVICE_ERROR.badRegister, `register ${request[1]}`);
    return answer(device, row, request[2] ?? 0, request[3] ?? 0);
  },
};

function rowOf(device: KktDevice, receiptType: number): readonly number[] {
  const facts = receiptTypeFacts(receiptType);
  if (!facts) return [];
  const { totals } = device.drive.state.shift;
  return (facts.correction ? totals.corrections : totals.receipts)[facts.sign - 1] ?? [];
}

/** Sum of a column over income and expense returns, less the other two signs. */
function balance(device: KktDevice): number {
  const { receipts } = device.drive.state.shift.totals;
  const of = (sign: number): number => receipts[sign - 1]?.[TOTAL] ?? 0;
  return Math.max(0, of(1) - of(2) - of(3) + of(4));
}

function lastDocument(device: KktDevice, receiptOnly: boolean): DocumentRecord | undefined {
  const { drive } = device;
  for (let fd = drive.state.lastFd; fd > 0; fd -= 1) {
    const head = drive.document(fd)?.head;
    if (head && (!receiptOnly || head.form === 3 || head.form === 31)) return head;
  }
  return undefined;
}

function documentFacts(head: DocumentRecord | undefined) {
  return {
    fdNumber: head?.fd ?? 0,
    type: head?.sign ? receiptTypeOf(head.sign, head.form === 31) : 0,
    sumKop: head?.totalKop ?? 0,
    at: head ? wallText(head.at) : null,
    fiscalSign: head?.fiscalSign ?? 0,
  };
}

function answer(device: KktDevice, row: AnyRegister, p1: number, p2: number): Buffer {
  const { data } = device;
  switch (row.name) {
    case 'registrationsSum':
      return row.encodeAnswer({ sumKop: rowOf(device, p1)[TOTAL] ?? 0 });
    case 'paymentsSum':
      return row.encodeAnswer({
        sumKop: p2 >= 1 && p2 <= 5 ? (rowOf(device, p1)[FIRST_PAYMENT + p2 - 1] ?? 0) : 0,
      });
    case 'registrationsCount':
      return row.encodeAnswer({ count: (rowOf(device, p1)[COUNT] ?? 0) % 10_000 });
    case 'stornoSum':
      return row.encodeAnswer({ sumKop: 0 });
    case 'stornoCount':
      return row.encodeAnswer({ count: 0 });
    case 'cashInSum':
      return row.encodeAnswer({ sumKop: data.cashInKop });
    case 'cashOutSum':
      return row.encodeAnswer({ sumKop: data.cashOutKop });
    case 'cashInCount':
      return row.encodeAnswer({ count: data.cashIns % 10_000 });
    case 'cashOutCount':
      return row.encodeAnswer({ count: data.cashOuts % 10_000 });
    case 'cashInDrawer':
      return row.encodeAnswer({ sumKop: Math.max(0, cashInDrawer(device)) });
    case 'revenue':
    case 'shiftTotal':
      return row.encodeAnswer({ sumKop: balance(device) });
    case 'clock':
      return row.encodeAnswer({ clock: wallText(device.now()) });
    case 'shiftLimit': {
      const { shift } = device.drive.state;
      return row.encodeAnswer({
        shiftOpen: shift.open ? 1 : 0,
        limit: shift.open ? wallText(shift.openedAt + SHIFT_LENGTH_MS) : null,
      });
    }
    case 'currentDocument': {
      const { state } = device.drive;
      return row.encodeAnswer({
        receiptNumber: (state.shift.receipts + 1) % 10_000,
        documentNumber: state.lastFd + 1,
      });
    }
    case 'openReceipt':
      return row.encodeAnswer({ state: device.receipt?.type ?? 0, sumKop: device.receipt?.itemsSumKop ?? 0 });
    case 'currentShift': {
      const { shift } = device.drive.state;
      return row.encodeAnswer({ shiftNumber: (shift.open ? shift.number : shift.number + 1) % 10_000 });
    }
    case 'serialNumber':
      return row.encodeAnswer({ serialNumber: device.options.serial });
    case 'printSettings':
      return row.encodeAnswer({ lineWidth: device.model.lineWidth, others: Buffer.alloc(0) });
    case 'printStation':
      return row.encodeAnswer({ station: 0 });
    case 'grandTotal': {
      const facts = receiptTypeFacts(p1);
      const { totals } = device.drive.state;
      const rows = facts?.correction ? totals.corrections : totals.receipts;
      return row.encodeAnswer({ sumKop: facts ? (rows[facts.sign - 1]?.[TOTAL] ?? 0) : 0 });
    }
    case 'exchangeError':
      // The host carries the messages: the module has no errors of its own.
      return row.encodeAnswer({ error: 0 });
    case 'unsentCount':
      return row.encodeAnswer({ count: device.drive.state.unsent.length });
    case 'oldestUnsentAt': {
      const oldest = device.drive.state.unsent.oldest;
      return row.encodeAnswer({ at: oldest ? wallText(oldest.at) : null });
    }
    case 'fnNumber':
      return row.encodeAnswer({ fnNumber: device.drive.fnNumber });
    case 'lastRegistration': {
      const last = device.drive.registration;
      return row.encodeAnswer({ fdNumber: last?.fd ?? 0, at: last ? wallText(last.at) : null });
    }
    case 'lastReceipt':
      return row.encodeAnswer(documentFacts(lastDocument(device, true)));
    case 'lastDocument':
      return row.encodeAnswer(documentFacts(lastDocument(device, false)));
    case 'fnShift':
      return row.encodeAnswer({ unknown: Buffer.alloc(3), shiftNumber: device.drive.state.shift.number });
    case 'ffdVersions': {
      const { drive } = device;
      const register = drive.registration?.ffd ?? Math.max(...device.model.ffd);
      return row.encodeAnswer({ register, fn: drive.model.ffd, unknown: Buffer.alloc(4) });
    }
    case 'extendedError': {
      const { command, extended } = device.lastError;
      return row.encodeAnswer({ command, error: extended?.error ?? 0, extra: extended?.extra ?? 0 });
    }
    case 'receiptsCount': {
      const { totals } = device.drive.state;
      const closed = [...totals.receipts, ...totals.corrections].reduce(
        (sum, line) => sum + (line[COUNT] ?? 0),
        0,
      );
      return row.encodeAnswer({ count: (p1 === 1 ? data.cancelled : closed) % 10_000 });
    }
    case 'registrationParameters': {
      const last = device.drive.registration;
      return row.encodeAnswer({
        parameters: Buffer.of(last?.taxSystems ?? 0, last?.mode ?? 0, last?.extMode ?? 0),
      });
    }
    case 'legacyTotal':
    case 'legacyReregistrationsLeft':
      throw new DeviceRefusal(DEVICE_ERROR.notOnThisModel, 'register of older models');
  }
}
