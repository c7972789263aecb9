import { envelopeFields, fieldsOf, receiptFields, type Field, type Place } from '@kkt/domain';
import { correction4, correction5, sale4, sale5 } from '../../test/bodies';
import { BodySchemas, readCredentials } from './body-schema';

const schemas = new BodySchemas();

type Json = Record<string, unknown>;
const bodies: Record<Place, () => Json> = { r4: sale4, c4: correction4, r5: sale5, c5: correction5 };

const check = (place: Place, body: unknown) =>
  schemas
    .check(body, place.startsWith('r') ? 'receipt' : 'correction', place.endsWith('4') ? 4 : 5)
    .map(({ kind, path }) => `${kind}: #/${path}`);

/** The smallest good value of a row with its required inner fields. */
function goodValue(row: Field, place: Place, rows: readonly Field[]): unknown {
  if (row.values) return row.values[0];
  switch (row.type) {
    case 'boolean':
      return true;
    case 'integer':
      return row.minimum ?? 1;
    case 'number':
      return Math.max(row.minimum ?? 0, row.decimals === 6 ? 0.000001 : 0.01);
    case 'array':
      return [goodElement(row.path, place, rows)];
    case 'object':
      return goodObject(row.path, place, rows);
    case 'string':
      return goodText(row);
  }
}

const texts: Readonly<Record<string, string>> = {
  'client.email': 'a@b.ru',
  'client.phone': '+79261234567',
  'company.inn': '5544332219',
  'correction_info.base_date': '13.03.2026',
};
const byPattern: readonly [RegExp, string][] = [
  [/inn$/, '5544332219'],
  [/(birthdate|date)$/, '21.11.2023'],
  [/phones\[\]$/, '+79261234567'],
  [/timestamp$/, '03.11.2020 14:35:00'],
  [/\.fur$/, 'RU-430301-ABC1234567'],
];

function goodText(row: Field): string {
  const known = texts[row.path] ?? byPattern.find(([end]) => end.test(row.path))?.[1];
  if (row.path === 'cashier_inn') return '504404744207';
  if (known !== undefined) return known;
  if (row.pattern === undefined) return 'x'.repeat(row.minLength ?? 1);
  const tries = [
    '1',
    '123',
    '12345678',
    '1234567890123',
    '12345678901234',
    'x'.repeat(23),
    'x'.repeat(14),
    '+79261234567',
  ];
  return tries.find((text) => new RegExp(row.pattern ?? '', 'u').test(text)) ?? '';
}

