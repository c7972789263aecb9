/** Names of fields whose values never reach a log: secrets, and contacts of buyers and staff (152-FZ). */
const removedNames: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'set-cookie',
  'token',
  'tokenid',
  'token_hash',
  'tokenhash',
  'pass',
  'password',
  'password_hash',
  'passwordhash',
  'secret',
  'secret_key',
  'secretkey',
  'api_key',
  'apikey',
  'email',
  'phone',
  'phones',
  'payingphones',
  'receivephones',
  'birthdate',
  'documentdata',
  'document_data',
]);

export const removedMark = '[removed]';

const maxDepth = 6;
const maxTextLength = 4_000;

const secretParameter = /([?&](?:token|tokenid|pass|password|secret|login|key)=)[^&\s"']*/gi;
const urlCredentials = /(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s:@"']*:[^/\s@"']*@/gi;
const emailAddress = /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}/g;
const phoneNumber = /\+\d(?:[\s()-]{0,2}\d){9,14}/g;

/** Takes secrets in URLs, e-mail addresses and international phone numbers out of a sentence. */
export function scrubText(text: string): string {
  let clean = text.length > maxTextLength ? `${text.slice(0, maxTextLength)}…` : text;
  if (clean.includes('=')) clean = clean.replace(secretParameter, `$1${removedMark}`);
  if (clean.includes('://')) clean = clean.replace(urlCredentials, `$1${removedMark}@`);
  if (clean.includes('@')) clean = clean.replace(emailAddress, removedMark);
  if (clean.includes('+')) clean = clean.replace(phoneNumber, removedMark);
  return clean;
}

/** A copy of log fields without what must not be logged, at any depth that is logged. */
export function scrubFields(fields: object): Record<string, unknown> {
  return scrubObject(fields, 0);
}

function scrubObject(value: object, depth: number): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value))
    clean[name] = removedNames.has(name.toLowerCase()) ? removedMark : scrub(inner, depth + 1);
  return clean;
}

function scrub(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return scrubText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return scrubError(value, depth);
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= maxDepth) return '[deeper]';
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => scrub(item, depth + 1));
  return scrubObject(value, depth);
}

function scrubError(error: Error, depth: number): Record<string, unknown> {
  const { code, context } = error as { code?: unknown; context?: unknown };
  return {
    name: error.name,
    message: scrubText(error.message),
    ...(code !== undefined && { code: scrub(code, depth) }),
    ...(typeof context === 'object' && context !== null && { context: scrub(context, depth + 1) }),
    ...(error.stack !== undefined && { stack: scrubText(error.stack) }),
    ...(error.cause !== undefined && depth < maxDepth && { cause: scrub(error.cause, depth + 1) }),
  };
}
