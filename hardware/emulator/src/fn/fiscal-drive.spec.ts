import { mkdtempSync, readFileSync, rmSync, truncateSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkDocument, childrenOf, decodeTlv, encodeTlv, numberOf, TAG, textOf } from '@kkt/ffd';
import { decodeContainer, orThrow } from '@kkt/ofd-protocol';
import { BENCH_FN, codeOf, FnBench } from '../testing/fn-bench';
import { answerTo, type AnswerOver } from '../testing/operator';
import { DAY_MS, HOUR_MS } from '../wall-time';
import { FileFnMemory } from './file-memory';
import { FN_CODE, FnRefusal, OFD_ANSWER_REASON } from './refusal';

const inside = (bench: FnBench, fd: number) => {
  const document = bench.drive.document(fd);
  if (!document) throw new Error(`no document ${fd}`);
  return { form: document.head.form, nodes: childrenOf(decodeTlv(document.tlv), document.head.form) ?? [] };
};

describe('a day of an FN', () => {
  it.each([2, 3, 4] as const)('keeps every document right by FFD code %i', (ffd) => {
    const bench = new FnBench();
    bench.register(ffd);
    bench.openShift();
    for (let made = 0; made < 50; made += 1) bench.later(1000).receipt(100 + made);
    bench.receipt(120, 2);
    bench.receipt(130, 3);
    bench.receipt(140, 4);
    if (ffd > 2) bench.receipt(150, 1, 'correction');
    bench.settlement();
    bench.later(HOUR_MS).closeShift();
    bench.reregister(ffd, 0x84);
    bench.closeFn();
    const { lastFd } = bench.drive.state;
    const problems = Array.from({ length: lastFd }, (_, at) =>
      checkDocument(bench.drive.document(at + 1)?.tlv ?? Buffer.alloc(0), ffd),
    );
    expect(problems.flat()).toEqual([]);
    const forms = Array.from({ length: lastFd }, (_, at) => inside(bench, at + 1).form);
    const receipts = Array.from({ length: 53 }, () => 3);
    expect(forms).toEqual([1, 2, ...receipts, ...(ffd > 2 ? [31] : []), 21, 5, 11, 6]);
  });

  it('counts the shift and the life of the FN', () => {
    const bench = new FnBench();
    bench.register();
    bench.openShift();
    bench.receipt(1000);
    bench.receipt(500, 2);
    const first = bench.closeShift();
    bench.openShift();
    bench.receipt(700);
    bench.receipt(50, 1, 'correction');
    const second = bench.closeShift();
    const { nodes } = inside(bench, second.fd);
    expect(numberOf(nodes, TAG.receiptsInShift)).toBe(2);
    expect(numberOf(nodes, TAG.documentsInShift)).toBe(4);
    expect(numberOf(inside(bench, first.fd).nodes, TAG.documentsInShift)).toBe(4);
    const of = (totals: number, sign: number) => childrenOf(childrenOf(nodes, totals) ?? [], sign) ?? [];
    expect(numberOf(of(TAG.shiftTotals, TAG.countersIncome), TAG.totalOfReceipts)).toBe(700);
    expect(numberOf(of(TAG.fnTotals, TAG.countersIncome), TAG.totalOfReceipts)).toBe(1700);
    expect(numberOf(of(TAG.fnTotals, TAG.countersIncomeReturn), TAG.totalEcash)).toBe(500);
    expect(numberOf(of(TAG.fnTotals, TAG.countersIncome), TAG.totalNoVat)).toBe(1700);
    expect(numberOf(childrenOf(nodes, TAG.fnTotals) ?? [], TAG.countAll)).toBe(4);
    const corrections = of(TAG.fnTotals, TAG.countersCorrection);
    expect(numberOf(corrections, TAG.countCorrections)).toBe(1);
    expect(numberOf(childrenOf(corrections, TAG.correctionsIncome) ?? [], TAG.totalOfReceipts)).toBe(50);
    // The order's own bound of these counters.
    for (const sign of [1145, 1146, 1232, 1233])
      expect(encodeTlv(childrenOf(corrections, sign) ?? []).length).toBeLessThanOrEqual(32);
  });

  it('tells what waits for the operator', () => {
    const bench = new FnBench();
    bench.register();
    bench.openShift();
    bench.receipt(300);
    const report = bench.later(3 * DAY_MS).settlement();
    const { nodes } = inside(bench, report.fd);
    expect(numberOf(nodes, TAG.unsentCount)).toBe(3);
    expect(textOf(nodes, TAG.unsentSince)).toBe('2026-01-12T00:00:00');
    expect(numberOf(nodes, TAG.firstUnsentNumber)).toBe(1);
    const unsent = childrenOf(nodes, TAG.unsentTotals) ?? [];
    expect(numberOf(childrenOf(unsent, TAG.correctionsIncome) ?? [], TAG.totalOfReceipts)).toBe(300);
  });

  it('signs the same document alike and no other document so', () => {
    const signs = [1, 2].map(() => {
      const bench = new FnBench();
      bench.register();
      bench.openShift();
      return [bench.receipt(100).fiscalSign, bench.receipt(100).fiscalSign];
    });
    expect(signs[0]).toEqual(signs[1]);
    expect(new Set(signs[0]).size).toBe(2);
  });
});

