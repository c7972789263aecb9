import { type Clock, silentLog } from '@kkt/contracts';
import type { AcceptOutcome, NewReceipt } from '@kkt/storage';
import { Registry } from 'prom-client';
import { ReceiptApiMetrics } from '../metrics';
import { ReceiptIntake } from './receipt-intake';

/** Time that passes as soon as somebody waits for it. */
const hastyClock: Clock = {
  nowMs: () => 0,
  monotonicMs: () => 0,
  setTimer(_delayMs, run) {
    setImmediate(run);
    return { cancel: () => undefined };
  },
};

const receipt = (id: string, changes: Partial<NewReceipt> = {}) =>
  ({ id, groupId: 7, externalId: id, ...changes }) as NewReceipt;

const away = Object.assign(new Error('gone'), { code: '57P01' });

function intakeOver(
  accept: (batch: readonly NewReceipt[]) => Promise<AcceptOutcome[]>,
  drivers = ['d1', 'd2'],
) {
  const woken: string[] = [];
  const intake = new ReceiptIntake({
    store: { accept },
    directory: { driversOf: () => drivers },
    wakeBus: {
      async wake(channel, key) {
        woken.push(`${channel} ${key}`);
      },
    },
    clock: hastyClock,
    log: silentLog,
    metrics: new ReceiptApiMetrics(new Registry(), () => 0),
    maxBatch: 16,
    maxWaiting: 100,
  });
  return { intake, woken };
}

const takeAll = async (batch: readonly NewReceipt[]): Promise<AcceptOutcome[]> =>
  batch.map(({ id }) => ({ accepted: true, id }));

describe('taking receipts', () => {
  it('wakes every driver of a group once for a commit, after it', async () => {
    const { intake, woken } = intakeOver(takeAll);
    await Promise.all(
      [receipt('a'), receipt('b'), receipt('c', { groupId: 8 })].map((one) => intake.accept(one)),
    );
    expect(woken.sort()).toEqual(['driver:d1 7', 'driver:d1 8', 'driver:d2 7', 'driver:d2 8']);
  });

  it('wakes nobody for a repeat or for a receipt that failed at once', async () => {
    const { intake, woken } = intakeOver(async (batch) =>
      batch.map(({ id }) =>
        id === 'again'
          ? { accepted: false, id: 'first', state: 'queued', sameBody: true }
          : { accepted: true, id },
      ),
    );
    await intake.accept(receipt('again'));
    await intake.accept(
      receipt('failed', { refusal: { errorCode: 2009, errorType: 'agent', errorText: 'x' } }),
    );
    expect(woken).toEqual([]);
  });

  it('tries again while the database is away, and then gives up with a clear code', async () => {
    let tries = 0;
    const { intake } = intakeOver(async (batch) => {
      if (++tries < 4) throw away;
      return takeAll(batch);
    });
    await expect(intake.accept(receipt('a'))).resolves.toEqual({ accepted: true, id: 'a' });
    expect(tries).toBe(4);
    const { intake: hopeless } = intakeOver(() => Promise.reject(away));
    await expect(hopeless.accept(receipt('a'))).rejects.toMatchObject({ code: 'SYS-DATABASE-AWAY' });
  });

  it('keeps the neighbours of a receipt that cannot be stored', async () => {
    const { intake } = intakeOver(async (batch) => {
      if (batch.some(({ id }) => id === 'poison'))
        throw Object.assign(new Error('bad text'), { code: '22P05' });
      return takeAll(batch);
    });
    const ids = ['a', 'b', 'poison', 'c', 'd'];
    const results = await Promise.allSettled(ids.map((id) => intake.accept(receipt(id))));
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(results[2]).toMatchObject({ reason: { code: 'SYS-NOT-STORED' } });
  });
});
