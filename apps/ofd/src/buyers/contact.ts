import { createHash } from 'node:crypto';

/** A buyer's contact as it is compared: `name@host` in small letters, or `+` and digits. */
export type Contact = { kind: 'email' | 'phone'; text: string };

const EMAIL = /^[^\s@<>",;:()[\]\\]{1,64}@[^\s@<>",;:()[\]\\]{1,255}$/;

/** Undefined for what is neither an e-mail nor a telephone number. A Russian number may begin with 8. */
export function readContact(given: string): Contact | undefined {
  const text = given.trim().toLowerCase();
  if (text.includes('@')) return EMAIL.test(text) && text.length <= 64 ? { kind: 'email', text } : undefined;
  const digits = text.replace(/[\s()-]/g, '');
  if (!/^\+?\d{7,15}$/.test(digits)) return undefined;
  const russian = /^8(\d{10})$/.exec(digits);
  return { kind: 'phone', text: russian ? `+7${russian[1]}` : `+${digits.replace('+', '')}` };
}

/** The contact of a receipt (tag 1008), which may be written in any way. */
export function contactHash(contact: string): Buffer {
  const text = contact.trim().toLowerCase();
  const plain = text.includes('@') ? text : `+${text.replace(/\D/g, '')}`;
  return createHash('sha256').update(plain).digest();
}
