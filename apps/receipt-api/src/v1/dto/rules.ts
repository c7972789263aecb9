import 'reflect-metadata';
import { type Field, receiptFields } from '@kkt/domain';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateBy,
  ValidateNested,
  type ValidationOptions,
} from 'class-validator';
import type { Schema } from './schema';

export type { Schema };

export type DtoClass<T extends object = object> = new () => T;

/** What is known about a property beside its rules. */
export interface Property {
  /** May be left out of a request; may be null in an answer. */
  optional: boolean;
  /** May be left out of an answer. */
  absent: boolean;
  schema: Schema;
  /** Class of a nested object or of the elements of a list. */
  of?: () => DtoClass;
  isList: boolean;
}

/** What a rule tells when it is broken: goes to the caller. */
export interface RuleContext {
  rule: string;
  tag: number | null;
  ru: string;
  en: string;
}

export interface PropertyOptions {
  /** Row of the domain's field table: its limits, tag and names are taken from there. */
  row?: string;
  tag?: number;
  ru?: string;
  en?: string;
  /** May be left out; in answers: may be null. */
  optional?: boolean;
  /** Of an answer: left out when there is nothing to tell. */
  absent?: boolean;
  example?: unknown;
}

const known = new WeakMap<object, Map<string, Property>>();

/** Properties of a class in the order of their declaration. */
export const propertiesOf = (dto: DtoClass): ReadonlyMap<string, Property> =>
  known.get(dto.prototype as object) ?? new Map();

/** The row of the field table: of the richest body that has it. */
export function rowOf(path: string): Field {
  const rows = receiptFields.filter((row) => row.path === path);
  const row = rows.find(({ in: places }) => places.includes('r5') || places.includes('c5')) ?? rows[0];
  if (!row) throw new RangeError(`The field table has no ${path}`);
  return row;
}

interface Named {
  row: Field | undefined;
  tag: number | null;
  ru: string;
  en: string;
}

function named(options: PropertyOptions): Named {
  const row = options.row === undefined ? undefined : rowOf(options.row);
  return {
    row,
    tag: options.tag ?? row?.tag ?? null,
    ru: options.ru ?? row?.ru ?? '',
    en: options.en ?? row?.en ?? '',
  };
}

type Rule = (options: ValidationOptions) => PropertyDecorator;

/** Options of a rule that say, when it is broken, what and in which words. */
const says = (about: Named, rule: string, ru: string, en: string): ValidationOptions => ({
  // A rule without a message keeps its context to itself.
  message: en,
  context: { rule, tag: about.tag, ru: `${about.ru}: ${ru}`, en: `${about.en}: ${en}` } satisfies RuleContext,
});

interface Definition {
  options: PropertyOptions;
  schema: Schema;
  rules: readonly PropertyDecorator[];
  of?: () => DtoClass;
  isList?: boolean;
}

function define(about: Named, { options, schema, rules, of, isList = false }: Definition): PropertyDecorator {
  const described: Schema = {
    ...schema,
    ...((about.en || about.ru) && {
      description: about.tag === null ? about.en : `${about.en} (FFD tag ${about.tag}).`,
    }),
    ...(about.ru && { 'x-ru': about.ru }),
    ...(about.tag !== null && { 'x-ffd-tag': about.tag }),
    ...(options.example !== undefined && { examples: [options.example] }),
  };
  return (target, key) => {
    const optional = options.optional === true;
    if (optional) IsOptional()(target, key);
    else IsDefined(says(about, 'PropertyRequired', 'не указано', 'is missing'))(target, key);
    for (const rule of rules) rule(target, key);
    const properties = known.get(target) ?? new Map<string, Property>();
    known.set(target, properties);
    properties.set(String(key), {
      optional,
      absent: options.absent === true,
      schema: described,
      of,
      isList,
    });
  };
}

const apply = (about: Named, name: string, ru: string, en: string, make: Rule): PropertyDecorator =>
  make(says(about, name, ru, en));

export interface TextOptions extends PropertyOptions {
  min?: number;
  max?: number;
  pattern?: string;
  values?: readonly string[];
  format?: string;
}

