import { nothing, struct } from '../bytes/codec';
import { ascii, bcd, bits, bytes, constant, digits, text, u8 } from '../bytes/fields';
import { momentOrNone } from '../bytes/moment';
import type { Codec } from '../bytes/codec';
import { BATTERY_LOW_BIT, DRAWER_OPEN_BIT } from '../decisions';
import { exchange, type Confidence } from './exchange';

/** Mode in the low nibble, submode in the high one: `23` is 3.2, "Z report being made". */
const modeByte = (): Codec<{ mode: number; submode: number }> => ({
  shape: {
    kind: 'struct',
    fields: [
      { name: 'mode', shape: { kind: 'uint', bytes: 1, order: 'BE', max: 15 }, optional: false },
      { name: 'submode', shape: { kind: 'uint', bytes: 1, order: 'BE', max: 15 }, optional: false },
    ],
  },
  write: (out, { mode, submode }) => out.u8(((submode & 0x0f) << 4) | (mode & 0x0f)),
  read(from) {
    const raw = from.u8();
    return { mode: raw & 0x0f, submode: raw >> 4 };
  },
});

/** Firmware version: two BCD bytes, language, build. */
const firmware = struct({ major: bcd(1), minor: bcd(1), language: u8(), build: bcd(2) });

const read = { timeoutClass: 'usual', onSilence: 'repeat-safe' } as const;
const agreed: Confidence = 'agreed';

/** Identity, state, modes, power. Sources beside each row; layouts from the atol-protocol facts 4.1 and 4.2. */
export const stateCommands = {
  /** 3F: 30 bytes beginning with 44, no 55. */
  status: exchange({
    name: 'status',
    prefix: [0x3f],
    meaning: 'State of the register: clock, flags, mode, open receipt',
    ...read,
    confidence: agreed,
    request: nothing,
    head: 'status',
    answer: struct({
      cashier: bcd(1),
      hallNumber: u8(),
      clock: momentOrNone(['YY', 'MM', 'DD', 'hh', 'mm', 'ss'], 'bcd'),
      flags: bits({
        fiscalised: 0x01,
        shiftOpen: 0x02,
        drawerOpen: DRAWER_OPEN_BIT,
        paperPresent: 0x08,
        coverOpen: 0x20,
        fnActivated: 0x40,
        batteryLow: BATTERY_LOW_BIT,
      }),
      serialNumber: digits(4),
      model: u8(),
      version: ascii(2),
      mode: modeByte(),
      receiptNumber: bcd(2),
      /** Of the last closed shift; the current one is the next. */
      closedShiftNumber: bcd(2),
      /** 0 closed, otherwise a `RECEIPT_TYPE`. */
      receiptState: u8(),
      /** BCD by two implementations, binary by two others; every other sum is BCD. */
      receiptSumKop: bcd(5),
      decimalPoint: u8(),
      /** 1 RS-232, 4 USB, 5 Bluetooth, 6 Ethernet, 7 Wi-Fi. */
      port: u8(),
    }),
  }),
  /** 45: `55 mode flags`; the byte after 55 is the mode, not an error. */
  stateCode: exchange({
    name: 'stateCode',
    prefix: [0x45],
    meaning: 'Mode, submode and printer flags; polled while a report is made',
    ...read,
    confidence: agreed,
    request: nothing,
    head: 'state',
    answer: struct({
      mode: modeByte(),
      flags: bits({
        noPaper: 0x01,
        printerLinkLost: 0x02,
        mechanicalFault: 0x04,
        cutterFault: 0x08,
        overheated: 0x10,
        printerError: 0x40,
        paperNearEnd: 0x80,
      }),
    }),
  }),
  /** A5: `err` first, no 55. */
  deviceType: exchange({
    name: 'deviceType',
    prefix: [0xa5],
    meaning: 'Protocol version, device class, model, firmware, name',
    ...read,
    confidence: agreed,
    request: nothing,
    head: 'type',
    answer: struct({
      protocolVersion: u8(),
      /** 1 = KKT. */
      deviceClass: u8(),
      /** 77 (4D) = ATOL 42FS. */
      model: u8(),
      capabilities: bytes(2),
      firmware,
      name: text(),
    }),
  }),
  versions: exchange({
    name: 'versions',
    prefix: [0x9d],
    meaning: 'Version of a part: 01 firmware, 03 boot loader, 91 internal',
    ...read,
    confidence: agreed,
    request: struct({ part: u8() }),
    head: 'ext',
    answer: firmware,
  }),
  /** The code is known from one implementation; the two answer bytes are ours. */
  lastError: exchange({
    name: 'lastError',
    prefix: [0xb3],
    meaning: 'Code of the last error',
    ...read,
    confidence: 'ours',
    request: nothing,
    head: 'ext',
    answer: struct({ error: u8(), errorExt: u8() }),
  }),
  demoPrint: exchange({
    name: 'demoPrint',
    prefix: [0x82],
    meaning: 'Demonstration print: 0 demo, 1 information, 3 run-in, 6 operator link diagnostics',
    timeoutClass: 'closing',
    onSilence: 'repeat-safe',
    confidence: agreed,
    request: struct({ begin: constant(0x01), kind: u8(), end: constant(0x00) }),
    head: 'ext',
    answer: nothing,
  }),
  /** CE 41 reboots (two or more implementations), CE 00 switches off (one). */
  power: exchange({
    name: 'power',
    prefix: [0xce],
    meaning: 'Reboot (41) or switch off (00)',
    ...read,
    confidence: agreed,
    request: struct({ action: u8() }),
    head: 'ext',
    answer: nothing,
  }),
  /** From mode 0; entering the mode one is in already is allowed (ours), from another mode the device answers 66. */
  enterMode: exchange({
    name: 'enterMode',
    prefix: [0x56],
    meaning: 'Enter a mode with an operator password',
    ...read,
    confidence: agreed,
    request: struct({ mode: u8(), password: bcd(4) }),
    head: 'ext',
    answer: nothing,
  }),
  leaveMode: exchange({
    name: 'leaveMode',
    prefix: [0x48],
    meaning: 'Leave the mode for mode 0',
    ...read,
    confidence: agreed,
    request: nothing,
    head: 'ext',
    answer: nothing,
  }),
} as const;

/** `power.action` values. */
export const POWER_ACTION = { off: 0x00, reboot: 0x41 } as const;
