/** Answer codes of the FN. Source: FNS KKT–FN protocol v1.1 and four implementations that agree on them. */
export const FN_CODE = {
  ok: 0x00,
  unknownCommand: 0x01,
  wrongState: 0x02,
  failure: 0x03,
  cryptoFailure: 0x04,
  lifeOver: 0x05,
  archiveFull: 0x06,
  badTime: 0x07,
  noData: 0x08,
  badParameter: 0x09,
  wrongFfd: 0x0a,
  forbiddenRequisite: 0x0b,
  duplicate: 0x0c,
  missingData: 0x0d,
  tlvTooLong: 0x10,
  noTransport: 0x11,
  keyResourceUsedUp: 0x12,
  ofdStorageFull: 0x14,
  unsentTooLong: 0x15,
  shiftTooLong: 0x16,
  clockDifference: 0x17,
  badRequisite: 0x18,
  notAsRegistered: 0x19,
  ofdAnswerRefused: 0x20,
  markingOrder: 0x33,
  markTableFull: 0x35,
} as const;

/** Reasons that follow code 20 (ours for plain containers; the FNS text gives such a list for marking answers only). */
export const OFD_ANSWER_REASON = {
  badSign: 1,
  badRequisites: 2,
  wrongDocument: 3,
  wrongFn: 4,
  badCrc: 5,
  refusedByOperator: 6,
  badLength: 7,
} as const;

/** The FN says no: `code` is the answer code, `data` what follows it. Nothing was written. */
export class FnRefusal extends Error {
  constructor(
    readonly code: number,
    readonly why: string,
    readonly data: Buffer = Buffer.alloc(0),
  ) {
    super(`FN refused with code ${code.toString(16).padStart(2, '0')}: ${why}`);
    this.name = 'FnRefusal';
  }
}