const childrenOf = (path: string, rows: readonly Field[]) =>
  rows.filter((row) => row.path.startsWith(`${path}.`) && !/[.[]/.test(row.path.slice(path.length + 1)));

function goodElement(path: string, place: Place, rows: readonly Field[]): unknown {
  const element = rows.find((row) => row.path === `${path}[]`);
  return element ? goodValue(element, place, rows) : 'x';
}

function goodObject(path: string, place: Place, rows: readonly Field[]): Json {
  const holder: Json = {};
  for (const row of childrenOf(path, rows))
    if (row.required?.includes(place)) holder[row.path.slice(path.length + 1)] = goodValue(row, place, rows);
  return holder;
}

/** Puts a value at the row's path, making what lies before it. Returns the path as a violation names it. */
function put(
  body: Json,
  root: string,
  row: Field,
  value: unknown,
  place: Place,
  rows: readonly Field[],
): string {
  let holder = (root === '' ? body : body[root]) as Json;
  let walked = '';
  const steps = row.path.split('.');
  steps.forEach((step, index) => {
    const name = step.replace('[]', '');
    const isLast = index === steps.length - 1;
    const here = walked === '' ? name : `${walked}.${name}`;
    if (step.endsWith('[]')) {
      if (isLast) holder[name] = [value];
      else {
        if (!Array.isArray(holder[name])) holder[name] = [goodElement(here, place, rows)];
        holder = (holder[name] as Json[])[0] as Json;
      }
      walked = `${here}[]`;
      return;
    }
    if (isLast) {
      if (value === undefined) delete holder[name];
      else holder[name] = value;
    } else {
      holder[name] ??= goodObject(here, place, rows);
      holder = holder[name] as Json;
    }
    walked = here;
  });
  return `${root === '' ? '' : `${root}.`}${row.path.replaceAll('[]', '[0]')}`;
}

const wrongType: Readonly<Record<Field['type'], [unknown, string]>> = {
  string: [true, 'StringExpected'],
  number: ['1.00', 'NumberExpected'],
  integer: [1.5, 'IntegerExpected'],
  boolean: ['true', 'BooleanExpected'],
  object: ['x', 'ObjectExpected'],
  array: [{}, 'ArrayExpected'],
};

interface BadCase {
  why: string;
  value: unknown;
  kind: string;
}

/** Every way a value of this row can be wrong. */
function badValues(row: Field, place: Place, rows: readonly Field[]): BadCase[] {
  const isRequired = row.required?.includes(place) === true;
  const cases: BadCase[] = [];
  const [wrong, kind] = wrongType[row.type];
  cases.push({ why: 'wrong type', value: wrong, kind: row.values ? 'NotInEnumeration' : kind });
  if (isRequired) {
    cases.push({ why: 'absent', value: undefined, kind: 'PropertyRequired' });
    if (!row.nullable) cases.push({ why: 'null', value: null, kind: row.values ? 'NotInEnumeration' : kind });
  }
  if (row.values) {
    cases.push({
      why: 'unknown word',
      value: row.type === 'integer' ? 9_999 : 'нет такого',
      kind: 'NotInEnumeration',
    });
    return cases;
  }
  if (row.maxLength !== undefined)
    cases.push({ why: 'too long', value: 'x'.repeat(row.maxLength + 1), kind: 'StringTooLong' });
  if (row.minLength !== undefined && isRequired)
    cases.push({ why: 'empty', value: '', kind: 'StringTooShort' });
  if (row.pattern !== undefined)
    cases.push({ why: 'wrong form', value: '!\n'.repeat(101), kind: 'PatternMismatch' });
  if (row.minimum !== undefined)
    cases.push({ why: 'too small', value: row.minimum - 1, kind: 'NumberTooSmall' });
  if (row.maximum !== undefined) cases.push({ why: 'too big', value: row.maximum + 1, kind: 'NumberTooBig' });
  if (row.decimals === 2) cases.push({ why: 'too many decimals', value: 1.005, kind: 'NumberNotMultipleOf' });
  if (row.decimals === 6)
    cases.push({ why: 'too many decimals', value: 1.0000001, kind: 'NumberNotMultipleOf' });
  if (row.minItems !== undefined) cases.push({ why: 'too few', value: [], kind: 'TooFewItems' });
  if (row.maxItems !== undefined)
    cases.push({
      why: 'too many',
      value: Array.from({ length: row.maxItems + 1 }, () => goodElement(row.path, place, rows)),
      kind: 'TooManyItems',
    });
  return cases;
}

describe.each<Place>(['r4', 'c4', 'r5', 'c5'])('body %s', (place) => {
  const root = place.startsWith('r') ? 'receipt' : 'correction';
  const groups: readonly [string, readonly Field[]][] = [
    ['', fieldsOf(envelopeFields, place)],
    [root, fieldsOf(receiptFields, place)],
  ];
  const rows = groups.flatMap(([at, list]) => list.map((row) => ({ at, row, list })));

  it('is good as the bodies of our tests are', () => {
    expect(check(place, bodies[place]())).toEqual([]);
  });

  it.each(
    rows.map(({ at, row, list }) => [at === '' ? row.path : `${at}.${row.path}`, at, row, list] as const),
  )('takes a good %s, refuses bad ones by name', (_, at, row, list) => {
    const good = bodies[place]();
    put(good, at, row, goodValue(row, place, list), place, list);
    expect(check(place, good)).toEqual([]);
    for (const { why, value, kind } of badValues(row, place, list)) {
      const bad = bodies[place]();
      const path = put(bad, at, row, value, place, list);
      expect([why, check(place, bad)]).toEqual([why, expect.arrayContaining([`${kind}: #/${path}`])]);
    }
    const isOptional = row.required?.includes(place) !== true && !row.path.endsWith('[]');
    if (!isOptional && !row.nullable) return;
    const unset = bodies[place]();
    put(unset, at, row, null, place, list);
    expect(check(place, unset)).toEqual([]);
    if (row.type !== 'string' || row.nullable) return;
    put(unset, at, row, '', place, list);
    expect(check(place, unset)).toEqual([]);
  });

  it('does not mind fields it does not know', () => {
    const body = bodies[place]();
    body['strange'] = 1;
    (body[root] as Json)['cashier '] = 'Иван';
    ((body[root] as Json)['company'] as Json)['base_name'] = 'x';
    expect(check(place, body)).toEqual([]);
  });

  it.each([null, [], 'text', 5])('refuses %j as a body', (body) => {
    expect(check(place, body)).toEqual(['ObjectExpected: #/']);
  });

  it('names the missing document', () => {
    const body = bodies[place]();
    delete body[root];
    expect(check(place, body)).toEqual([`PropertyRequired: #/${root}`]);
  });
});

describe('what clients of the original service send', () => {
  it.each<[string, () => Json]>([
    ['no vat in an item of version 4', () => changedItem(sale4(), { vat: undefined })],
    ['tax instead of vat', () => changedItem(sale4(), { vat: undefined, tax: 'vat20' })],
    ['no sum of its own', () => changedItem(sale4(), { sum: null })],
    ['a number as external_id', () => ({ ...sale4(), external_id: 17 })],
    ['another layout of the date', () => ({ ...sale4(), timestamp: '2026-11-23 12:00:00' })],
    ['an empty callback', () => ({ ...sale4(), service: { callback_url: '' } })],
    ['composite', () => changedItem(sale4(), { payment_object: 'composite' })],
    ['non-operating_gain', () => changedItem(sale4(), { payment_object: 'non-operating_gain' })],
  ])('%s', (_, body) => {
    expect(check('r4', body())).toEqual([]);
  });

  it.each<[string, () => Json]>([
    ['an unset measure', () => changedItem(sale5(), { measure: null })],
    ['a number as the mode of mark processing', () => changedItem(sale5(), { mark_processing_mode: 0 })],
  ])('%s, version 5', (_, body) => {
    expect(check('r5', body())).toEqual([]);
  });

  it('the words of the other version are refused', () => {
    expect(check('r5', changedItem(sale5(), { payment_object: 'commodity' }))).toEqual([
      'NotInEnumeration: #/receipt.items[0].payment_object',
    ]);
    expect(check('r4', changedItem(sale4(), { payment_object: 1 }))).toEqual([
      'NotInEnumeration: #/receipt.items[0].payment_object',
    ]);
  });
});

function changedItem(body: Json, changes: Json): Json {
  const items = (body['receipt'] as { items: Json[] }).items;
  for (const [key, value] of Object.entries(changes)) {
    const [first] = items;
    if (!first) throw new Error('no item');
    if (value === undefined) delete first[key];
    else first[key] = value;
  }
  return body;
}

describe('credentials', () => {
  it.each([
    [{ login: 'shop', pass: 'p' }, true],
    [{ login: 'shop', pass: 'p', source: '1c@x-1.2' }, true],
    [{ login: 'shop', pass: 'p', source: null }, true],
    [{ login: 'two words', pass: 'p' }, false],
    [{ login: '', pass: 'p' }, false],
    [{ login: 'x'.repeat(101), pass: 'p' }, false],
    [{ login: 'shop', pass: 'p', source: 'a b' }, false],
    [{ login: ['a', 'b'], pass: 'p' }, false],
    [{ login: 'shop' }, false],
    ['shop', false],
  ])('%j: %p', (body, ok) => {
    expect(readCredentials(body).ok).toBe(ok);
  });
});
