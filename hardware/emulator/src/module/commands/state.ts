import { COMMANDS, DEVICE_MODE, POWER_ACTION, SYSTEM_ADMINISTRATOR_PASSWORD } from '@kkt/atol-protocol';
import { wallText } from '../../wall-time';
import { on } from '../command-handler';
import type { KktDevice } from '../kkt-device';
import { DEVICE_ERROR, DeviceRefusal } from '../refusal';

const FIRMWARE_PART = 0x01;
const BOOT_PART = 0x03;
const INTERNAL_PART = 0x91;
const ADMINISTRATOR = 29;
const LAST_CASHIER = 28;
/** Byte 29 of 3F: the module's own link is USB. */
const PORT_USB = 4;

/** Whose password it is may enter which modes: cashiers 1..28 registration, 29 reports too, 30 everything. */
function mayEnter(operator: number, mode: number): boolean {
  if (operator === SYSTEM_ADMINISTRATOR_PASSWORD) return true;
  if (operator === ADMINISTRATOR) return mode <= DEVICE_MODE.closingReports;
  return operator >= 1 && operator <= LAST_CASHIER && mode === DEVICE_MODE.registration;
}

const statusFlags = (device: KktDevice) => {
  const state = device.fn?.drive.state;
  return {
    fiscalised: (state?.registrations.length ?? 0) > 0,
    shiftOpen: state?.shift.open ?? false,
    drawerOpen: false,
    paperPresent: true,
    coverOpen: false,
    fnActivated: state !== undefined && state.phase !== 1,
    batteryLow: false,
  };
};

export const stateHandlers = [
  on(COMMANDS.status, (device) => {
    const state = device.fn?.drive.state;
    const shift = state?.shift;
    const { receipt } = device;
    return {
      cashier: device.cashier,
      hallNumber: 1,
      clock: wallText(device.now()),
      flags: statusFlags(device),
      serialNumber: device.options.serial.slice(-8),
      model: device.model.code,
      version: `${device.model.firmware.major % 10}${device.model.firmware.minor % 10}`,
      mode: { mode: device.mode, submode: device.submode },
      receiptNumber: (shift?.receipts ?? 0) % 10_000,
      closedShiftNumber: ((shift?.open ? shift.number - 1 : shift?.number) ?? 0) % 10_000,
      receiptState: receipt?.type ?? 0,
      receiptSumKop: receipt?.itemsSumKop ?? 0,
      decimalPoint: 2,
      port: PORT_USB,
    };
  }),
  on(COMMANDS.stateCode, (device) => ({
    mode: { mode: device.mode, submode: device.submode },
    flags: {
      noPaper: false,
      printerLinkLost: false,
      mechanicalFault: false,
      cutterFault: false,
      overheated: false,
      printerError: false,
      paperNearEnd: false,
    },
  })),
  on(COMMANDS.deviceType, (device) => ({
    protocolVersion: 1,
    deviceClass: 1,
    model: device.model.code,
    capabilities: Buffer.of(0, 0),
    firmware: device.model.firmware,
    name: device.model.name,
  })),
  on(COMMANDS.versions, (device, { part }) => {
    if (part === FIRMWARE_PART || part === INTERNAL_PART) return device.model.firmware;
    if (part === BOOT_PART) return device.model.bootloader;
    throw new DeviceRefusal(DEVICE_ERROR.badFormat, `no part ${part}`);
  }),
  on(COMMANDS.lastError, (device) => ({ error: device.lastError.code, errorExt: device.lastError.ext })),
  on(COMMANDS.demoPrint, () => ({})),
  on(COMMANDS.power, (device, { action }) => {
    if (action !== POWER_ACTION.off && action !== POWER_ACTION.reboot) {
      throw new DeviceRefusal(DEVICE_ERROR.badFormat, `no power action ${action}`);
    }
    device.powerRequest = action === POWER_ACTION.reboot ? 'reboot' : 'off';
    return {};
  }),
  on(COMMANDS.enterMode, (device, { mode, password }) => {
    if (mode < DEVICE_MODE.registration || mode > DEVICE_MODE.additional) {
      throw new DeviceRefusal(DEVICE_ERROR.badFormat, `no mode ${mode}`);
    }
    if (!mayEnter(password, mode))
      throw new DeviceRefusal(DEVICE_ERROR.badPassword, 'password of the operator');
    // A host that comes back to a module left in this mode enters it again; from another mode the way leads through 0.
    if (device.mode !== DEVICE_MODE.choice && device.mode !== mode) {
      throw new DeviceRefusal(DEVICE_ERROR.wrongMode, `mode ${device.mode}`);
    }
    if (device.mode === mode) {
      device.cashier = password;
      return {};
    }
    device.mode = mode;
    device.submode = 0;
    device.cashier = password;
    device.reportAttributes = [];
    device.assembler.reset();
    return {};
  }),
  on(COMMANDS.leaveMode, (device) => {
    if (device.receipt) throw new DeviceRefusal(DEVICE_ERROR.receiptOpen, 'a receipt is open');
    device.mode = DEVICE_MODE.choice;
    device.submode = 0;
    return {};
  }),
];
