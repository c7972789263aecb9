import fc from 'fast-check';
import { compareDrive, persisting } from './compare';
import type { DatabaseFacts, Difference, DriveFacts, FnFacts, OperatorFacts } from './facts';

const at = '2026-11-23T12:00:00';
const facts = (fdNumber: number) => ({
  fdNumber,
  form: fdNumber === 1 ? 1 : 3,
  fiscalSign: 1000 + fdNumber,
  totalKop: fdNumber === 1 ? null : 100 * fdNumber,
  at,
});

interface Sides {
  fn: Map<number, FnFacts>;
  database: Map<number, DatabaseFacts>;
  operator: Map<number, OperatorFacts>;
}

/** An FN of `count` documents that is the same everywhere; the last `unsent` of them wait for the operator. */
function drive(count: number, unsent = 0): Sides {
  const sides: Sides = { fn: new Map(), database: new Map(), operator: new Map() };
  for (let fd = 1; fd <= count; fd += 1) {
    const isSent = fd <= count - unsent;
    sides.fn.set(fd, { ...facts(fd), at: '2026-11-23T12:00:00', delivered: isSent });
    sides.database.set(fd, {
      ...facts(fd),
      at: '2026-11-23T12:00:31',
      confirmed: isSent,
      receiptId: `r${fd}`,
    });
    if (isSent) sides.operator.set(fd, { ...facts(fd), at: '2026-11-23T12:00:31' });
  }
  return sides;
}

const compare = (sides: Partial<Sides> & Pick<Sides, 'database'>, over: Partial<DriveFacts> = {}) =>
  compareDrive({ fromFd: 1, isInstalled: true, lateBefore: '2026-11-22T12:00:00', ...sides, ...over });

const kinds = (differences: readonly Difference[]) =>
  differences.map(({ kind, fdNumber }) => `${kind} ${fdNumber}`);

/** What happens to document 5 of 10, and what is found. */
const table: [what: string, happens: (sides: Sides) => void, found: string[]][] = [
  ['nothing', () => undefined, []],
  ['the database lost it', (s) => s.database.delete(5), ['missing_in_database 5']],
  ['the FN lost it', (s) => s.fn.delete(5), ['missing_in_fn 5']],
  ['the operator lost it', (s) => s.operator.delete(5), ['confirmed_though_operator_lacks 5']],
  [
    'only the database says that the operator has it, and it has not',
    (s) => {
      s.operator.delete(5);
      s.fn.set(5, { ...facts(5), delivered: false });
    },
    ['confirmed_though_operator_lacks 5'],
  ],
  [
    'it was passed over: the operator has later ones',
    (s) => {
      s.operator.delete(5);
      s.fn.set(5, { ...facts(5), delivered: false });
      s.database.set(5, { ...facts(5), confirmed: false, receiptId: null });
    },
    ['missing_at_operator 5'],
  ],
  [
    'the FN has no answer of the operator',
    (s) => s.fn.set(5, { ...facts(5), delivered: false }),
    ['not_confirmed_though_operator_has 5'],
  ],
  [
    'the database did not note the confirmation',
    (s) => s.database.set(5, { ...facts(5), confirmed: false, receiptId: null }),
    ['not_confirmed_though_operator_has 5'],
  ],
  [
    'another total in the database',
    (s) => s.database.set(5, { ...facts(5), totalKop: 1, confirmed: true, receiptId: null }),
    ['fields_differ 5'],
  ],
  [
    'another fiscal sign at the operator',
    (s) => s.operator.set(5, { ...facts(5), fiscalSign: 1 }),
    ['fields_differ 5'],
  ],
  ['another form at the operator', (s) => s.operator.set(5, { ...facts(5), form: 31 }), ['fields_differ 5']],
  [
    'another minute in the FN',
    (s) => s.fn.set(5, { ...facts(5), at: '2026-11-23T12:01:00', delivered: true }),
    ['fields_differ 5'],
  ],
  [
    'nobody has it',
    (s) => {
      s.fn.delete(5);
      s.database.delete(5);
      s.operator.delete(5);
    },
    ['gap 5'],
  ],
  [
    'somebody else made one more in the FN',
    (s) => s.fn.set(11, { ...facts(11), delivered: false }),
    ['missing_in_database 11'],
  ],
  [
    'the database has one more',
    (s) => s.database.set(11, { ...facts(11), confirmed: false, receiptId: null }),
    ['missing_in_fn 11'],
  ],
  [
    'the operator has one more',
    (s) => s.operator.set(11, facts(11)),
    ['missing_in_database 11', 'missing_in_fn 11'],
  ],
];

