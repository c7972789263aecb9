import { silentLog, systemIds, type Clock } from '@kkt/contracts';
import { TestKkt, TestLink } from '../../test/test-kkt';
import { register, startTestOperator, type TestOperator } from '../../test/test-operator';
import { TaxSender } from './tax-sender';
import type { TaxBatch, TaxService } from './tax-service';

/** Takes whole batches, fails when told, remembers what came. */
class Recorder implements TaxService {
  readonly batches: TaxBatch[] = [];
  failures = 0;

  deliver(batch: TaxBatch): Promise<void> {
    this.batches.push(batch);
    if (this.failures > 0) {
      this.failures -= 1;
      return Promise.reject(new Error('503'));
    }
    return Promise.resolve();
  }
}

let test: TestOperator;
let kkt: TestKkt;
let link: TestLink;
let nowMs = Date.UTC(2026, 10, 23, 9);
const clock: Clock = {
  nowMs: () => nowMs,
  monotonicMs: () => nowMs,
  setTimer: () => ({ cancel: () => undefined }),
};

const sender = (service: TaxService, maxDocuments = 100): TaxSender => {
  const made = new TaxSender({
    store: test.operator.taxStore,
    service,
    clock,
    ids: systemIds,
    random: { next: () => 0.5 },
    log: silentLog,
    onBatch: () => undefined,
    maxDocuments,
    firstRetryMs: 1000,
  });
  return made;
};
const drain = async (one: TaxSender): Promise<void> => {
  while (await one.step()) continue;
};
const sell = async (count: number): Promise<void> => {
  for (let n = 0; n < count; n++) {
    const answer = await link.exchange(kkt, kkt.sale());
    if (answer?.kind !== 'confirmation') throw new Error('not confirmed');
  }
};

beforeAll(async () => {
  test = await startTestOperator();
  // The operator's own sender must not take the documents of this test.
  await test.operator.taxSender.stop();
  kkt = new TestKkt('9999078900009001');
  await register(test.operator, kkt);
  link = await TestLink.open(test.operator.server.port);
  await link.exchange(kkt, kkt.registration());
  await link.exchange(kkt, kkt.shiftOpen());
});
afterAll(async () => {
  link.close();
  await test.close();
});

describe('TaxSender', () => {
  it('passes documents on in their order, in batches of the given size', async () => {
    await sell(5);
    const service = new Recorder();
    await drain(sender(service, 3));
    expect(service.batches.map((batch) => batch.documents.map((document) => document.fdNumber))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [7],
    ]);
    expect(JSON.parse(service.batches[0]?.documents[2]?.document ?? '{}')).toMatchObject({
      receipt: { fiscalDocumentNumber: 3 },
    });
    expect(await test.operator.taxStore.state()).toMatchObject({
      newDocuments: 0,
      sentDocuments: 0,
      acceptedDocuments: 7,
      oldestWaitingAt: null,
    });
    expect((await test.operator.documents.one(kkt.fnNumber, 3)).tax.stage).toBe('accepted');
  });

  it('sends a failed batch again, the same documents under the same id, later and later', async () => {
    await sell(2);
    const service = new Recorder();
    service.failures = 3;
    const one = sender(service);
    const attempts: number[] = [];
    for (let ms = 0; ms <= 8000; ms += 500) {
      const before = service.batches.length;
      await drain(one);
      if (service.batches.length > before) attempts.push(ms);
      if (ms === 0) {
        expect(await test.operator.taxStore.state()).toMatchObject({
          openBatches: 1,
          sentDocuments: 2,
          lastError: '503',
        });
        expect((await test.operator.documents.one(kkt.fnNumber, 8)).tax.stage).toBe('sent');
      }
      nowMs += 500;
    }
    expect(attempts).toEqual([0, 1000, 3000, 7000]);
    expect(new Set(service.batches.map((batch) => batch.id)).size).toBe(1);
    expect(new Set(service.batches.map((batch) => JSON.stringify(batch.documents))).size).toBe(1);
    expect(await test.operator.taxStore.state()).toMatchObject({ openBatches: 0, lastError: null });
  });

  it('two senders never take the same batch', async () => {
    await sell(6);
    const service = new Recorder();
    await Promise.all([drain(sender(service, 1)), drain(sender(service, 1)), drain(sender(service, 2))]);
    const numbers = service.batches.flatMap((batch) => batch.documents.map((document) => document.fdNumber));
    expect(numbers.sort((a, b) => a - b)).toEqual([10, 11, 12, 13, 14, 15]);
  });

  it('a batch of a sender that died is sent again after its lease, and the service keeps each document once', async () => {
    await sell(1);
    const dead = new Recorder();
    const { taxStore, taxService, database } = test.operator;
    await taxStore.formBatch(systemIds.uuid(), 100, new Date(nowMs));
    const taken = await taxStore.takeDue(new Date(nowMs), new Date(nowMs + 60_000));
    await taxService.deliver(taken as TaxBatch);
    expect(dead.batches).toEqual([]);
    await drain(sender(taxService));
    expect(await taxStore.state()).toMatchObject({ openBatches: 1 });
    nowMs += 60_001;
    await drain(sender(taxService));
    expect(await taxStore.state()).toMatchObject({ openBatches: 0 });
    const kept = await database.query(
      'select 1 from ofd.tax_documents where fn_number = $1 and fd_number = $2',
      [kkt.fnNumber, 16],
    );
    expect(kept).toHaveLength(1);
  });
});
