import { simulateBlock } from './block';
import { faultNames } from './fault-kinds';
import { findings, none, SimBench, small } from './spec-bench';

jest.setTimeout(900_000);

let bench: SimBench;

beforeAll(async () => {
  bench = await SimBench.open();
});

afterAll(() => bench?.close());

/** What the simulation has found, each under the faults that showed it. */
describe('regressions', () => {
  it.each([
    ['an FN that lost power while an answer was awaited gives its message again', 'fn-pulled'],
    ['an FN that failed and was pulled works again when both are over', 'fn-fault,fn-pulled'],
    ['FNs that were full for a while are used again when they have room', 'fn-full'],
    ['troubles of the database that overlap all end', 'postgres-disk-full,postgres-refuses'],
    ['a report whose FN refuses to answer is settled when it speaks again', 'fn-fault,kill-driver-in-report'],
    ['another FN in the slot leaves the receipt in doubt until its own is back', 'other-fn-behind-port'],
    ['a message damaged on the line is not sent to the operator for ever', 'bits-flip-to-host'],
    [
      'a confirmation that only the FN knows of is noted by the next session',
      'kill-driver-behind-frame,postgres-answers-lost,postgres-refuses',
    ],
  ])('%s', async (_title, faults) => {
    await bench.runAll(2, { faults: faultNames(faults), maxFaults: 10 });
  });
});

describe('an operator away for 33 days (fault 35)', () => {
  it('dispatch leaves each register before its FN blocks itself; afterwards all is carried in order and made', async () => {
    const options = { ...small, receipts: 60, modules: 2, faults: [], seed: 2 };
    const result = await simulateBlock(bench.database, bench.catalog, options, 33);
    expect(findings(result)).toEqual(none(result));
    expect(result.blocked).toBeGreaterThan(0);
    expect(result.waited).toBeGreaterThan(0);
    expect(result).toMatchObject({ accepted: 60, outOfOrder: 0, undecided: 0 });
  });
});