describe('comparing one FN', () => {
  it.each(table)('%s', (_, happens, found) => {
    const sides = drive(10);
    happens(sides);
    expect(kinds(compare(sides).differences)).toEqual(found);
  });

  it('leaves alone what waits for the operator, until it waits too long', () => {
    expect(compare(drive(10, 3)).differences).toEqual([]);
    expect(kinds(compare(drive(10, 3), { lateBefore: '2026-11-23T13:00:00' }).differences)).toEqual([
      'missing_at_operator 8',
      'missing_at_operator 9',
      'missing_at_operator 10',
    ]);
  });

  it('gives a gap as one difference from its first number to its last', () => {
    const sides = drive(10);
    for (const side of [sides.fn, sides.database, sides.operator])
      for (const fd of [3, 4, 5, 8]) side.delete(fd);
    expect(compare(sides).differences.map(({ kind, fdNumber, toFd }) => [kind, fdNumber, toFd])).toEqual([
      ['gap', 3, 5],
      ['gap', 8, 8],
    ]);
  });

  it('counts a number that only the FN counts', () => {
    expect(kinds(compare(drive(10), { lastFdInFn: 11 }).differences)).toEqual(['gap 11']);
  });

  it('says what it knows of the document', () => {
    const sides = drive(10);
    sides.database.set(5, { ...facts(5), totalKop: 7, confirmed: true, receiptId: 'r5' });
    expect(compare(sides).differences).toEqual([
      {
        kind: 'fields_differ',
        fdNumber: 5,
        toFd: 5,
        form: 3,
        details: {
          seenIn: ['fn', 'database', 'operator'],
          fields: [{ field: 'totalKop', values: { fn: 500, database: 7, operator: 500 } }],
          fiscalSign: 1005,
          totalKop: 500,
          at,
          receiptId: 'r5',
        },
      },
    ]);
  });

  it('compares the other two when the FN is not read, and waits with open confirmations', () => {
    const { database, operator } = drive(10);
    database.set(4, { ...facts(4), confirmed: false, receiptId: null });
    operator.delete(6);
    database.delete(8);
    expect(kinds(compare({ database, operator }).differences)).toEqual([
      'confirmed_though_operator_lacks 6',
      'missing_in_database 8',
    ]);
    expect(kinds(compare({ database, operator }, { isInstalled: false }).differences)).toEqual([
      'not_confirmed_though_operator_has 4',
      'confirmed_though_operator_lacks 6',
      'missing_in_database 8',
    ]);
  });

  it('compares the confirmations of FN and database when the operator is not asked', () => {
    const { fn, database } = drive(10);
    database.set(4, { ...facts(4), confirmed: false, receiptId: null });
    const [difference, ...others] = compare({ fn, database }).differences;
    expect(others).toEqual([]);
    expect(difference?.details.fields).toEqual([
      { field: 'confirmed', values: { fn: true, database: false } },
    ]);
  });

  it('has proven what is the same everywhere and confirmed, up to the first that is not', () => {
    expect(compare(drive(10)).provenUpTo).toBe(10);
    expect(compare(drive(10, 3)).provenUpTo).toBe(7);
    const sides = drive(10);
    sides.database.delete(4);
    expect(compare(sides).provenUpTo).toBe(3);
    const { fn, database, operator } = drive(10);
    expect(compare({ fn, database }).provenUpTo).toBe(0);
    expect(compare({ database, operator }).provenUpTo).toBe(0);
    expect(compare({ database, operator }, { isInstalled: false }).provenUpTo).toBe(10);
  });

  it('looks at nothing below its first number', () => {
    const sides = drive(10);
    sides.database.delete(4);
    expect(compare(sides, { fromFd: 5 })).toEqual({ differences: [], documents: 6, provenUpTo: 10 });
  });

  it('has nothing to say of an empty FN', () => {
    expect(compare(drive(0))).toEqual({ differences: [], documents: 0, provenUpTo: 0 });
  });
});