/** A text; limits of the field table's row unless said otherwise. */
export function Text(options: TextOptions = {}): PropertyDecorator {
  const about = named(options);
  const min = options.min ?? about.row?.minLength;
  const max = options.max ?? about.row?.maxLength;
  const pattern = options.pattern ?? about.row?.pattern;
  const values =
    options.values ?? about.row?.values?.filter((value): value is string => typeof value === 'string');
  const rules = [apply(about, 'StringExpected', 'нужна строка', 'must be a string', IsString)];
  if (min !== undefined)
    rules.push(
      apply(about, 'StringTooShort', 'не может быть пустым', 'must not be empty', (o) => MinLength(min, o)),
    );
  if (max !== undefined)
    rules.push(
      apply(about, 'StringTooLong', `не длиннее ${max} символов`, `at most ${max} characters`, (o) =>
        MaxLength(max, o),
      ),
    );
  if (pattern !== undefined)
    rules.push(
      apply(about, 'PatternMismatch', `должно подходить под ${pattern}`, `must match ${pattern}`, (o) =>
        Matches(new RegExp(pattern, 'u'), o),
      ),
    );
  if (values)
    rules.push(
      apply(about, 'NotInEnumeration', `одно из: ${values.join(', ')}`, `one of: ${values.join(', ')}`, (o) =>
        IsIn([...values], o),
      ),
    );
  const schema: Schema = {
    type: 'string',
    ...(min !== undefined && { minLength: min }),
    ...(max !== undefined && { maxLength: max }),
    ...(pattern !== undefined && { pattern }),
    ...(values && { enum: values }),
    ...(options.format && { format: options.format }),
  };
  return define(about, { options, schema, rules });
}

/** Roubles as a text with at most two decimals: no binary fraction ever stands between the shop and the kopeck. */
export const moneyPattern = '^(0|[1-9][0-9]{0,10})(\\.[0-9]{1,2})?$';
/** A quantity as a text with at most six decimals. */
export const quantityPattern = '^(0|[1-9][0-9]{0,7})(\\.[0-9]{1,6})?$';

function patterned(
  options: PropertyOptions,
  pattern: string,
  rule: string,
  ru: string,
  en: string,
  isRight?: (text: string) => boolean,
): PropertyDecorator {
  const about = named(options);
  const form = new RegExp(pattern);
  const check: Rule = (o) =>
    ValidateBy(
      {
        name: rule,
        validator: {
          validate: (value: unknown) =>
            typeof value === 'string' && form.test(value) && (isRight?.(value) ?? true),
        },
      },
      o,
    );
  return define(about, {
    options,
    schema: { type: 'string', pattern },
    rules: [apply(about, rule, ru, en, check)],
  });
}

/** A sum in roubles, `"1234.50"`. */
export const Money = (options: PropertyOptions = {}): PropertyDecorator =>
  patterned(
    { example: '1234.50', ...options },
    moneyPattern,
    'MoneyExpected',
    'нужна строка с рублями, не больше двух знаков после точки: "1234.50"',
    'must be a string of roubles with at most two decimals: "1234.50"',
  );

/** A quantity, `"1.5"`; more than zero. */
export const Quantity = (options: PropertyOptions = {}): PropertyDecorator =>
  patterned(
    { example: '1.5', ...options },
    quantityPattern,
    'QuantityExpected',
    'нужна строка больше нуля, не больше шести знаков после точки: "1.5"',
    'must be a string above zero with at most six decimals: "1.5"',
    (text) => /[1-9]/.test(text),
  );

const isDay = (text: string): boolean => {
  const at = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text.slice(0, 10);
};

/** A day, `YYYY-MM-DD`. */
export const Day = (options: PropertyOptions = {}): PropertyDecorator =>
  patterned(
    { example: '2026-11-23', ...options },
    '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
    'DateExpected',
    'нужен день вида 2026-11-23',
    'must be a day like 2026-11-23',
    isDay,
  );

/** A wall clock, `YYYY-MM-DDTHH:MM:SS`, without a zone. */
export const WallTime = (options: PropertyOptions = {}): PropertyDecorator =>
  patterned(
    { example: '2026-11-23T14:05:00', ...options },
    '^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$',
    'DateTimeExpected',
    'нужно местное время вида 2026-11-23T14:05:00',
    'must be a local time like 2026-11-23T14:05:00',
    isDay,
  );

/** A moment with its zone (RFC 3339). */
export const Moment = (options: PropertyOptions = {}): PropertyDecorator =>
  patterned(
    { example: '2026-11-23T11:05:00Z', ...options },
    '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$',
    'MomentExpected',
    'нужен момент с часовым поясом вида 2026-11-23T11:05:00Z',
    'must be a moment with its zone like 2026-11-23T11:05:00Z',
    (text) => isDay(text) && !Number.isNaN(Date.parse(text)),
  );

export interface WholeOptions extends PropertyOptions {
  min?: number;
  max?: number;
  values?: readonly number[];
  /** In a query: numbers come as texts. */
  fromText?: boolean;
}

const numberIn = (value: unknown): unknown =>
  typeof value === 'string' && /^[0-9]{1,15}$/.test(value) ? Number(value) : value;

