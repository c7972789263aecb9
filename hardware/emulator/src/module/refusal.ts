import { deviceErrorOfFn } from '@kkt/atol-protocol';
import type { FnRefusal } from '../fn/refusal';

/** Device error codes the module uses. Source: atol-protocol facts, tables of two independent implementations. */
export const DEVICE_ERROR = {
  badSum: 0x08,
  badQuantity: 0x0a,
  badFormat: 0x13,
  badLength: 0x14,
  checkDateTime: 0x1f,
  wrongMode: 0x66,
  badReceiptType: 0x6a,
  badRegister: 0x6c,
  nonCashOverTotal: 0x71,
  paymentsBelowTotal: 0x72,
  operationUnfinished: 0x76,
  notOnThisModel: 0x7a,
  badPaymentType: 0x7e,
  shiftOver24h: 0x88,
  badPassword: 0x8c,
  badTable: 0x91,
  badDate: 0x94,
  badTime: 0x95,
  changeImpossible: 0x97,
  notEnoughCash: 0x98,
  receiptClosed: 0x9a,
  receiptOpen: 0x9b,
  shiftOpen: 0x9c,
  reregistrationsUsedUp: 0x9f,
  badReportType: 0xa3,
  badRnm: 0xa6,
  badInn: 0xa7,
  notFiscalised: 0xa8,
  lastDocumentNotClosed: 0xaa,
  fnExchange: 0xd2,
  fnBadFormat: 0xd3,
  taxOverSum: 0xdf,
  ofdMessageRejected: 0xec,
  seeRegister55: 0xee,
  badCommand: 0xf2,
  tooManyPositions: 0xf3,
  receiptTooLarge: 0xf6,
} as const;

/** Extended codes of register 55, asked for after error EE. One implementation lists them. */
export const EXTENDED_ERROR = {
  severalRegistrationsInCorrection: 0x0101,
  badTaxSystem: 0x0103,
  badTaxNumber: 0x0104,
  badPaymentMethod: 0x0105,
  attributeRepeated: 0x0201,
  attributeForbidden: 0x0202,
  badAttributes: 0x0205,
  attributeMissing: 0x0206,
  itemNotBegun: 0x0207,
  receiptAttributeInItem: 0x0208,
} as const;

/** The module says no: `55 code ext`; `extended` goes to register 55. */
export class DeviceRefusal extends Error {
  constructor(
    readonly code: number,
    readonly why: string,
    readonly ext = 0,
    readonly extended?: { error: number; extra: number },
  ) {
    super(`device refused with ${code.toString(16)}: ${why}`);
    this.name = 'DeviceRefusal';
  }
}

/** A refusal explained by register 55; `extra` is the tag concerned. */
export const extendedRefusal = (error: number, why: string, extra = 0): DeviceRefusal =>
  new DeviceRefusal(DEVICE_ERROR.seeRegister55, why, 0, { error, extra });

/** How the KKT passes on what its FN refused; the reason of code 20 goes into ext. */
export const deviceRefusalOf = (refusal: FnRefusal): DeviceRefusal =>
  new DeviceRefusal(deviceErrorOfFn(refusal.code), refusal.message, refusal.data[0] ?? 0);