describe('comparing, whatever the FN holds', () => {
  const world = fc
    .record({ count: fc.integer({ min: 1, max: 60 }), sent: fc.integer({ min: 0, max: 60 }) })
    .map(({ count, sent }) => ({ count, unsent: Math.max(0, count - sent) }));

  it('finds nothing where nothing is wrong', () => {
    fc.assert(
      fc.property(world, ({ count, unsent }) => {
        const { differences, documents, provenUpTo } = compare(drive(count, unsent));
        expect({ differences, documents, provenUpTo }).toEqual({
          differences: [],
          documents: count,
          provenUpTo: count - unsent,
        });
      }),
    );
  });

  it('accounts for every number: each is the same everywhere, waits, or is in a difference', () => {
    const places = fc.array(fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(places, (present) => {
        const sides = drive(present.length);
        present.forEach(([fn, database, operator], index) => {
          if (!fn) sides.fn.delete(index + 1);
          if (!database) sides.database.delete(index + 1);
          if (!operator) sides.operator.delete(index + 1);
        });
        const { differences } = compare(sides);
        const named = new Set<number>();
        for (const { fdNumber, toFd } of differences)
          for (let fd = fdNumber; fd <= toFd; fd += 1) named.add(fd);
        const last = present.findLastIndex((each) => each.includes(true)) + 1;
        present.slice(0, last).forEach((each, index) => {
          expect(named.has(index + 1)).toBe(each.includes(false));
        });
        expect(Math.max(0, ...named)).toBeLessThanOrEqual(last);
      }),
    );
  });

  it('does not depend on the order in which documents were read', () => {
    fc.assert(
      fc.property(world, fc.nat(), fc.nat(), ({ count, unsent }, lost, changed) => {
        const sides = drive(count, unsent);
        sides.database.delete((lost % count) + 1);
        sides.operator.set((changed % count) + 1, { ...facts((changed % count) + 1), fiscalSign: 0 });
        const backwards = <T>(side: Map<number, T>) => new Map([...side.entries()].reverse());
        expect(
          compare({
            fn: backwards(sides.fn),
            database: backwards(sides.database),
            operator: backwards(sides.operator),
          }),
        ).toEqual(compare(sides));
      }),
    );
  });

  it('never calls proven what has a difference', () => {
    fc.assert(
      fc.property(
        world,
        fc.nat(),
        fc.constantFrom('fn', 'database', 'operator'),
        ({ count, unsent }, lost, from) => {
          const sides = drive(count, unsent);
          sides[from].delete((lost % count) + 1);
          const { differences, provenUpTo } = compare(sides);
          for (const { fdNumber } of differences) expect(fdNumber).toBeGreaterThan(provenUpTo);
        },
      ),
    );
  });
});

describe('what persists', () => {
  const difference = (kind: Difference['kind'], fdNumber: number, toFd = fdNumber): Difference => ({
    kind,
    fdNumber,
    toFd,
    details: {},
  });

  it('is what was found again, with its newest details', () => {
    const earlier = [difference('missing_in_database', 5), difference('gap', 7, 9)];
    const later = [
      difference('missing_in_database', 5),
      difference('fields_differ', 5),
      difference('gap', 8, 9),
      difference('missing_in_database', 6),
    ];
    expect(persisting(earlier, later)).toEqual([later[0], later[2]]);
  });
});
