/** Values put into a message. */
export type TextValues = Readonly<Record<string, string | number>>;

type Part =
  | { kind: 'text'; text: string }
  | { kind: 'value'; name: string }
  | { kind: 'number' }
  | { kind: 'choice'; name: string; by: 'plural' | 'select'; branches: ReadonlyMap<string, Part[]> };

const parsed = new Map<string, Part[]>();

/** Making these costs more than using them. */
const numberFormats = new Map<string, Intl.NumberFormat>();
const plurals = new Map<string, Intl.PluralRules>();

function numberFormat(locale: string): Intl.NumberFormat {
  let format = numberFormats.get(locale);
  if (!format) numberFormats.set(locale, (format = new Intl.NumberFormat(locale)));
  return format;
}

function pluralRules(locale: string): Intl.PluralRules {
  let rules = plurals.get(locale);
  if (!rules) plurals.set(locale, (rules = new Intl.PluralRules(locale)));
  return rules;
}

/**
 * Formats a message of the ICU kind: `{name}`, `{n, plural, one {# касса} few {# кассы} many {# касс} other {# кассы}}`,
 * `{x, select, a {…} other {…}}`; `#` inside a plural is its number. Plural branches `=0` are taken before the rules.
 */
export function formatMessage(message: string, values: TextValues, locale: string): string {
  let parts = parsed.get(message);
  if (!parts) parsed.set(message, (parts = new Reader(message).read()));
  return render(parts, values, locale);
}

function render(parts: readonly Part[], values: TextValues, locale: string, count?: number): string {
  return parts
    .map((part) => {
      switch (part.kind) {
        case 'text':
          return part.text;
        case 'number':
          return numberFormat(locale).format(count ?? 0);
        case 'value': {
          const value = values[part.name];
          return typeof value === 'number' ? numberFormat(locale).format(value) : (value ?? '');
        }
        case 'choice': {
          const value = values[part.name];
          const own = part.by === 'plural' ? Number(value) : undefined;
          const branch =
            part.by === 'plural'
              ? (part.branches.get(`=${value}`) ??
                part.branches.get(pluralRules(locale).select(own ?? 0)) ??
                part.branches.get('other'))
              : (part.branches.get(String(value)) ?? part.branches.get('other'));
          return render(branch ?? [], values, locale, own ?? count);
        }
      }
    })
    .join('');
}

/** Reads a message once; what it cannot read is an error of ours and throws. */
class Reader {
  private at = 0;

  constructor(private readonly source: string) {}

  read(inChoice = false): Part[] {
    const parts: Part[] = [];
    let text = '';
    const flush = (): void => {
      if (text !== '') parts.push({ kind: 'text', text });
      text = '';
    };
    while (this.at < this.source.length) {
      const character = this.source[this.at];
      if (character === '}') {
        if (!inChoice) throw this.wrong('a bracket that nothing opened');
        break;
      }
      if (character === '{') {
        flush();
        parts.push(this.placeholder());
      } else if (character === '#' && inChoice) {
        flush();
        this.at += 1;
        parts.push({ kind: 'number' });
      } else {
        text += character;
        this.at += 1;
      }
    }
    flush();
    return parts;
  }

  private placeholder(): Part {
    this.at += 1;
    const name = this.word(/[A-Za-z0-9_]/);
    this.spaces();
    if (this.take('}')) return { kind: 'value', name };
    this.need(',');
    this.spaces();
    const by = this.word(/[a-z]/);
    if (by !== 'plural' && by !== 'select') throw this.wrong(`an unknown kind "${by}"`);
    this.spaces();
    this.need(',');
    const branches = new Map<string, Part[]>();
    for (;;) {
      this.spaces();
      if (this.take('}')) break;
      const key = this.word(/[A-Za-z0-9_=-]/);
      this.spaces();
      this.need('{');
      branches.set(key, this.read(true));
      this.need('}');
    }
    if (!branches.has('other')) throw this.wrong('a choice without "other"');
    return { kind: 'choice', name, by, branches };
  }

  private word(letter: RegExp): string {
    const start = this.at;
    while (letter.test(this.source[this.at] ?? '')) this.at += 1;
    if (this.at === start) throw this.wrong('a missing name');
    return this.source.slice(start, this.at);
  }

  private spaces(): void {
    while (/\s/.test(this.source[this.at] ?? '')) this.at += 1;
  }

  private take(character: string): boolean {
    if (this.source[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private need(character: string): void {
    if (!this.take(character)) throw this.wrong(`no "${character}"`);
  }

  private wrong(what: string): Error {
    return new Error(`Message "${this.source}" has ${what} at ${this.at}`);
  }
}
