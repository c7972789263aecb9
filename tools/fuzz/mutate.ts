import type { Dice } from './dice';
import type { Body, Json } from './good-body';

/** Values that have broken servers before. */
const strange: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  0.001,
  0.1 + 0.2,
  1e-7,
  1e300,
  -1e300,
  2 ** 53,
  42_949_672.95,
  42_949_672.96,
  10_000_000_000,
  99_999_999.999999,
  '',
  ' ',
  '0',
  '\u0000',
  '\ud800',
  '\u202e',
  '🙂'.repeat(70),
  'x'.repeat(129),
  'x'.repeat(5000),
  'я'.repeat(256),
  'vat18',
  'vat22',
  'composite',
  33,
  27,
  '31.02.2026',
  '29.02.2024',
  '2026-11-23',
  '+7',
  '123',
  '0000000000',
  '__proto__',
  'constructor',
  [],
  {},
  [null],
  [[]],
  { a: {} },
  [1, 2, 3],
  '%s%n',
  "'; drop table receipts; --",
  '\r\nX: y',
  '😀'.normalize('NFD'),
  'ﬁ',
  '\u00a0',
  '№',
  '“”',
  '\u001d',
];

type Path = (string | number)[];

function placesOf(value: Json, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, child]) =>
      placesOf(child, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

function changed(value: Json, path: Path, by: (old: Json) => Json | undefined): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return by(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const copy = [...value];
    const child = changed(copy[Number(key)] ?? null, rest, by);
    if (child === undefined) copy.splice(Number(key), 1);
    else copy[Number(key)] = child;
    return copy;
  }
  const copy: Body = { ...value };
  const child = changed(copy[String(key)] ?? null, rest, by);
  if (child === undefined) delete copy[String(key)];
  else copy[String(key)] = child;
  return copy;
}

/** One change somewhere in a body. */
function mutateOnce(body: Json, dice: Dice): Json {
  const path = dice.pick(placesOf(body));
  const by = (old: Json): Json | undefined => {
    switch (dice.int(0, 7)) {
      case 0:
        return undefined;
      case 1:
      case 2:
        return dice.pick(strange);
      case 3:
        return typeof old === 'number'
          ? old + dice.pick([0.01, -0.01, 1, -1, 0.001, old])
          : dice.pick(strange);
      case 4:
        return typeof old === 'number'
          ? String(old)
          : typeof old === 'string'
            ? old + dice.pick(['я', ' ', '\n', old])
            : [old];
      case 5:
        return Array.isArray(old)
          ? Array.from({ length: dice.int(0, 130) }, () => old[0] ?? null)
          : dice.pick(strange);
      case 6:
        return Array.isArray(old)
          ? [...old, ...old]
          : typeof old === 'string'
            ? [...old].reverse().join('')
            : old;
      default:
        return typeof old === 'object' && old !== null && !Array.isArray(old)
          ? { ...old, [dice.pick(['x', '__proto__', 'sum', 'type', ''])]: dice.pick(strange) }
          : old;
    }
  };
  return changed(body, path, by) ?? {};
}

/** A body with so many changes. */
export function mutated(body: Body, changes: number, dice: Dice): Json {
  let result: Json = body;
  for (let made = 0; made < changes; made++) result = mutateOnce(result, dice);
  return result;
}

/** Damage to the bytes themselves: cut, a byte changed, a piece doubled, deep nesting. */
export function damaged(text: string, dice: Dice): Buffer {
  const bytes = Buffer.from(text);
  const at = dice.int(0, Math.max(0, bytes.length - 1));
  switch (dice.int(0, 4)) {
    case 0:
      return bytes.subarray(0, at);
    case 1: {
      const copy = Buffer.from(bytes);
      if (copy.length > 0) copy[at] = dice.int(0, 255);
      return copy;
    }
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - 20))]);
    case 3:
      return Buffer.from(`${'['.repeat(dice.int(1, 20_000))}${text}`);
    default:
      return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
  }
}
