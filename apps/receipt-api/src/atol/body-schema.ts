import { bodySchema, type Place } from '@kkt/domain';
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import type { ProtocolVersion } from './operations';
import type { Violation } from './violation';

const kinds: Readonly<Record<string, string>> = {
  pattern: 'PatternMismatch',
  minLength: 'StringTooShort',
  maxLength: 'StringTooLong',
  minimum: 'NumberTooSmall',
  maximum: 'NumberTooBig',
  minItems: 'TooFewItems',
  maxItems: 'TooManyItems',
  enum: 'NotInEnumeration',
  decimals: 'NumberNotMultipleOf',
};

const expected: Readonly<Record<string, string>> = {
  string: 'StringExpected',
  number: 'NumberExpected',
  integer: 'IntegerExpected',
  boolean: 'BooleanExpected',
  object: 'ObjectExpected',
  array: 'ArrayExpected',
};

/** `/receipt/items/0/sum` to `receipt.items[0].sum`. */
const dotted = (pointer: string): string =>
  pointer
    .slice(1)
    .replace(/\/(\d+)(?=\/|$)/g, '[$1]')
    .replace(/\//g, '.');

function toViolation(error: ErrorObject): Violation {
  const path = dotted(error.instancePath);
  if (error.keyword === 'required') {
    const missing = String((error.params as { missingProperty?: unknown }).missingProperty);
    return { kind: 'PropertyRequired', path: path === '' ? missing : `${path}.${missing}` };
  }
  if (error.keyword === 'type') {
    const type = (error.params as { type?: string | string[] }).type;
    return { kind: expected[(Array.isArray(type) ? type[0] : type) ?? ''] ?? 'Unknown', path };
  }
  return { kind: kinds[error.keyword] ?? 'Unknown', path };
}

/** Whether a number has at most so many digits after its point: whether it is the double of such a decimal text. */
function decimals(digits: number): (value: number) => boolean {
  const scale = 10 ** digits;
  return (value) => Math.round(value * scale) / scale === value;
}

function createAjv(): Ajv {
  const ajv = new Ajv({ allErrors: true, strict: false, ownProperties: true });
  ajv.addKeyword({ keyword: 'decimals', type: 'number', schemaType: 'number', compile: decimals });
  return ajv;
}

/** The four kinds of body, compiled once at the start. */
export class BodySchemas {
  private readonly validators: Readonly<Record<Place, ValidateFunction>>;

  constructor() {
    const ajv = createAjv();
    const compiled = (place: Place) => ajv.compile(bodySchema(place));
    this.validators = { r4: compiled('r4'), c4: compiled('c4'), r5: compiled('r5'), c5: compiled('c5') };
  }

  /** Everything the schema has against the body; empty when it fits. */
  check(body: unknown, form: 'receipt' | 'correction', version: ProtocolVersion): Violation[] {
    const validate = this.validators[`${form === 'receipt' ? 'r' : 'c'}${version}`];
    if (validate(body)) return [];
    return (validate.errors ?? []).map(toViolation);
  }
}

const credentialsSchema = {
  type: 'object',
  required: ['login', 'pass'],
  properties: {
    login: { type: 'string', pattern: '^[^\\s]+$', maxLength: 100 },
    pass: { type: 'string', minLength: 1, maxLength: 100 },
    source: { type: ['string', 'null'], pattern: '^$|^[a-zA-Z0-9_\\-@.]+$', maxLength: 100 },
  },
};

export interface Credentials {
  login: string;
  pass: string;
  source?: string | null;
}

const checkCredentials = createAjv().compile<Credentials>(credentialsSchema);

/** Clients of languages whose fields begin with a capital write `Login` and `Pass`; the names as documented win. */
function withUsualNames(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const usual = Object.entries(body).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { ...Object.fromEntries(usual), ...body };
}

/** What getToken was sent, checked by its schema. */
export function readCredentials(
  sent: unknown,
): { ok: true; credentials: Credentials } | { ok: false; violations: Violation[] } {
  const body = withUsualNames(sent);
  if (checkCredentials(body)) return { ok: true, credentials: body };
  return { ok: false, violations: (checkCredentials.errors ?? []).map(toViolation) };
}