describe('the exchange with the operator', () => {
  const withMessage = (): { bench: FnBench; message: Buffer } => {
    const bench = new FnBench();
    bench.register();
    bench.openShift();
    bench.receipt();
    bench.drive.exchange.setTransport(true);
    const message = Buffer.from(bench.drive.exchange.readBlock(0, bench.drive.exchange.begin()));
    bench.drive.exchange.finish();
    return { bench, message };
  };
  const refusalOf = (attempt: () => unknown): { code: number; reason?: number } => {
    try {
      attempt();
      return { code: 0 };
    } catch (error) {
      if (!(error instanceof FnRefusal)) throw error;
      return { code: error.code, reason: error.data[0] };
    }
  };
  const refused = (reason: keyof typeof OFD_ANSWER_REASON) => ({
    code: FN_CODE.ofdAnswerRefused,
    reason: OFD_ANSWER_REASON[reason],
  });

  it('gives documents in order, each until it is confirmed', () => {
    const { bench, message } = withMessage();
    const { drive } = bench;
    expect(orThrow(decodeContainer(message))).toMatchObject({
      documentCode: 1,
      fdNumber: 1,
      fnNumber: BENCH_FN,
    });
    drive.exchange.cancel();
    expect(drive.exchange.begin()).toBe(message.length);
    expect(drive.exchange.readBlock(0, message.length)).toEqual(message);
    drive.exchange.finish();
    drive.confirm(answerTo(message), bench.now);
    expect(drive.state).toMatchObject({ confirmed: 1, lastFd: 3 });
    expect(drive.operatorReceipt(1)).toMatchObject({ fd: 1 });
    const next = drive.exchange.readBlock(0, drive.exchange.begin());
    expect(orThrow(decodeContainer(next)).fdNumber).toBe(2);
  });

  it.each<[string, AnswerOver, keyof typeof OFD_ANSWER_REASON]>([
    ['of another FN', { fnNumber: '9999078900000002' }, 'wrongFn'],
    ['for another document', { fdNumber: 2 }, 'wrongDocument'],
    ['for another document inside', { insideFd: 2 }, 'wrongDocument'],
    ['that is no confirmation', { documentCode: 3 }, 'wrongDocument'],
    ['with code 11', { code: 11 }, 'refusedByOperator'],
    ['with a code of its own and no sign', { code: 202, unsigned: true }, 'refusedByOperator'],
    ['without a sign', { unsigned: true }, 'badSign'],
    ['signed by another key', { key: 'somebody' }, 'badSign'],
    ['with an empty sign', { sign: Buffer.alloc(0) }, 'badSign'],
    ['with a sign that is too long', { sign: Buffer.alloc(19, 7) }, 'badSign'],
  ])('refuses an answer %s and goes on waiting', (_, over, reason) => {
    const { bench, message } = withMessage();
    // FFD 1.05 carries the code in tag 1022, later ones only in bits: the code cases speak of the former.
    const answer = answerTo(message, { ...over, ...(over.code === 11 ? { unsigned: true } : {}) });
    expect(refusalOf(() => bench.drive.confirm(answer, bench.now))).toEqual(refused(reason));
    expect(bench.drive.state.confirmed).toBe(0);
    bench.drive.confirm(answerTo(message), bench.now);
    expect(bench.drive.state.confirmed).toBe(1);
  });

  it.each([16, 18])('believes another operator’s sign of %i bytes, which it cannot check', (bytes) => {
    const { bench, message } = withMessage();
    bench.drive.confirm(answerTo(message, { sign: Buffer.alloc(bytes, 0xa7) }), bench.now);
    expect(bench.drive.state.confirmed).toBe(1);
  });

  it('refuses damaged and cut answers', () => {
    const { bench, message } = withMessage();
    const good = answerTo(message);
    const damaged = Buffer.from(good);
    damaged[40] = (damaged[40] ?? 0) ^ 1;
    expect(refusalOf(() => bench.drive.confirm(damaged, bench.now))).toEqual(refused('badCrc'));
    expect(refusalOf(() => bench.drive.confirm(good.subarray(0, 60), bench.now))).toEqual(
      refused('badLength'),
    );
    expect(bench.drive.state.confirmed).toBe(0);
  });

  it('takes a confirmation once, and only when it waits for one', () => {
    const { bench, message } = withMessage();
    const answer = answerTo(message);
    bench.drive.confirm(answer, bench.now);
    expect(codeOf(() => bench.drive.confirm(answer, bench.now))).toBe(FN_CODE.wrongState);
    bench.drive.exchange.begin();
    bench.drive.exchange.finish();
    expect(refusalOf(() => bench.drive.confirm(answer, bench.now))).toEqual(refused('wrongDocument'));
  });

  it('delivers a document that failed format control, and warns until the next shift', () => {
    const { bench, message } = withMessage();
    bench.drive.confirm(answerTo(message, { code: 14 }), bench.now);
    expect(bench.drive.state.confirmed).toBe(1);
    expect(bench.drive.warnings(bench.now) & 0x10).toBe(0x10);
    bench.closeShift();
    bench.openShift();
    expect(bench.drive.warnings(bench.now) & 0x10).toBe(0);
  });

  it.each<[string, (bench: FnBench) => unknown, number]>([
    ['reading without transport', ({ drive }) => drive.exchange.begin(), FN_CODE.noTransport],
    [
      'an empty queue',
      (bench) => {
        bench.drive.exchange.setTransport(true);
        return bench.drive.exchange.begin();
      },
      FN_CODE.noData,
    ],
    ['a block of nothing', ({ drive }) => drive.exchange.readBlock(0, 1), FN_CODE.wrongState],
    [
      'an answer nobody asked for',
      (bench) => bench.drive.confirm(Buffer.alloc(40), bench.now),
      FN_CODE.wrongState,
    ],
  ])('refuses %s', (_, act, code) => {
    expect(codeOf(() => act(new FnBench()))).toBe(code);
  });

  it('ends as an archive when the closing report is confirmed', () => {
    const bench = new FnBench();
    bench.register();
    bench.closeFn();
    expect(bench.drive.state.phase).toBe(7);
    bench.drive.exchange.setTransport(true);
    for (const fd of [1, 2]) {
      const message = bench.drive.exchange.readBlock(0, bench.drive.exchange.begin());
      bench.drive.exchange.finish();
      bench.drive.confirm(answerTo(message), bench.now);
      expect(bench.drive.state.confirmed).toBe(fd);
    }
    expect(bench.drive.state.phase).toBe(15);
  });

  it('sends nothing in autonomous mode', () => {
    const bench = new FnBench();
    bench.register(4, { mode: 2 });
    bench.openShift();
    bench.receipt();
    expect(bench.drive.state.unsent.length).toBe(0);
    bench.closeShift();
    bench.closeFn();
    expect(bench.drive.state.phase).toBe(15);
  });
});

