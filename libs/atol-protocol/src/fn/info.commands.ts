import { nothing, struct } from '../bytes/codec';
import { ascii, bits, bytes, u16le, u32le, u8 } from '../bytes/fields';
import { fnDateOrNone, fnDateTime, fnDateTimeOrNone } from '../bytes/moment';
import { fnExchange } from './fn-exchange';

/** What the FN says of itself. Answer sizes of 10, 20, 30–33 agree with clients of real modules. */
export const infoCommands = {
  fnStatus: fnExchange({
    code: 0x30,
    name: 'fnStatus',
    meaning: 'Life phase, document being made, shift, warnings, last document',
    confidence: 'agreed',
    request: nothing,
    answer: struct({
      /** One of `FN_PHASE`. */
      phase: u8(),
      /** One of `FN_DOCUMENT`, 0 none. */
      currentDocument: u8(),
      hasDocumentData: u8(),
      shiftOpen: u8(),
      warnings: bits({
        replaceUrgently: 0x01,
        resourceEnding: 0x02,
        memoryNearlyFull: 0x04,
        confirmationOverdue: 0x08,
        controlFailed: 0x10,
        settingsNeeded: 0x20,
        operatorClosed: 0x40,
        critical: 0x80,
      }),
      lastDocumentAt: fnDateTimeOrNone(),
      fnNumber: ascii(16),
      lastFdNumber: u32le(),
    }),
  }),
  fnNumber: fnExchange({
    code: 0x31,
    name: 'fnNumber',
    meaning: 'FN number (tag 1041)',
    confidence: 'agreed',
    request: nothing,
    answer: struct({ fnNumber: ascii(16) }),
  }),
  validity: fnExchange({
    code: 0x32,
    name: 'validity',
    meaning: 'Last day of the FN, registrations left and done',
    confidence: 'agreed',
    request: nothing,
    answer: struct({ validTo: fnDateOrNone(), registrationsLeft: u8(), registrationsDone: u8() }),
  }),
  fnVersion: fnExchange({
    code: 0x33,
    name: 'fnVersion',
    meaning: 'Firmware of the FN; kind 0 debug, 1 serial',
    confidence: 'agreed',
    request: nothing,
    answer: struct({ version: ascii(16), kind: u8() }),
  }),
  lastFnErrors: fnExchange({
    code: 0x35,
    name: 'lastFnErrors',
    meaning: "The FN's record of its last errors, for its maker",
    request: nothing,
    answer: struct({ record: bytes() }),
  }),
  /** 3A, 3B, 3D and 3F: FN 1.2, layouts by a public FN model. */
  ffdVersions: fnExchange({
    code: 0x3a,
    name: 'ffdVersions',
    meaning: 'FFD version of the registration and the highest the FN can (values of tag 1209)',
    confidence: 'single',
    request: nothing,
    answer: struct({ registered: u8(), supported: u8() }),
  }),
  daysLeft: fnExchange({
    code: 0x3b,
    name: 'daysLeft',
    meaning: 'Days of life left at a moment',
    confidence: 'single',
    request: struct({ at: fnDateTime() }),
    answer: struct({ days: u16le() }),
  }),
  resources: fnExchange({
    code: 0x3d,
    name: 'resources',
    meaning:
      'Documents left in the five-year archive, free KiB of the 30-day area, fill of the notification store',
    confidence: 'single',
    request: nothing,
    answer: struct({ documentsLeft: u32le(), freeKib: u32le(), notificationsFillPercent: u8() }),
  }),
  execution: fnExchange({
    code: 0x3f,
    name: 'execution',
    meaning: 'Name of the FN execution',
    confidence: 'single',
    request: nothing,
    answer: struct({ name: ascii(48) }),
  }),
  /** 60: debug FN only; 22 returns it to the factory state. */
  debugReset: fnExchange({
    code: 0x60,
    name: 'debugReset',
    meaning: 'Reset a debug FN',
    onSilence: 'ask-device',
    request: struct({ code: u8() }),
    answer: nothing,
  }),
} as const;

/** `debugReset.code` that erases a debug FN. */
export const DEBUG_RESET_CODE = 0x16;

/** Life phases (command 30); a mask: bit 0 set up, 1 fiscal mode, 2 closed, 3 everything sent. */
export const FN_PHASE = { setup: 0x00, ready: 0x01, fiscal: 0x03, closed: 0x07, archiveOnly: 0x0f } as const;

/** Document codes of 30, 40 and 50. */
export const FN_DOCUMENT = {
  none: 0x00,
  registration: 0x01,
  shiftOpening: 0x02,
  receipt: 0x04,
  shiftClosing: 0x08,
  closing: 0x10,
  bso: 0x11,
  fnChange: 0x12,
  reregistration: 0x13,
  correction: 0x14,
  bsoCorrection: 0x15,
  settlementsReport: 0x17,
} as const;
