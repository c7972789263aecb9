import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { type FieldProblem, Problem } from '../http/problem';
import { type DtoClass, propertiesOf, type RuleContext } from './rules';

/** Deeper bodies are nobody's receipt; the limit keeps recursion short. */
const maxDepth = 16;
/** More would not be read. */
const maxProblems = 50;

/** Either a body that keeps the rules of its class, or everything that is wrong with it. */
export type Checked<T> = { ok: true; value: T } | { ok: false; problems: FieldProblem[] };

function isTooDeep(body: unknown): boolean {
  let layer: unknown[] = [body];
  for (let depth = 0; layer.length > 0; depth += 1) {
    if (depth > maxDepth) return true;
    layer = layer.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value as object) : [],
    );
  }
  return false;
}

/** A key as a part of a JSON pointer. */
const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** `items[2].vat.sum` of the domain as `/items/2/vat/sum`. */
export const pointerOf = (path: string): string =>
  path === ''
    ? ''
    : `/${path
        .replace(/\[(\d+)\]/g, '.$1')
        .split('.')
        .filter((step) => step !== '')
        .map(escaped)
        .join('/')}`;

/** Steps between two words, for "did you mean". */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(same, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function nearest(word: string, words: readonly string[]): string | undefined {
  const short = word.slice(0, 40).toLowerCase().replaceAll('-', '_');
  const ranked = words.map((one) => ({ one, far: distance(short, one) })).sort((a, b) => a.far - b.far);
  const best = ranked[0];
  return best && best.far <= Math.max(1, Math.floor(short.length / 3)) ? best.one : undefined;
}

function unknownField(error: ValidationError, pointer: string): FieldProblem {
  const owner = error.target?.constructor as DtoClass | undefined;
  const meant = owner && nearest(error.property, [...propertiesOf(owner).keys()]);
  return {
    pointer,
    rule: 'UnknownField',
    tag: null,
    detail: 'Такого поля нет',
    detail_en: 'There is no such field',
    ...(meant !== undefined && {
      suggestion: { value: meant, ru: `Возможно, имелось в виду ${meant}`, en: `Did you mean ${meant}?` },
    }),
  };
}

/** The broken rules of one field: the most telling one only. */
function ownProblem(error: ValidationError, pointer: string): FieldProblem | undefined {
  const broken = Object.keys(error.constraints ?? {});
  if (broken.length === 0) return undefined;
  if (broken.includes('whitelistValidation')) return unknownField(error, pointer);
  const contexts = Object.values((error.contexts ?? {}) as Record<string, RuleContext>);
  const isMissing = error.value === undefined || error.value === null;
  const context =
    contexts.find(({ rule }) => (rule === 'PropertyRequired') === isMissing) ??
    contexts.find(({ rule }) => /Expected$/.test(rule)) ??
    contexts[0];
  const typed = contexts.find(({ rule }) => /Expected$/.test(rule) && rule !== 'MoneyExpected');
  const told = !isMissing && typed && contexts.length > 1 ? typed : context;
  return {
    pointer,
    rule: told?.rule ?? 'Invalid',
    tag: told?.tag ?? null,
    detail: told?.ru ?? 'Неверное значение',
    detail_en: told?.en ?? 'Wrong value',
  };
}

function collect(errors: readonly ValidationError[], at: string, into: FieldProblem[]): void {
  for (const error of errors) {
    if (into.length >= maxProblems) return;
    const pointer = `${at}/${escaped(error.property)}`;
    const own = ownProblem(error, pointer);
    const children = error.children ?? [];
    if (own && !(children.length > 0 && own.rule === 'ObjectExpected')) into.push(own);
    collect(children, pointer, into);
  }
}

/** Checks a parsed body against its class; unknown fields are errors, null in place of an optional field is absence. */
export function checkDto<T extends object>(dto: DtoClass<T>, body: unknown): Checked<T> {
  if (typeof body !== 'object' || body === null || Array.isArray(body) || isTooDeep(body)) {
    return {
      ok: false,
      problems: [
        {
          pointer: '',
          rule: 'ObjectExpected',
          tag: null,
          detail: 'Нужен объект JSON без глубокой вложенности',
          detail_en: 'A JSON object without deep nesting is expected',
        },
      ],
    };
  }
  const value = plainToInstance(dto, body);
  const errors = validateSync(value, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
  });
  if (errors.length === 0) return { ok: true, value };
  const problems: FieldProblem[] = [];
  collect(errors, '', problems);
  return { ok: false, problems };
}

/** The same, refusing at once. */
export function mustBe<T extends object>(dto: DtoClass<T>, body: unknown): T {
  const checked = checkDto(dto, body);
  if (checked.ok) return checked.value;
  throw new Problem('request-invalid', { errors: checked.problems });
}
