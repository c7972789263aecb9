import { nothing, optional, struct } from '../bytes/codec';
import { ascii, bytes, counted, u16le, u32le, u8 } from '../bytes/fields';
import { fnDateTime, fnDateTimeOrNone } from '../bytes/moment';
import { fnExchange } from './fn-exchange';

/**
 * OURS. What this file holds is a convention between this project's driver and this project's emulator.
 *
 * 1. Registration, re-registration and closing of the archive. The device has its own commands for them (a public log
 *    reader names 62 and A6 "activation" and A7 "closing of the FN archive"), but their parameters are not public. We
 *    drive the FN's own commands through A4: 02 → 07… → 03 by FFD 1.05, A2 → 07… → A3 by FFD 1.1 and later, and
 *    04 → 07… → 05 to close. Byte layouts of 02–07 are official; of A2 and A3 known from public FN models; that real
 *    firmware lets writing FN commands through A4 is NOT known. A real module is registered with its maker's tool.
 * 2. Marking, B0–BF. Codes are public, layouts are those of one public FN 1.2 model and are kept whole here.
 */
const ours = { confidence: 'ours' } as const;
const making = { ...ours, onSilence: 'ask-device', timeoutClass: 'closing' } as const;

export const oursCommands = {
  /** A2: `type` as in 02, `ffdVersion` as in tag 1209 (3 = 1.1, 4 = 1.2). */
  startRegistrationFfd11: fnExchange({
    code: 0xa2,
    name: 'startRegistrationFfd11',
    meaning: 'Begin a (re)registration report, FFD 1.1 and later',
    ...ours,
    onSilence: 'ask-device',
    request: struct({ type: u8(), ffdVersion: u8() }),
    answer: nothing,
  }),
  finishRegistrationFfd11: fnExchange({
    code: 0xa3,
    name: 'finishRegistrationFfd11',
    meaning: 'Finish the (re)registration report, FFD 1.1 and later',
    ...making,
    request: struct({
      at: fnDateTime(),
      inn: ascii(12),
      registrationNumber: ascii(20),
      taxSystems: u8(),
      workMode: u8(),
      extendedMode: u8(),
      ofdInn: ascii(12),
      /** Tag 1205; absent at the first registration. */
      reasons: optional(u32le()),
    }),
    answer: struct({ fdNumber: u32le(), fiscalSign: u32le() }),
  }),
  markingState: fnExchange({
    code: 0xb0,
    name: 'markingState',
    meaning: 'State of marking code work',
    ...ours,
    request: struct({ detail: u8() }),
    answer: struct({
      checkState: u8(),
      notificationState: u8(),
      flags: u8(),
      savedCodes: u8(),
      codesInNotification: u8(),
      fill: u8(),
      notificationsQueued: u16le(),
      gap: u8(),
    }),
  }),
  /** B1: local check by the FN's keys; reason 0 checked, 1 kind not checkable, 2 no key, 3 no AI 91/92, 4 other. */
  checkMark: fnExchange({
    code: 0xb1,
    name: 'checkMark',
    meaning: 'Give the FN a marking code for the local check',
    ...ours,
    request: struct({ kind: u8(), code: counted(1) }),
    answer: struct({ result: u8(), reason: u8() }),
  }),
  keepMark: fnExchange({
    code: 0xb2,
    name: 'keepMark',
    meaning: 'Keep (1) or drop (0) the result of the check; answers the result for tag 2106',
    ...ours,
    onSilence: 'ask-device',
    request: struct({ keep: u8() }),
    answer: struct({ result: optional(u8()) }),
  }),
  clearMarks: fnExchange({
    code: 0xb3,
    name: 'clearMarks',
    meaning: 'Forget all kept results',
    ...ours,
    request: nothing,
    answer: nothing,
  }),
  makeMarkRequest: fnExchange({
    code: 0xb5,
    name: 'makeMarkRequest',
    meaning: 'Build the request to the marking system (document 81)',
    ...ours,
    request: struct({ at: fnDateTime(), tlv: bytes() }),
    answer: struct({ request: bytes() }),
  }),
  putMarkAnswer: fnExchange({
    code: 0xb6,
    name: 'putMarkAnswer',
    meaning: 'Give the FN the answer of the marking system (document 83)',
    ...ours,
    request: struct({ answer: bytes() }),
    answer: struct({ result: u8() }),
  }),
  sendNotificationData: fnExchange({
    code: 0xb7,
    name: 'sendNotificationData',
    meaning: 'Pass TLV of the notification about sold marked goods',
    ...ours,
    onSilence: 'ask-device',
    request: struct({ part: u8(), tlv: bytes() }),
    answer: nothing,
  }),
  notificationStatus: fnExchange({
    code: 0xba,
    name: 'notificationStatus',
    meaning: 'Queue of notifications for the marking system',
    ...ours,
    request: nothing,
    answer: struct({
      state: u8(),
      queued: u16le(),
      firstNumber: u32le(),
      firstAt: fnDateTimeOrNone(),
      fillPercent: u8(),
    }),
  }),
  startNotification: fnExchange({
    code: 0xbb,
    name: 'startNotification',
    meaning: 'Begin reading the next notification; answers its length',
    ...ours,
    request: nothing,
    answer: struct({ length: u16le() }),
  }),
  readNotificationBlock: fnExchange({
    code: 0xbc,
    name: 'readNotificationBlock',
    meaning: 'Read a block of the notification',
    ...ours,
    request: struct({ offset: u16le(), length: u16le() }),
    answer: struct({ block: bytes() }),
  }),
  cancelNotification: fnExchange({
    code: 0xbd,
    name: 'cancelNotification',
    meaning: 'Stop reading the notification; it stays in the queue',
    ...ours,
    request: nothing,
    answer: nothing,
  }),
  finishNotification: fnExchange({
    code: 0xbe,
    name: 'finishNotification',
    meaning: 'The notification is read whole',
    ...ours,
    request: nothing,
    answer: nothing,
  }),
  putNotificationReceipt: fnExchange({
    code: 0xbf,
    name: 'putNotificationReceipt',
    meaning: 'Give the FN the receipt of the marking system (document 84)',
    ...ours,
    request: struct({ receipt: bytes() }),
    answer: nothing,
  }),
} as const;
