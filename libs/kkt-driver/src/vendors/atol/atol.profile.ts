import { RECEIPT_TYPE } from '@kkt/atol-protocol';
import type { ReceiptContent, VatCode } from '@kkt/contracts';

/**
 * What differs between models and firmware of ATOL devices and is not told by the device. The defaults are those of an
 * ATOL 42FS with firmware of FFD 1.2.
 */
export interface AtolProfile {
  /**
   * Tax number of command EB by VAT code (tag 1199). Newer firmware takes the codes of the tag themselves, older firmware
   * has its own list (1 = 0 %, 2 = 10 %, 3 = 20 %, 4 = none): atol-protocol facts, sources differ by build.
   */
  taxNumbers: Readonly<Partial<Record<VatCode, number>>>;
  /**
   * Largest block of command E8 in bytes. No public figure for v3: ours, the size the FN takes at a time (FNS KKT–FN
   * protocol v1.1, command 07).
   */
  maxBlockBytes: number;
  /** Several requisites may go in one E8. Ours: public clients send one each, the command's layout does not forbid more. */
  groupsAttributes: boolean;
  /** Largest block of the FN's message to the operator read at once. Ours. */
  messageBlockBytes: number;
}

export const ATOL_42FS: AtolProfile = {
  taxNumbers: { 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7, 8: 8, 9: 9, 10: 10, 11: 11, 12: 12 },
  maxBlockBytes: 1000,
  groupsAttributes: true,
  messageBlockBytes: 1000,
};

/** Transport v2 carries 255 bytes a message, command and password included. */
export const ATOL_42FS_V2: AtolProfile = { ...ATOL_42FS, maxBlockBytes: 200, messageBlockBytes: 200 };

const RECEIPTS = [
  RECEIPT_TYPE.sale,
  RECEIPT_TYPE.saleReturn,
  RECEIPT_TYPE.purchase,
  RECEIPT_TYPE.purchaseReturn,
] as const;
const CORRECTIONS = [
  RECEIPT_TYPE.saleCorrection,
  RECEIPT_TYPE.saleReturnCorrection,
  RECEIPT_TYPE.purchaseCorrection,
  RECEIPT_TYPE.purchaseReturnCorrection,
] as const;

/** Type of command 92 by form and settlement sign (tag 1054). */
export const receiptTypeOf = ({ form, sign }: Pick<ReceiptContent, 'form' | 'sign'>): number =>
  (form === 'receipt' ? RECEIPTS : CORRECTIONS)[sign - 1] ?? RECEIPT_TYPE.sale;
