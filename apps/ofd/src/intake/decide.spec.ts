import fc from 'fast-check';
import { decide, type DocumentFacts, type DriveFacts } from './decide';

const drive = (changes: Partial<DriveFacts> = {}): DriveFacts => ({
  rnm: '0000000005008570',
  inn: '7702203276',
  kktState: 'active',
  firstFd: 1,
  lastFd: 5,
  closed: false,
  ...changes,
});
const document = (changes: Partial<DocumentFacts> = {}): DocumentFacts => ({
  fdNumber: 6,
  form: 3,
  rnm: '0000000005008570',
  inn: '7702203276',
  hasViolations: false,
  ...changes,
});

describe('decide', () => {
  it('takes the next document', () => {
    expect(decide(document(), drive(), 'none')).toEqual({ kind: 'store', code: 0 });
  });

  it('takes a document that failed control, and says so', () => {
    expect(decide(document({ hasViolations: true }), drive(), 'none')).toEqual({ kind: 'store', code: 14 });
  });

  it.each([
    ['an unknown FN', document(), undefined, 'none', 'unknownKkt'],
    ['an unpaid KKT', document(), drive({ kktState: 'unpaid' }), 'none', 'unpaid'],
    [
      'a KKT that was not activated',
      document(),
      drive({ kktState: 'not_activated' }),
      'none',
      'notActivated',
    ],
    ['a closed KKT', document(), drive({ kktState: 'closed' }), 'none', 'closed'],
    ['anything after the FN closing report', document(), drive({ closed: true }), 'none', 'closed'],
    ['a foreign registration number', document({ rnm: '0149060006035849' }), drive(), 'none', 'wrongFn'],
    ['a foreign INN', document({ inn: '504404744207' }), drive(), 'none', 'wrongFn'],
    ['a gap', document({ fdNumber: 7 }), drive(), 'none', 'outOfOrder'],
    ['an old number that is not stored', document({ fdNumber: 3 }), drive(), 'none', 'outOfOrder'],
    ['other bytes under a stored number', document({ fdNumber: 3 }), drive(), 'other', 'conflict'],
    [
      'a receipt that would begin a chain',
      document({ fdNumber: 2 }),
      drive({ lastFd: null }),
      'none',
      'outOfOrder',
    ],
  ] as const)('refuses %s', (_name, doc, known, stored, answer) => {
    expect(decide(doc, known, stored)).toMatchObject({ kind: 'refuse', answer });
  });

  it.each(['active', 'unpaid', 'not_activated', 'closed'] as const)(
    'confirms a stored document again while the KKT is %s',
    (kktState) => {
      expect(decide(document({ fdNumber: 3 }), drive({ kktState, closed: true }), 'same')).toEqual({
        kind: 'repeat',
      });
    },
  );

  it('a KKT of another operator begins with its registration report, whatever the number', () => {
    const fresh = drive({ lastFd: null });
    expect(decide(document({ fdNumber: 4711, form: 11 }), fresh, 'none').kind).toBe('store');
    expect(decide(document({ fdNumber: 1, form: 1 }), fresh, 'none').kind).toBe('store');
    expect(
      decide(document({ fdNumber: 4711, form: 3 }), drive({ lastFd: null, firstFd: 4711 }), 'none').kind,
    ).toBe('store');
  });

  it('a KKT that comes back from another operator says so with its report', () => {
    const back = document({ fdNumber: 40, form: 11, changesOperator: true });
    expect(decide(back, drive(), 'none').kind).toBe('store');
    expect(decide({ ...back, changesOperator: false }, drive(), 'none')).toMatchObject({
      answer: 'outOfOrder',
    });
    expect(decide({ ...back, form: 3 }, drive(), 'none')).toMatchObject({ answer: 'outOfOrder' });
    expect(decide({ ...back, fdNumber: 4 }, drive(), 'none')).toMatchObject({ answer: 'outOfOrder' });
  });

  it('stores at most one document per number, always the next one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 40 }), (numbers) => {
        const chain = drive({ lastFd: null });
        const stored: number[] = [];
        for (const fdNumber of numbers) {
          const verdict = decide(document({ fdNumber }), chain, stored.includes(fdNumber) ? 'same' : 'none');
          if (verdict.kind !== 'store') continue;
          stored.push(fdNumber);
          chain.lastFd = fdNumber;
        }
        expect(stored).toEqual(stored.map((_, index) => index + 1));
      }),
    );
  });
});
