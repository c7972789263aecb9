import { fnCommandByCode, type AnyFnCommand } from '@kkt/atol-protocol';
import { encodeTlv, TAG, type TlvNode } from '@kkt/ffd';
import {
  buildMarkAnswer,
  buildNotificationReceipt,
  decodeContainer,
  orThrow,
  parseMarkNotification,
  parseMarkRequest,
} from '@kkt/ofd-protocol';
import { BENCH_FN, codeOf, FnBench } from '../testing/fn-bench';
import { makeMarkCode } from './mark-keys';
import { RamFnMemory } from './memory';
import { FN_CODE, FnRefusal, OFD_ANSWER_REASON } from './refusal';

const own = makeMarkCode('04600000000017', 'A1');
const planned = (status: number): Buffer => encodeTlv([{ tag: TAG.plannedStatus, value: status }]);

/** A registered FN with an open shift, and its marking commands by name. */
function desk(memory = new RamFnMemory(), isFresh = true) {
  const bench = new FnBench({}, memory);
  if (isFresh) {
    bench.register(4, { extMode: 0x10 });
    bench.openShift();
  }
  const run = <T>(code: number, request: object = {}): T => {
    const row = fnCommandByCode(code) as AnyFnCommand;
    const bytes = (row.encodeRequest as (given: object) => Buffer)(request);
    const answer = row.decodeAnswer(bench.drive.marking.execute(row, bytes, bench.now));
    if (!answer.ok) throw new Error(`command ${code} was refused`);
    return answer.data as T;
  };
  return {
    bench,
    check: (code: string) =>
      run<{ result: number; reason: number }>(0xb1, { kind: 0, code: Buffer.from(code, 'latin1') }),
    ask: (status = 1) =>
      orThrow(
        parseMarkRequest(
          orThrow(
            decodeContainer(
              run<{ request: Buffer }>(0xb5, { at: '2026-01-12T09:00', tlv: planned(status) }).request,
            ),
          ),
        ),
      ),
    answer: (answer: Buffer) => run<{ result: number }>(0xb6, { answer }).result,
    keep: () => run<{ result?: number }>(0xb2, { keep: 1 }).result,
    state: () => run<{ savedCodes: number; notificationsQueued: number }>(0xb0, { detail: 0 }),
    queue: () => run<{ queued: number; firstNumber: number; state: number }>(0xba),
    read: () => {
      const { length } = run<{ length: number }>(0xbb);
      const { block } = run<{ block: Buffer }>(0xbc, { offset: 0, length });
      run(0xbe);
      return orThrow(parseMarkNotification(orThrow(decodeContainer(block))));
    },
    confirm: (receipt: Buffer) => run(0xbf, { receipt }),
  };
}

const answerTo = (number: number, result = 15): Buffer =>
  buildMarkAnswer(BENCH_FN, { number, at: '2026-01-12T09:00:00', requestCode: 0, status: 1, result });

/** The bench's own receipt with a marked item. */
function sellMarked(bench: FnBench, result: number): number {
  const item = (node: TlvNode): TlvNode =>
    node.tag === TAG.item && Array.isArray(node.value)
      ? {
          tag: TAG.item,
          value: [
            ...node.value,
            { tag: TAG.productCodes, value: [{ tag: TAG.codeGs1m, value: '010460000000001721A1' }] },
            { tag: TAG.goodsCheckResult, value: result },
            { tag: TAG.markMode, value: 0 },
          ],
        }
      : node;
  const add = bench.add.bind(bench);
  bench.add = (nodes) => add(nodes.map(item));
  try {
    return bench.receipt(100).fd;
  } finally {
    bench.add = add;
  }
}

