/**
 * Places where implementations disagree or say nothing, decided once. Each constant names its rivals; a bench with a
 * real module changes the decision here and nowhere else.
 */

/** Status 3F, flags bit 2: one implementation reads 1 as open, another 0 (with an option to invert). */
export const DRAWER_OPEN_BIT = 0x04;
/** Status 3F, flags bit 7: one implementation reads 1 as a bad battery, another's comment as voltage present. */
export const BATTERY_LOW_BIT = 0x80;

/** Command 92: 04 by two implementations, 02 by one. We send 04; a device model should take either as "do not print". */
export const RECEIPT_FLAG = { test: 0x01, doNotPrintOther: 0x02, doNotPrint: 0x04 } as const;

/**
 * Receipt types of 92, of 3F and of registers 51 and 52. 1, 2, 4, 5, 7, 9 are agreed; 8 and 10 follow the driver's
 * numbering (one implementation calls 10 an income refund).
 */
export const RECEIPT_TYPE = {
  sale: 1,
  saleReturn: 2,
  purchase: 4,
  purchaseReturn: 5,
  saleCorrection: 7,
  saleReturnCorrection: 8,
  purchaseCorrection: 9,
  purchaseReturnCorrection: 10,
} as const;

/** Payment types of 99 and 4A. */
export const PAYMENT_TYPE = { cash: 1, electronic: 2, prepaid: 3, credit: 4, other: 5 } as const;

/** Modes of 56 and 45. */
export const DEVICE_MODE = {
  choice: 0,
  registration: 1,
  reports: 2,
  closingReports: 3,
  programming: 4,
  fiscalMemory: 5,
  fnAccess: 6,
  additional: 7,
} as const;

/** Factory password of the system administrator; cashiers 1..28 have their own number, the administrator 29. */
export const SYSTEM_ADMINISTRATOR_PASSWORD = 30;
