import { createHmac, hkdfSync } from 'node:crypto';

/** Buyer's contact for people who need not know it: `i***@mail.ru`, `+7***67`. */
export function maskContact(contact: string): string {
  const at = contact.indexOf('@');
  if (at > 0) return `${contact.slice(0, 1)}***${contact.slice(at)}`;
  return contact.length > 6 ? `${contact.slice(0, 2)}***${contact.slice(-2)}` : '***';
}

/** A contact as it is compared: addresses in lower case, phones as digits with their country. */
export function normalContact(contact: string): string {
  const text = contact.trim().toLowerCase();
  if (text.includes('@')) return text;
  const digits = text.replace(/\D/g, '');
  return /^8\d{10}$/.test(digits) ? `7${digits.slice(1)}` : digits;
}

/** The key of contacts' hashes, of this purpose only. */
export const contactKey = (secretKey: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', secretKey, '', 'buyer contacts v1', 32));

/** A contact as it is stored for searching: 16 bytes that tell nothing without the key. */
export const contactHash = (key: Buffer, contact: string): Buffer =>
  createHmac('sha256', key).update(normalContact(contact)).digest().subarray(0, 16);