describe('marking codes in the FN', () => {
  it('are checked by its own key, and by no other', () => {
    const { check, keep } = desk();
    const results = [
      own,
      makeMarkCode('04600000000017', 'A1', true),
      '0104600000000017215\u001d91XXXX\u001d92eA==',
      '0104600000000017215',
      '46000000',
    ].map((code) => {
      const { result, reason } = check(code);
      return [result, reason, keep()];
    });
    expect(results).toEqual([
      [3, 0, 3],
      [1, 0, 1],
      [0, 2, 0],
      [0, 3, 0],
      [0, 1, 0],
    ]);
  });

  it('are asked about by a request whose right answer alone counts', () => {
    const { check, ask, answer, keep } = desk();
    check(own);
    const request = ask(1);
    expect(request).toMatchObject({ number: 1, fnNumber: BENCH_FN, code: own, fnCheck: 3, plannedStatus: 1 });
    const reasonOf = (bytes: Buffer): number | undefined => {
      try {
        answer(bytes);
        return undefined;
      } catch (error) {
        if (!(error instanceof FnRefusal)) throw error;
        expect(error.code).toBe(FN_CODE.ofdAnswerRefused);
        return error.data[0];
      }
    };
    const right = answerTo(1);
    const damaged = Buffer.from(right);
    damaged[40] = (damaged[40] ?? 0) ^ 1;
    const forged = buildMarkAnswer('9999078900000002', {
      number: 1,
      at: '2026-01-12T09:00:00',
      requestCode: 0,
      result: 15,
    });
    expect([answerTo(2), damaged, forged, right.subarray(1)].map(reasonOf)).toEqual([
      OFD_ANSWER_REASON.wrongDocument,
      OFD_ANSWER_REASON.badCrc,
      OFD_ANSWER_REASON.wrongFn,
      OFD_ANSWER_REASON.badLength,
    ]);
    expect(answer(right)).toBe(15);
    expect(codeOf(() => answer(right))).toBe(FN_CODE.markingOrder);
    expect(keep()).toBe(15);
  });

  it('come in order, and no more than fit', () => {
    const { check, keep, ask } = desk();
    expect(codeOf(keep)).toBe(FN_CODE.markingOrder);
    expect(codeOf(ask)).toBe(FN_CODE.markingOrder);
    for (let n = 0; n < 128; n += 1) {
      check(own);
      expect(codeOf(() => check(own))).toBe(FN_CODE.markingOrder);
      keep();
    }
    expect(codeOf(() => check(own))).toBe(FN_CODE.markTableFull);
  });
});

describe('notifications of sold marked goods', () => {
  it('come into being with their receipt, outlive a power cut, and leave for a right receipt only', () => {
    const memory = new RamFnMemory();
    const first = desk(memory);
    first.check(own);
    first.ask(1);
    first.answer(answerTo(1));
    first.keep();
    const fd = sellMarked(first.bench, 15);
    expect(first.state()).toMatchObject({ savedCodes: 0, notificationsQueued: 1 });
    sellMarked(first.bench, 0);
    first.bench.receipt(50);
    first.read();

    const { queue, read, confirm } = desk(memory, false);
    expect(queue()).toMatchObject({ queued: 2, firstNumber: 1, state: 0 });
    expect(read()).toMatchObject({
      number: 1,
      fnNumber: BENCH_FN,
      fdNumber: fd,
      sign: 1,
      taxSystem: 2,
      kind: 1,
      goods: [{ code: own, assignedStatus: 1, checkResult: 15 }],
    });
    const receipt = (number: number): Buffer =>
      buildNotificationReceipt(BENCH_FN, { number, at: '2026-01-12T09:00:00', code: 0 });
    expect(codeOf(() => confirm(receipt(2)))).toBe(FN_CODE.ofdAnswerRefused);
    confirm(receipt(1));
    expect(queue()).toMatchObject({ queued: 1, firstNumber: 2 });
    expect(read().goods).toEqual([expect.objectContaining({ code: '010460000000001721A1', checkResult: 0 })]);
    confirm(receipt(2));
    expect(codeOf(read)).toBe(FN_CODE.noData);
    expect(desk(memory, false).queue()).toMatchObject({ queued: 0 });
  });

  it('are counted in the reports', () => {
    const { bench } = desk();
    sellMarked(bench, 0);
    const { fd } = bench.closeShift();
    expect(
      bench.drive.document(fd)?.tlv.includes(encodeTlv([{ tag: TAG.unsentNotifications, value: 1 }])),
    ).toBe(true);
  });
});
