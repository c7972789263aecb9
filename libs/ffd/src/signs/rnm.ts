import { FarmError } from '@kkt/contracts';
import { crc16 } from './crc16';

/**
 * Checksum of a KKT registration number: CRC-16/CCITT-FALSE over order number (10), INN (12) and factory number (20),
 * each padded with zeros on the left. Verified on two public registrations, see the tests.
 */
export function rnmCheck(order: string | number, inn: string, factoryNumber: string): number {
  const source = pad(String(order), 10) + pad(inn, 12) + pad(factoryNumber, 20);
  return crc16(Buffer.from(source, 'latin1'));
}

function pad(text: string, length: number): string {
  if (text.length > length) {
    throw new FarmError('CLIENT-RNM-PART', `Longer than ${length} characters`, { length: text.length });
  }
  return text.padStart(length, '0');
}

/** Registration number (tag 1037), 16 digits: order number and six digits of checksum. */
export function makeRnm(order: string | number, inn: string, factoryNumber: string): string {
  return pad(String(order), 10) + String(rnmCheck(order, inn, factoryNumber)).padStart(6, '0');
}

/** Whether the number may be a registration number at all: 16 digits, the last six a 16-bit checksum. */
export const looksLikeRnm = (rnm: string): boolean => /^\d{16}$/.test(rnm) && Number(rnm.slice(10)) <= 0xffff;

/** Whether the registration number was given to this taxpayer and this device. */
export function isRnmFor(rnm: string, inn: string, factoryNumber: string): boolean {
  if (!looksLikeRnm(rnm) || inn.length > 12 || factoryNumber.length > 20) return false;
  return Number(rnm.slice(10)) === rnmCheck(rnm.slice(0, 10), inn, factoryNumber);
}
