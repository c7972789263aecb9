/** Names of fields and query parameters whose values never reach a log. */
const secretNames = [
  'token',
  'tokenid',
  'pass',
  'password',
  'secret',
  'authorization',
  'cookie',
  'set-cookie',
  'login',
];

const inQuery = new RegExp(`([?&;](?:${secretNames.join('|')})=)[^&#\\s]*`, 'gi');

/** Paths for a structured logger (pino's `redact`): secrets at the top level and one or two levels down. */
export const redactPaths: readonly string[] = secretNames.flatMap((name) => {
  const key = /^\w+$/.test(name) ? name : undefined;
  return key ? [key, `*.${key}`, `*.*.${key}`] : [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`];
});

/** An address as a log may hold it: values of secret query parameters are replaced. */
export const redactUrl = (url: string): string => url.replace(inQuery, '$1***');

/** Buyer's contact for people who need not know it: `i***@mail.ru`, `+7***67`. */
export function maskContact(contact: string): string {
  const at = contact.indexOf('@');
  if (at > 0) return `${contact.slice(0, 1)}***${contact.slice(at)}`;
  return contact.length > 6 ? `${contact.slice(0, 2)}***${contact.slice(-2)}` : '***';
}
