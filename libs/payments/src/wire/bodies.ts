import { FarmError } from '@kkt/contracts';

const unreadable = (why: string): FarmError =>
  new FarmError('CLIENT-CALLBACK-BODY', `The callback cannot be read: ${why}`);

/** A JSON object whose fields are read by type; what has another type is as good as absent. */
export class JsonReader {
  private constructor(private readonly value: Readonly<Record<string, unknown>>) {}

  static parse(text: string): JsonReader {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw unreadable('not JSON');
    }
    return JsonReader.of(value) ?? raise('not a JSON object');
  }

  static of(value: unknown): JsonReader | undefined {
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? new JsonReader(value as Record<string, unknown>)
      : undefined;
  }

  raw(name: string): unknown {
    return Object.hasOwn(this.value, name) ? this.value[name] : undefined;
  }

  /** A text that is not empty; a number counts as its digits. */
  text(name: string): string | undefined {
    const value = this.raw(name);
    if (typeof value === 'number' && Number.isFinite(value)) return String(value);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  need(name: string): string {
    return this.text(name) ?? raise(`no ${name}`);
  }

  has(name: string): boolean {
    const value = this.raw(name);
    return value !== undefined && value !== null;
  }

  isTrue(name: string): boolean {
    return this.raw(name) === true;
  }

  object(name: string): JsonReader | undefined {
    return JsonReader.of(this.raw(name));
  }

  needObject(name: string): JsonReader {
    return this.object(name) ?? raise(`no ${name}`);
  }

  list(name: string): JsonReader[] {
    const value = this.raw(name);
    return Array.isArray(value) ? value.flatMap((entry) => JsonReader.of(entry) ?? []) : [];
  }
}

function raise(why: string): never {
  throw unreadable(why);
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return raise('broken percent-encoding');
  }
};

/**
 * A form or a query, decoded. A name that comes twice is refused: who checks and who reads might take different ones.
 */
export class FormReader {
  private constructor(readonly fields: ReadonlyMap<string, string>) {}

  static parse(text: string): FormReader {
    const fields = new Map<string, string>();
    for (const pair of text.split('&')) {
      if (pair === '') continue;
      const at = pair.indexOf('=');
      const name = decode(at < 0 ? pair : pair.slice(0, at));
      if (fields.has(name)) raise('a field comes twice');
      fields.set(name, at < 0 ? '' : decode(pair.slice(at + 1)));
    }
    return new FormReader(fields);
  }

  text(name: string): string | undefined {
    return this.fields.get(name) || undefined;
  }

  need(name: string): string {
    return this.text(name) ?? raise(`no ${name}`);
  }
}

const stringEnd = (json: string, from: number): number => {
  let at = from + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
};

/**
 * The scalars at the root of a JSON object, numbers with their digits exactly as they were written; nested values and
 * nulls are left out. A name that comes twice is refused.
 */
export function rootScalars(json: string): Map<string, string> {
  JsonReader.parse(json);
  const found = new Map<string, string>();
  let at = json.indexOf('{') + 1;
  const skipSpace = (): void => {
    while (/[\s,:]/.test(json[at] ?? '')) at += 1;
  };
  for (;;) {
    skipSpace();
    if (json[at] !== '"') return found;
    const nameEnd = stringEnd(json, at);
    const name = JSON.parse(json.slice(at, nameEnd)) as string;
    at = nameEnd;
    skipSpace();
    const from = at;
    const first = json[at];
    if (first === '"') at = stringEnd(json, at);
    else if (first === '{' || first === '[') at = nestedEnd(json, at);
    else while (/[^\s,}]/.test(json[at] ?? ',')) at += 1;
    const token = json.slice(from, at);
    if (found.has(name)) raise('a field comes twice');
    if (first === '"') found.set(name, JSON.parse(token) as string);
    else if (first !== '{' && first !== '[' && token !== 'null') found.set(name, token);
  }
}

function nestedEnd(json: string, from: number): number {
  let depth = 0;
  for (let at = from; at < json.length; at += 1) {
    const character = json[at];
    if (character === '"') at = stringEnd(json, at) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return json.length;
}
