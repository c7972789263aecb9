import { nothing, optional, struct } from '../bytes/codec';
import { ascii, bytes, u16le, u32le, u8, uintLe } from '../bytes/fields';
import { fnDateOrNone, fnDateTime } from '../bytes/moment';
import { fnExchange } from './fn-exchange';

/** FD number (tag 1040) and fiscal sign (tag 1077, the printed number): what the FN answers to a finished document. */
const signed = { fdNumber: u32le(), fiscalSign: u32le() };

const making = { onSilence: 'ask-device', timeoutClass: 'closing' } as const;

/**
 * Documents of the FN: begin, data (07), finish. Whether real firmware lets writing commands through A4 is not known;
 * see `ours.ts`. Codes 11, 13, 15, 17 and 18 take the date and time by two public FN models.
 */
export const documentCommands = {
  /** 02: 0 registration, 1 with a change of FN, 2 without it. */
  startRegistration: fnExchange({
    code: 0x02,
    name: 'startRegistration',
    meaning: 'Begin a (re)registration report, FFD 1.0 and 1.05',
    onSilence: 'ask-device',
    request: struct({ type: u8() }),
    answer: nothing,
  }),
  finishRegistration: fnExchange({
    code: 0x03,
    name: 'finishRegistration',
    meaning: 'Finish the (re)registration report',
    ...making,
    request: struct({
      at: fnDateTime(),
      inn: ascii(12),
      registrationNumber: ascii(20),
      taxSystems: u8(),
      workMode: u8(),
      reason: optional(u8()),
    }),
    answer: struct(signed),
  }),
  startClosing: fnExchange({
    code: 0x04,
    name: 'startClosing',
    meaning: 'Begin closing of the fiscal mode',
    onSilence: 'ask-device',
    request: nothing,
    answer: nothing,
  }),
  finishClosing: fnExchange({
    code: 0x05,
    name: 'finishClosing',
    meaning: 'Close the fiscal mode (archive) for ever',
    ...making,
    request: struct({ at: fnDateTime(), registrationNumber: ascii(20) }),
    answer: struct(signed),
  }),
  cancelDocument: fnExchange({
    code: 0x06,
    name: 'cancelDocument',
    meaning: 'Cancel the document being made',
    request: nothing,
    answer: nothing,
  }),
  sendDocumentData: fnExchange({
    code: 0x07,
    name: 'sendDocumentData',
    meaning: 'Pass TLV of the document being made, up to 1 KiB at a time',
    onSilence: 'ask-device',
    request: struct({ tlv: bytes() }),
    answer: nothing,
  }),
  shiftState: fnExchange({
    code: 0x10,
    name: 'shiftState',
    meaning: 'Is a shift open, its number, receipts in it',
    confidence: 'agreed',
    request: nothing,
    answer: struct({ open: u8(), shiftNumber: u16le(), receiptNumber: u16le() }),
  }),
  startShiftOpening: fnExchange({
    code: 0x11,
    name: 'startShiftOpening',
    meaning: 'Begin the shift opening report',
    onSilence: 'ask-device',
    request: struct({ at: fnDateTime() }),
    answer: nothing,
  }),
  finishShiftOpening: fnExchange({
    code: 0x12,
    name: 'finishShiftOpening',
    meaning: 'Open the shift',
    ...making,
    request: nothing,
    answer: struct({ shiftNumber: u16le(), ...signed }),
  }),
  startShiftClosing: fnExchange({
    code: 0x13,
    name: 'startShiftClosing',
    meaning: 'Begin the shift closing report',
    onSilence: 'ask-device',
    request: struct({ at: fnDateTime() }),
    answer: nothing,
  }),
  finishShiftClosing: fnExchange({
    code: 0x14,
    name: 'finishShiftClosing',
    meaning: 'Close the shift',
    ...making,
    request: nothing,
    answer: struct({ shiftNumber: u16le(), ...signed }),
  }),
  startReceipt: fnExchange({
    code: 0x15,
    name: 'startReceipt',
    meaning: 'Begin a receipt',
    onSilence: 'ask-device',
    request: struct({ at: fnDateTime() }),
    answer: nothing,
  }),
  /** Finishes a correction (17) too. `sign` is tag 1054. */
  finishReceipt: fnExchange({
    code: 0x16,
    name: 'finishReceipt',
    meaning: 'Make the receipt: settlement sign and total',
    ...making,
    request: struct({ at: fnDateTime(), sign: u8(), totalKop: uintLe(5) }),
    answer: struct({ receiptNumber: u16le(), ...signed }),
  }),
  startCorrection: fnExchange({
    code: 0x17,
    name: 'startCorrection',
    meaning: 'Begin a correction receipt; finished by 16',
    onSilence: 'ask-device',
    request: struct({ at: fnDateTime() }),
    answer: nothing,
  }),
  startSettlementsReport: fnExchange({
    code: 0x18,
    name: 'startSettlementsReport',
    meaning: 'Begin the settlements state report',
    onSilence: 'ask-device',
    request: struct({ at: fnDateTime() }),
    answer: nothing,
  }),
  finishSettlementsReport: fnExchange({
    code: 0x19,
    name: 'finishSettlementsReport',
    meaning: 'Make the settlements state report',
    ...making,
    request: nothing,
    answer: struct({ ...signed, unconfirmedCount: u32le(), oldestUnconfirmed: fnDateOrNone() }),
  }),
} as const;
