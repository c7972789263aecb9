import { FarmError, silentLog } from '@kkt/contracts';
import type { DocumentRecord, FnState } from '@kkt/kkt-driver';
import type { ArchivePart, ArchiveReadRequest } from '@kkt/storage';
import { VirtualClock } from '@kkt/testing';
import { defaultDispatchSettings } from '../settings';
import { ArchiveDuty } from './archive-duty';

const fnNumber = '9999000000000001';
const request = (over: Partial<ArchiveReadRequest> = {}): ArchiveReadRequest => ({
  id: '1',
  registerId: 7,
  fnNumber,
  nextFd: 1,
  toFd: null,
  ...over,
});

class Bench {
  readonly clock = new VirtualClock();
  readonly parts: { id: string; part: ArchivePart }[] = [];
  readonly failed: { id: string; reason: string }[] = [];
  lastFd = 45;
  fnNumber = fnNumber;
  missing = new Set<number>();
  wanted = true;
  deviceFault: Error | undefined;
  storeFault: Error | undefined;
  readonly duty = new ArchiveDuty(
    {
      clock: this.clock,
      log: silentLog,
      settings: defaultDispatchSettings,
      archive: {
        waitingFor: () => Promise.resolve([]),
        put: (id, part) => {
          if (this.storeFault) return Promise.reject(this.storeFault);
          this.parts.push({ id, part });
          return Promise.resolve(this.wanted);
        },
        fail: (id, reason) => {
          this.failed.push({ id, reason });
          return Promise.resolve();
        },
      },
    },
    {
      fnState: () =>
        Promise.resolve({ fnNumber: this.fnNumber, lastFdNumber: this.lastFd } as unknown as FnState),
      documentRecord: (fdNumber) =>
        this.deviceFault
          ? Promise.reject(this.deviceFault)
          : Promise.resolve(this.missing.has(fdNumber) ? undefined : record(fdNumber)),
    },
  );

  get numbers(): number[] {
    return this.parts.flatMap(({ part }) => part.records.map(({ fdNumber }) => fdNumber));
  }
}

const record = (fdNumber: number): DocumentRecord => ({
  fdNumber,
  form: 3,
  type: 4,
  fiscalSign: fdNumber * 10,
  at: '2026-11-23T12:00:00',
  delivered: true,
});

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

describe('reading an FN archive', () => {
  it('has nothing to do until asked', () => {
    const { duty } = new Bench();
    expect(duty.due(false)).toBe(false);
    expect(duty.isFree).toBe(true);
  });

  it('reads to the last document in bounded parts', async () => {
    const bench = new Bench();
    expect(bench.duty.give(request())).toBe(true);
    while (bench.duty.due(false)) await bench.duty.step();
    expect(bench.numbers).toEqual(numbers(1, 45));
    expect(bench.parts.map(({ part }) => [part.nextFd, part.isDone])).toEqual([
      [21, false],
      [41, false],
      [46, true],
    ]);
  });

  it('does nothing under load', () => {
    const { duty } = new Bench();
    duty.give(request());
    expect(duty.due(true)).toBe(false);
    expect(duty.due(false)).toBe(true);
  });

  it('goes on where the row says and ends where it says', async () => {
    const bench = new Bench();
    bench.duty.give(request({ nextFd: 30, toFd: 33 }));
    await bench.duty.step();
    expect(bench.numbers).toEqual([30, 31, 32, 33]);
    expect(bench.duty.isFree).toBe(true);
  });

  it('tells numbers the FN does not know, and ends at once beyond its last document', async () => {
    const bench = new Bench();
    bench.missing.add(3);
    bench.duty.give(request({ toFd: 4 }));
    await bench.duty.step();
    expect(bench.parts[0]?.part.missing).toEqual([3]);
    bench.duty.give(request({ id: '2', nextFd: 46 }));
    await bench.duty.step();
    expect(bench.parts[1]).toEqual({
      id: '2',
      part: { nextFd: 46, lastFd: 45, records: [], missing: [], isDone: true },
    });
  });

  it('does not take a row again that it has just ended', async () => {
    const bench = new Bench();
    bench.duty.give(request({ toFd: 4 }));
    await bench.duty.step();
    expect(bench.duty.give(request({ toFd: 4 }))).toBe(false);
    expect(bench.duty.give(request({ id: '2' }))).toBe(true);
  });

  it('stops when nobody wants it any more', async () => {
    const bench = new Bench();
    bench.wanted = false;
    bench.duty.give(request());
    await bench.duty.step();
    expect(bench.duty.isFree).toBe(true);
  });

  it('says so when another FN is inserted or the FN refuses', async () => {
    const bench = new Bench();
    bench.fnNumber = '9999000000000002';
    bench.duty.give(request());
    await bench.duty.step();
    bench.fnNumber = fnNumber;
    bench.deviceFault = new FarmError('DEVICE-FN-FAULT', 'no');
    bench.duty.give(request({ id: '2' }));
    await bench.duty.step();
    expect(bench.failed).toEqual([
      { id: '1', reason: 'DEVICE-ANOTHER-FN' },
      { id: '2', reason: 'DEVICE-FN-FAULT' },
    ]);
  });

  it('survives broken links, and gives up before it keeps the register from its work', async () => {
    const bench = new Bench();
    bench.duty.give(request());
    await bench.duty.step();
    bench.deviceFault = new FarmError('WIRE-LOST', 'gone');
    await expect(bench.duty.step()).rejects.toThrow('gone');
    expect(bench.duty.due(false)).toBe(false);
    await bench.clock.advance(2_000);
    expect(bench.duty.due(false)).toBe(true);
    bench.deviceFault = undefined;
    await bench.duty.step();
    expect(bench.numbers).toEqual(numbers(1, 40));
    bench.deviceFault = new FarmError('WIRE-MALFORMED', 'nonsense');
    for (let n = 0; n < 3; n += 1) await expect(bench.duty.step()).rejects.toThrow('nonsense');
    expect(bench.duty.isFree).toBe(true);
    expect(bench.failed).toEqual([{ id: '1', reason: 'WIRE-MALFORMED' }]);
  });

  it('does not break the session off when the part cannot be stored', async () => {
    const bench = new Bench();
    bench.duty.give(request());
    bench.storeFault = new Error('Connection terminated');
    await bench.duty.step();
    bench.storeFault = undefined;
    await bench.clock.advance(2_000);
    await bench.duty.step();
    expect(bench.numbers).toEqual(numbers(1, 20));
  });
});
