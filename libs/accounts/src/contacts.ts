import { FarmError } from '@kkt/contracts';

const refuse = (field: string, rule: string): never => {
  throw new FarmError('CLIENT-CONTACT', rule, { field });
};

/**
 * A Russian mobile or city number as people type it, to E.164: `8 (912) 345-67-89` is `+79123456789`. Numbers of
 * other countries are taken with their `+`.
 * @throws FarmError CLIENT-CONTACT
 */
export function normalPhone(typed: string): string {
  const text = typed.trim();
  if (!/^\+?[\d\s().-]+$/.test(text)) refuse('phone', 'Телефон: цифры, пробелы, скобки и дефис');
  const digits = text.replace(/\D/g, '');
  const full = text.startsWith('+')
    ? digits
    : digits.length === 11 && /^[78]/.test(digits)
      ? `7${digits.slice(1)}`
      : digits.length === 10
        ? `7${digits}`
        : refuse('phone', 'Телефон: 10 цифр после +7');
  if (full.startsWith('7') ? full.length !== 11 : full.length < 8 || full.length > 15)
    refuse('phone', 'Телефон: 10 цифр после +7');
  return `+${full}`;
}

/** @throws FarmError CLIENT-CONTACT */
export function normalEmail(typed: string): string {
  const email = typed.trim().toLowerCase();
  if (
    email.length > 254 ||
    !/^[^\s@<>",;:()[\]\\]{1,64}@[^\s@<>",;:()[\]\\]{1,189}\.[^\s@<>",;:()[\]\\.]{2,63}$/.test(email)
  )
    refuse('email', 'Адрес электронной почты в виде name@example.ru');
  return email;
}

/** A login is an e-mail or a phone number: both lead to the same account. Anything else is taken as it is. */
export function normalLogin(typed: string): string {
  const text = typed.trim();
  if (text.includes('@')) return text.toLowerCase();
  try {
    return /^[+\d]/.test(text) ? normalPhone(text) : text;
  } catch {
    return text;
  }
}
