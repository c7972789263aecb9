import { Counter, Histogram, type Registry } from 'prom-client';
import type { Clock } from '@kkt/contracts';
import type { DispatchPorts } from '@kkt/dispatch';

type Store = DispatchPorts['store'];

/** Receipts under way whose begin is kept; more than any driver has registers. */
const mostBegun = 20_000;

/** Part of a code before its first dash: few and known beforehand. */
const classOf = (code: string): string =>
  /^(WIRE|DOUBT|DEVICE|CLIENT|OFD|SYS)-/.exec(code)?.[1]?.toLowerCase() ?? 'other';

/**
 * Counts finished receipts and the time from claim to proof on the way to the store, so that the session that sells knows
 * nothing of metrics.
 */
export function countingStore(store: Store, registry: Registry, clock: Clock): Store {
  const registers = [registry];
  const finished = new Counter({
    name: 'receipts_finished_total',
    help: 'Receipts finished by this driver: registered, or refused for good',
    labelNames: ['result', 'code_class'],
    registers,
  });
  const stage = new Histogram({
    name: 'receipt_stage_duration_seconds',
    help: 'Time a receipt spends in a stage; register: from the claim to the stored proof',
    labelNames: ['stage'],
    buckets: [0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 2, 5, 10, 30, 60],
    registers,
  });
  finished.inc({ result: 'done', code_class: 'none' }, 0);
  finished.inc({ result: 'failed', code_class: 'device' }, 0);
  const begun = new Map<string, number>();
  return {
    intend: (...args) => store.intend(...args),
    openIntent: (...args) => store.openIntent(...args),
    markInDoubt: (...args) => store.markInDoubt(...args),
    markStuck: (...args) => store.markStuck(...args),
    lastKnownFd: (...args) => store.lastKnownFd(...args),
    groupsWaiting: (...args) => store.groupsWaiting(...args),
    explainWaiting: (...args) => store.explainWaiting(...args),
    async claim(...args) {
      const jobs = await store.claim(...args);
      if (begun.size < mostBegun) for (const { intentId } of jobs) begun.set(intentId, clock.monotonicMs());
      return jobs;
    },
    async complete(batch) {
      const result = await store.complete(batch);
      for (const { intentId, receiptId } of batch) {
        const sinceMs = begun.get(intentId);
        begun.delete(intentId);
        if (receiptId === null) continue;
        finished.inc({ result: 'done', code_class: 'none' });
        if (sinceMs !== undefined)
          stage.observe({ stage: 'register' }, (clock.monotonicMs() - sinceMs) / 1_000);
      }
      return result;
    },
    async voidIntent(intentId, note, outcome) {
      await store.voidIntent(intentId, note, outcome);
      begun.delete(intentId);
      if (outcome.then === 'fail') finished.inc({ result: 'failed', code_class: classOf(note) });
    },
  };
}
