/** Buyer's contact for people who need not know it: `i***@mail.ru`, `+7***67`. */
export function maskContact(contact: string): string {
  const at = contact.indexOf('@');
  if (at > 0) return `${contact.slice(0, 1)}***${contact.slice(at)}`;
  return contact.length > 6 ? `${contact.slice(0, 2)}***${contact.slice(-2)}` : '***';
}
