import { IsIn, IsString, Matches, MaxLength, MinLength, ValidateBy } from 'class-validator';
import { apply, define, named, type PropertyOptions, type Rule, type Schema } from './define';

export {
  type DtoClass,
  propertiesOf,
  type Property,
  type PropertyOptions,
  type RuleContext,
  rowOf,
  type Schema,
} from './define';
export * from './composite-rules';

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
