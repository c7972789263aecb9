import { setMaxListeners } from 'node:events';
import { type Clock, failPoint, FarmError, type Log, type Random, sleep, type Timer } from '@kkt/contracts';
import {
  callbackAuthority,
  type CallbackOutcome,
  type CallbackStore,
  type DueCallback,
  GroupCommit,
  type ReceiptReport,
  type ReceiptStore,
} from '@kkt/storage';
import { Lanes } from './lanes';
import type { CallbackPost } from './post';
import { nextAttemptInS } from './schedule';
import { callbackEventId, signCallback } from './signature';

export interface DelivererSettings {
  /** Callbacks under way at once, in all. */
  parallel: number;
  /** The same of one client: one with a thousand slow hosts leaves room for the others. */
  parallelPerClient: number;
  /** A claimed callback is due again after this when its process died. Longer than two attempts. */
  leaseS: number;
  /** No callback earlier than this after the accept: the shop must first have read the answer with the receipt's id. */
  quietMs: number;
  /** How often PostgreSQL is looked at without being woken. */
  sweepMs: number;
  /** Between two looks that each find something, so that what ends meanwhile is fetched together. */
  gapMs: number;
  /** How long running attempts may take after {@link CallbackDeliverer.stop}. */
  stopWithinMs: number;
}

export const delivererStandard: DelivererSettings = {
  parallel: 256,
  parallelPerClient: 96,
  leaseS: 30,
  quietMs: 50,
  sweepMs: 1_000,
  gapMs: 20,
  stopWithinMs: 3_000,
};

export interface DelivererPorts {
  clock: Clock;
  random: Random;
  log: Log;
  store: Pick<CallbackStore, 'claimDue' | 'record' | 'giveBack' | 'nextDueInMs'>;
  receipts: Pick<ReceiptStore, 'report'>;
  post: CallbackPost;
  /** The object that shops expect; sent as JSON, the same at each repeat. */
  body: (report: ReceiptReport) => object;
  /** Secrets that sign the callbacks of a client; none leaves them unsigned. */
  secretsOf: (clientId: string) => readonly Buffer[] | Promise<readonly Buffer[]>;
  /** What else is told beside the body, which keeps the shape of the compatible service. */
  headers?: (report: ReceiptReport) => Readonly<Record<string, string>>;
}

export interface DelivererStats {
  active: number;
  delivered: number;
  failed: number;
  gaveUp: number;
}

const claimAtOnce = 50;

/**
 * Tells shops the results of their receipts: at least once, the truth now known, for three days. PostgreSQL says
 * what is due; {@link poke} only makes it look sooner.
 */
export class CallbackDeliverer {
  private readonly lanes = new Lanes();
  private readonly outcomes: GroupCommit<CallbackOutcome, undefined>;
  private readonly activeOfClient = new Map<string, number>();
  private readonly running = new Set<Promise<void>>();
  private readonly aborting = new AbortController();
  private readonly counts = { delivered: 0, failed: 0, gaveUp: 0 };
  private loop: Promise<void> | undefined;
  private isPoked = false;
  /** Something due was left in the database for want of room here. */
  private isMoreDue = false;
  private isStopped = false;
  /** The last look found something. */
  private hasFound = false;
  private wakeLoop: (() => void) | undefined;

  constructor(
    private readonly ports: DelivererPorts,
    private readonly settings: DelivererSettings = delivererStandard,
  ) {
    // Every running attempt listens to it.
    setMaxListeners(0, this.aborting.signal);
    this.outcomes = new GroupCommit(async (batch) => {
      await ports.store.record(batch);
      return batch.map(() => undefined);
    });
  }

  stats(): DelivererStats {
    return { active: this.running.size, ...this.counts };
  }

  start(): void {
    this.loop ??= this.run();
  }

  /** Look now: something became due. */
  poke(): void {
    this.isPoked = true;
    this.wakeLoop?.();
  }

  /** Takes nothing new and lets running attempts end; what does not end in time is tried again by whoever comes next. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.poke();
    await this.loop;
    const timer = this.ports.clock.setTimer(this.settings.stopWithinMs, () => this.aborting.abort());
    await Promise.all(this.running);
    timer.cancel();
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      this.isPoked = false;
      let waitMs = this.settings.sweepMs;
      this.hasFound = false;
      try {
        waitMs = await this.take();
      } catch (error) {
        this.ports.log.warn({ err: error }, 'callbacks cannot be read from the database');
      }
      if (this.hasFound && waitMs > 0) await sleep(this.ports.clock, this.settings.gapMs);
      if (waitMs > 0) await this.sleep(waitMs);
    }
  }

  /** Claims and starts what is due; returns for how long nothing more is known to do. */
  private async take(): Promise<number> {
    const { store } = this.ports;
    const { parallel, leaseS, quietMs, sweepMs } = this.settings;
    const limit = Math.min(claimAtOnce, parallel - this.running.size);
    if (limit <= 0) {
      this.isMoreDue = true;
      return sweepMs;
    }
    const exceptAuthorities = this.lanes.full();
    const exceptClients = this.fullClients();
    this.isMoreDue = exceptAuthorities.length + exceptClients.length > 0;
    const rows = await store.claimDue(limit, { leaseS, quietMs, exceptAuthorities, exceptClients });
    this.hasFound = rows.length > 0;
    const tooMany: string[] = [];
    for (const row of rows) {
      if (
        this.isStopped ||
        !this.lanes.hasRoom(callbackAuthority(row.url)) ||
        this.isClientFull(row.clientId)
      )
        tooMany.push(row.receiptId);
      else this.begin(row);
    }
    if (tooMany.length > 0) {
      this.isMoreDue = true;
      await store.giveBack(tooMany);
    }
    if (rows.length === limit) return 0;
    // Others may wait for their quiet time: a look then costs less than asking when it ends.
    if (rows.length > 0) return Math.min(sweepMs, quietMs);
    const dueInMs = await store.nextDueInMs(quietMs);
    return dueInMs !== undefined && dueInMs > 0 ? Math.min(sweepMs, Math.ceil(dueInMs) + 1) : sweepMs;
  }

