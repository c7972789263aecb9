import { silentLog, type FiscalProof, type ReceiptContent } from '@kkt/contracts';
import type { DocumentRecord, FnState } from '@kkt/kkt-driver';
import { VirtualClock } from '@kkt/testing';
import { defaultDispatchSettings } from '../settings';
import { recordFits } from './outcome';
import { TextDuty } from './text-duty';

const FN = '9999078900000001';
const content = (over: Partial<ReceiptContent> = {}): ReceiptContent =>
  ({ form: 'receipt', sign: 1, totalKop: 5000, items: [{ name: 'Чай' }], ...over }) as ReceiptContent;
const proofOf = (fdNumber: number, tlvHex: string): FiscalProof => ({
  fnNumber: FN,
  fdNumber,
  fiscalSign: 1,
  form: 3,
  at: '2026-11-27T10:00:00',
  tlvHex,
});

function bench(over: { texts?: Record<number, string>; same?: boolean; room?: number } = {}) {
  const { texts = { 3: 'aa', 4: 'bb' }, same = true, room = 10 } = over;
  const stored = new Map<number, string>();
  const frozen: string[] = [];
  let isAway = false;
  let inserted = FN;
  const clock = new VirtualClock();
  const duty = new TextDuty(
    {
      clock,
      log: silentLog,
      settings: { ...defaultDispatchSettings, textsOwedAtMost: room },
      compare: { same: () => same, difference: () => ['1020: 50.00, not 60.00'] },
      texts: {
        owed: (_fn, limit) => Promise.resolve([3, 4].slice(0, limit)),
        receiptOf: () => Promise.resolve(content()),
        put: (_fn, fdNumber, tlvHex) => {
          if (isAway) return Promise.reject(new Error('no database'));
          stored.set(fdNumber, tlvHex);
          return Promise.resolve();
        },
      },
    },
    {
      textIsCostly: true,
      fnState: () => Promise.resolve({ fnNumber: inserted } as FnState),
      document: (fd) =>
        Promise.resolve(inserted === FN && fd in texts ? proofOf(fd, texts[fd] ?? '') : undefined),
    },
    {
      freeze: (alertClass, why) => {
        frozen.push(`${alertClass}: ${why}`);
        return Promise.resolve();
      },
    },
  );
  return {
    duty,
    stored,
    frozen,
    clock,
    setAway: (away: boolean) => (isAway = away),
    insert: (fnNumber: string) => (inserted = fnNumber),
  };
}

describe('texts read later', () => {
  it('begin with what an earlier session owed, the oldest first, when there is time', async () => {
    const { duty, stored } = bench();
    await duty.begin(FN);
    expect(duty.due(true)).toBe(false);
    expect(duty.due(false)).toBe(true);
    await duty.step();
    expect([...stored]).toEqual([[3, 'aa']]);
    await duty.step();
    expect([...stored.keys()]).toEqual([3, 4]);
    expect(duty.due(false)).toBe(false);
  });

  it('are read under load too once too many are owed, and no more are put off', async () => {
    const { duty } = bench({ room: 2 });
    expect(duty.mayWait(content(), true)).toBe(true);
    await duty.begin(FN);
    expect(duty.due(true)).toBe(true);
    expect(duty.mayWait(content(), true)).toBe(false);
    await duty.step();
    expect(duty.due(true)).toBe(false);
  });

  it('are not put off without load, nor when a marking result stands in them', () => {
    const { duty } = bench();
    expect(duty.mayWait(content(), false)).toBe(false);
    const marked = content({ items: [{ mark: { kind: 'gs1m', code: 'x' } }] as ReceiptContent['items'] });
    expect(duty.mayWait(marked, true)).toBe(false);
  });

  it('stop the register when a text differs from its receipt, and are kept all the same', async () => {
    const { duty, stored, frozen } = bench({ same: false });
    await duty.begin(FN);
    await duty.step();
    expect(frozen).toEqual(['document_differs: документ 3 отличается от чека: 1020: 50.00, not 60.00']);
    expect(stored.get(3)).toBe('aa');
  });

  it('are not given up because another FN is in the slot: the session ends, the next one asks again', async () => {
    const { duty, stored, insert } = bench();
    await duty.begin(FN);
    insert('9999078950000001');
    await expect(duty.step()).rejects.toThrow('SYS-WRONG-DEVICE');
    insert(FN);
    await duty.step();
    expect([...stored]).toEqual([[3, 'aa']]);
  });

  it('are tried again when the database is away, and given up when the FN has erased them', async () => {
    const { duty, stored, clock, setAway } = bench({ texts: { 3: 'aa' } });
    await duty.begin(FN);
    setAway(true);
    await duty.step();
    expect(duty.due(false)).toBe(false);
    setAway(false);
    await clock.advance(2_000);
    expect(duty.due(false)).toBe(true);
    await duty.step();
    await duty.step();
    expect([...stored]).toEqual([[3, 'aa']]);
    expect(duty.due(false)).toBe(false);
  });
});

describe('a short record', () => {
  const record: DocumentRecord = {
    fdNumber: 3,
    fiscalSign: 1,
    type: 4,
    form: 3,
    at: '2026-11-27T10:00:00',
    delivered: false,
    sign: 1,
    totalKop: 5000,
  };
  const intent = { fdBefore: 2, content: content() };

  it('fits by number, form, sign and total', () => {
    expect(recordFits(intent, record)).toBe(true);
  });

  it.each<[string, Partial<DocumentRecord>]>([
    ['another number', { fdNumber: 4 }],
    ['a correction', { form: 31 }],
    ['a shift report', { form: 5, sign: undefined, totalKop: undefined }],
    ['another sign', { sign: 2 }],
    ['another total', { totalKop: 5001 }],
  ])('does not fit: %s', (_what, over) => {
    expect(recordFits(intent, { ...record, ...over })).toBe(false);
  });

  it('never fits an intent without a receipt', () => {
    expect(recordFits({ fdBefore: 2, content: null as never }, record)).toBe(false);
  });
});