describe('memory on disk', () => {
  let dir: string;
  const file = (): string => join(dir, 'fn', 'journal');
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'kkt-fn-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  const day = (bench: FnBench): void => {
    bench.register();
    bench.openShift();
    for (let made = 0; made < 20; made += 1) bench.receipt(100 + made);
    bench.drive.exchange.setTransport(true);
    for (let sent = 0; sent < 5; sent += 1) {
      const message = bench.drive.exchange.readBlock(0, bench.drive.exchange.begin());
      bench.drive.exchange.finish();
      bench.drive.confirm(answerTo(message), bench.now);
    }
  };

  it('comes back as it was', () => {
    const first = new FnBench({}, new FileFnMemory(file()));
    day(first);
    const { state } = first.drive;
    const again = new FnBench({}, new FileFnMemory(file()));
    expect(again.drive.state).toEqual(state);
    expect(again.drive.document(7)).toEqual(first.drive.document(7));
    expect(again.drive.operatorReceipt(5)).toEqual(first.drive.operatorReceipt(5));
    again.receipt(1);
    expect(again.drive.state.lastFd).toBe(23);
  });

  it('drops a record the host could not finish, keeps all before it', () => {
    const first = new FnBench({}, new FileFnMemory(file()));
    day(first);
    const whole = statSync(file()).size;
    first.receipt(55);
    for (const cut of [1, 7, 9, 100]) {
      truncateSync(file(), whole + cut);
      const again = new FnBench({}, new FileFnMemory(file()));
      expect(again.drive.state.lastFd).toBe(22);
      expect(readFileSync(file())).toHaveLength(whole);
    }
  });

  it('tells when a document is safe from a power cut of the host', async () => {
    const bench = new FnBench({}, new FileFnMemory(file()));
    bench.register();
    let told = 0;
    const waits = [1, 2, 3].map(
      () => new Promise<void>((resolve) => bench.drive.flush(() => resolve(void (told += 1)))),
    );
    expect(told).toBe(0);
    await Promise.all(waits);
    expect(told).toBe(3);
    bench.drive.flush(() => (told += 1));
    expect(told).toBe(4);
  });

  it('is factory-fresh after a debug reset, under the same number', () => {
    const bench = new FnBench({}, new FileFnMemory(file()));
    day(bench);
    bench.drive.resetMemory();
    expect(bench.drive.state).toMatchObject({ phase: 1, lastFd: 0, fnNumber: BENCH_FN });
    const again = new FnBench({}, new FileFnMemory(file()));
    expect(again.drive.state).toEqual(bench.drive.state);
    expect(again.register().fd).toBe(1);
  });
});
