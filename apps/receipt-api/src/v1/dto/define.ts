import 'reflect-metadata';
import { type Field, receiptFields } from '@kkt/domain';
import { IsDefined, IsOptional, type ValidationOptions } from 'class-validator';
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

export interface Named {
  row: Field | undefined;
  tag: number | null;
  ru: string;
  en: string;
}

export function named(options: PropertyOptions): Named {
  const row = options.row === undefined ? undefined : rowOf(options.row);
  return {
    row,
    tag: options.tag ?? row?.tag ?? null,
    ru: options.ru ?? row?.ru ?? '',
    en: options.en ?? row?.en ?? '',
  };
}

export type Rule = (options: ValidationOptions) => PropertyDecorator;

/** Options of a rule that say, when it is broken, what and in which words. */
export const says = (about: Named, rule: string, ru: string, en: string): ValidationOptions => ({
  // A rule without a message keeps its context to itself.
  message: en,
  context: { rule, tag: about.tag, ru: `${about.ru}: ${ru}`, en: `${about.en}: ${en}` } satisfies RuleContext,
});

export interface Definition {
  options: PropertyOptions;
  schema: Schema;
  rules: readonly PropertyDecorator[];
  of?: () => DtoClass;
  isList?: boolean;
}

export function define(
  about: Named,
  { options, schema, rules, of, isList = false }: Definition,
): PropertyDecorator {
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

export const apply = (about: Named, name: string, ru: string, en: string, make: Rule): PropertyDecorator =>
  make(says(about, name, ru, en));
