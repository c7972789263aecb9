import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import {
  apply,
  define,
  named,
  says,
  type DtoClass,
  type Named,
  type PropertyOptions,
  type Schema,
} from './define';

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