/** A whole number. */
export function Whole(options: WholeOptions = {}): PropertyDecorator {
  const about = named(options);
  const min = options.min ?? about.row?.minimum;
  const max = options.max ?? about.row?.maximum;
  const values =
    options.values ?? about.row?.values?.filter((value): value is number => typeof value === 'number');
  const read = (value: unknown) => (options.fromText ? numberIn(value) : value);
  const check = (name: string, ru: string, en: string, isRight: (value: number) => boolean) =>
    apply(about, name, ru, en, (o) =>
      ValidateBy(
        {
          name,
          validator: {
            validate: (value: unknown) => {
              const number = read(value);
              return typeof number !== 'number' || isRight(number);
            },
          },
        },
        o,
      ),
    );
  const rules = [
    options.fromText
      ? apply(about, 'IntegerExpected', 'нужно целое число', 'must be a whole number', (o) =>
          Matches(/^[0-9]{1,15}$/, o),
        )
      : apply(about, 'IntegerExpected', 'нужно целое число', 'must be a whole number', IsInt),
  ];
  if (min !== undefined && !options.fromText)
    rules.push(apply(about, 'NumberTooSmall', `не меньше ${min}`, `at least ${min}`, (o) => Min(min, o)));
  if (max !== undefined && !options.fromText)
    rules.push(apply(about, 'NumberTooBig', `не больше ${max}`, `at most ${max}`, (o) => Max(max, o)));
  if (min !== undefined && options.fromText)
    rules.push(check('NumberTooSmall', `не меньше ${min}`, `at least ${min}`, (value) => value >= min));
  if (max !== undefined && options.fromText)
    rules.push(check('NumberTooBig', `не больше ${max}`, `at most ${max}`, (value) => value <= max));
  if (values)
    rules.push(
      apply(about, 'NotInEnumeration', `одно из: ${values.join(', ')}`, `one of: ${values.join(', ')}`, (o) =>
        IsIn([...values], o),
      ),
    );
  const schema: Schema = {
    type: 'integer',
    ...(min !== undefined && { minimum: min }),
    ...(max !== undefined && { maximum: max }),
    ...(values && { enum: values }),
  };
  return define(about, { options, schema, rules });
}

/** True or false. */
export function Flag(options: PropertyOptions = {}): PropertyDecorator {
  const about = named(options);
  return define(about, {
    options,
    schema: { type: 'boolean' },
    rules: [apply(about, 'BooleanExpected', 'нужно true или false', 'must be true or false', IsBoolean)],
  });
}

/** A nested object. */
export function Part(of: () => DtoClass, options: PropertyOptions = {}): PropertyDecorator {
  const about = named(options);
  return define(about, {
    options,
    schema: {},
    of,
    rules: [
      apply(about, 'ObjectExpected', 'нужен объект', 'must be an object', IsObject),
      ValidateNested(says(about, 'ObjectExpected', 'нужен объект', 'must be an object')),
      Type(of),
    ],
  });
}

export interface ListOptions extends PropertyOptions {
  min?: number;
  max?: number;
}

function listRules(about: Named, { min, max }: ListOptions): PropertyDecorator[] {
  const rules = [apply(about, 'ArrayExpected', 'нужен список', 'must be a list', IsArray)];
  if (min !== undefined)
    rules.push(
      apply(about, 'TooFewItems', `не меньше ${min}`, `at least ${min}`, (o) => ArrayMinSize(min, o)),
    );
  if (max !== undefined)
    rules.push(
      apply(about, 'TooManyItems', `не больше ${max}`, `at most ${max}`, (o) => ArrayMaxSize(max, o)),
    );
  return rules;
}

const listSchema = (items: Schema, { min, max }: ListOptions): Schema => ({
  type: 'array',
  items,
  ...(min !== undefined && { minItems: min }),
  ...(max !== undefined && { maxItems: max }),
});

/** A list of nested objects. */
export function Parts(of: () => DtoClass, options: ListOptions = {}): PropertyDecorator {
  const about = named(options);
  const limits = { min: options.min ?? about.row?.minItems, max: options.max ?? about.row?.maxItems };
  return define(about, {
    options,
    schema: listSchema({}, limits),
    of,
    isList: true,
    rules: [
      ...listRules(about, limits),
      ValidateNested({
        each: true,
        ...says(about, 'ObjectExpected', 'нужны объекты', 'must hold objects'),
      }),
      Type(of),
    ],
  });
}

/** A list of texts. */
export function Texts(
  options: ListOptions & { pattern?: string; values?: readonly string[] } = {},
): PropertyDecorator {
  const about = named(options);
  const { pattern, values } = options;
  const rules = [
    ...listRules(about, options),
    IsString({ each: true, ...says(about, 'StringExpected', 'нужны строки', 'must hold strings') }),
  ];
  if (pattern !== undefined)
    rules.push(
      Matches(new RegExp(pattern, 'u'), {
        each: true,
        ...says(about, 'PatternMismatch', `должны подходить под ${pattern}`, `must match ${pattern}`),
      }),
    );
  if (values)
    rules.push(
      IsIn([...values], {
        each: true,
        ...says(about, 'NotInEnumeration', `из: ${values.join(', ')}`, `out of: ${values.join(', ')}`),
      }),
    );
  const item: Schema = { type: 'string', ...(pattern && { pattern }), ...(values && { enum: values }) };
  return define(about, { options, schema: listSchema(item, options), rules });
}