  private begin(row: DueCallback): void {
    this.activeOfClient.set(row.clientId, (this.activeOfClient.get(row.clientId) ?? 0) + 1);
    const attempt = this.attempt(row).finally(() => {
      this.running.delete(attempt);
      const left = (this.activeOfClient.get(row.clientId) ?? 1) - 1;
      if (left > 0) this.activeOfClient.set(row.clientId, left);
      else this.activeOfClient.delete(row.clientId);
      if (this.isMoreDue) this.poke();
    });
    this.running.add(attempt);
  }

  private async attempt(row: DueCallback): Promise<void> {
    const { clock, log } = this.ports;
    const authority = callbackAuthority(row.url);
    try {
      if (!(await this.lanes.enter(authority))) return await this.ports.store.giveBack([row.receiptId]);
      const sinceMs = clock.monotonicMs();
      const outcome = await this.send(row, authority);
      if (!outcome) return;
      await this.outcomes.add({ ...outcome, tookMs: Math.round(clock.monotonicMs() - sinceMs) });
      failPoint('callback-saved');
      this.count(outcome);
    } catch (error) {
      // The lease ends and the callback is sent once more: twice is allowed, never is not.
      log.warn({ receiptId: row.receiptId, err: error }, 'the outcome of a callback was not stored');
    }
  }

  private async send(row: DueCallback, authority: string): Promise<CallbackOutcome | undefined> {
    const { clock, post, receipts, body: bodyOf, secretsOf } = this.ports;
    const sinceMs = clock.monotonicMs();
    let isAnswered = false;
    try {
      if (this.aborting.signal.aborted) return undefined;
      const report = await receipts.report(row.receiptId);
      if (!report) return { receiptId: row.receiptId, state: 'gave_up', error: 'чек не найден' };
      const body = JSON.stringify(bodyOf(report));
      const message = { id: callbackEventId(row.receiptId), body, nowMs: clock.nowMs() };
      failPoint('callback-claimed');
      const { status } = await post({
        url: row.url,
        body,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'KKT-Farm-Callback/1',
          ...signCallback(message, await secretsOf(row.clientId)),
          ...this.ports.headers?.(report),
        },
        attempts: row.attempts,
        signal: this.aborting.signal,
      });
      isAnswered = true;
      failPoint('callback-posted');
      if (status >= 200 && status < 300) return { receiptId: row.receiptId, state: 'delivered', status };
      const what =
        status >= 300 && status < 400 ? `перенаправление не допускается (HTTP ${status})` : `HTTP ${status}`;
      return this.again(row, what, status);
    } catch (error) {
      if (this.aborting.signal.aborted) return undefined;
      if (!(error instanceof FarmError)) throw error;
      const text = error.code === 'CLIENT-CALLBACK-ADDRESS' ? 'адрес не в сети Интернет' : plainText(error);
      return error.code === 'CLIENT-CALLBACK-URL'
        ? { receiptId: row.receiptId, state: 'gave_up', error: text }
        : this.again(row, text);
    } finally {
      this.lanes.leave(authority, { isAnswered, tookMs: clock.monotonicMs() - sinceMs });
    }
  }

  private again(row: DueCallback, error: string, status?: number): CallbackOutcome {
    const retryInS = nextAttemptInS(row.attempts, row.ageS, this.ports.random);
    return retryInS === undefined
      ? { receiptId: row.receiptId, state: 'gave_up', status, error }
      : { receiptId: row.receiptId, state: 'pending', status, error, retryInS };
  }

  private count(outcome: CallbackOutcome): void {
    const { log } = this.ports;
    const { receiptId } = outcome;
    switch (outcome.state) {
      case 'delivered':
        this.counts.delivered++;
        return log.debug({ receiptId, status: outcome.status }, 'callback delivered');
      case 'pending':
        this.counts.failed++;
        // The loop must learn of the new time.
        this.poke();
        return log.info(
          { receiptId, error: outcome.error, retryInS: outcome.retryInS },
          'callback failed, will be repeated',
        );
      case 'gave_up':
        this.counts.gaveUp++;
        return log.warn({ receiptId, error: outcome.error }, 'callback given up');
    }
  }

  private isClientFull(clientId: string): boolean {
    return (this.activeOfClient.get(clientId) ?? 0) >= this.settings.parallelPerClient;
  }

  private fullClients(): string[] {
    return [...this.activeOfClient.keys()].filter((clientId) => this.isClientFull(clientId));
  }

  private sleep(waitMs: number): Promise<void> {
    if (this.isPoked) return Promise.resolve();
    return new Promise((resolve) => {
      let timer: Timer | undefined = undefined;
      this.wakeLoop = () => {
        this.wakeLoop = undefined;
        timer?.cancel();
        resolve();
      };
      timer = this.ports.clock.setTimer(waitMs, () => this.wakeLoop?.());
    });
  }
}

/** A FarmError's sentence without its code. */
const plainText = (error: FarmError): string => error.message.replace(/ \([A-Z-]+\)$/, '');
