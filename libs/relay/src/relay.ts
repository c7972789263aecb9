import { type Clock, failPoint, type Log, type Random, sleep, type Timer } from '@kkt/contracts';
import {
  type AlertStore,
  type DocumentKey,
  type DueMessage,
  type FailedMessage,
  GroupCommit,
  type RelayStore,
} from '@kkt/storage';
import { needsPerson, type RelayCause, retryInS } from './causes';
import { type LaneSettings, OperatorLane } from './operator-lane';
import type { Dial } from './wire';

export interface RelaySettings extends LaneSettings {
  /** Messages held at once, in all. */
  parallel: number;
  /** A message is due again after this when its relay died; prolonged while it is being sent. */
  leaseS: number;
  /** How often PostgreSQL is looked at without being woken. */
  sweepMs: number;
  /** How long running exchanges may take after {@link Relay.stop}. */
  stopWithinMs: number;
}

export const relayStandard: RelaySettings = {
  parallel: 512,
  parallelPerOperator: 128,
  ratePerOperatorS: 500,
  connectTimeoutMs: 5_000,
  answerTimeoutMs: 300_000,
  idleMs: 15_000,
  leaseS: 30,
  sweepMs: 1_000,
  stopWithinMs: 2_000,
};

export interface RelayPorts {
  clock: Clock;
  random: Random;
  log: Log;
  dial: Dial;
  store: Pick<RelayStore, 'dueMessages' | 'extend' | 'giveBack' | 'answered' | 'failed'>;
  alerts: Pick<AlertStore, 'raise' | 'close'>;
  /** Tells the driver of a register that an answer waits for its FN. */
  wake: (channel: string, key: string) => Promise<void>;
  /** For histograms. */
  observe?: (outcome: { cause?: RelayCause; tookMs: number }) => void;
}

export interface RelayStats {
  inHand: number;
  inFlight: number;
  answered: number;
  failed: number;
  operatorsDown: number;
}

const claimAtOnce = 200;

const nameOf = ({ fnNumber, fdNumber }: DocumentKey): string => `${fnNumber}:${fdNumber}`;

/**
 * Carries messages of FNs to their operators and stores the answers. The messages and their order are the FNs' own:
 * the next one of an FN appears only after the answer to the one before was written into it, so here nothing needs
 * ordering, and a message sent twice gets its confirmation again.
 */
export class Relay {
  private readonly lanes = new Map<string, OperatorLane>();
  private readonly inHand = new Map<string, DocumentKey>();
  private readonly running = new Set<Promise<void>>();
  private readonly answers: GroupCommit<{ message: DueMessage; answer: Buffer }, undefined>;
  private readonly failures: GroupCommit<FailedMessage, undefined>;
  private readonly counts = { answered: 0, failed: 0 };
  private heartbeat: Timer | undefined;
  private loop: Promise<void> | undefined;
  private isPoked = false;
  private isMoreDue = false;
  private isStopped = false;
  private wakeLoop: (() => void) | undefined;

  constructor(
    private readonly ports: RelayPorts,
    private readonly settings: RelaySettings = relayStandard,
  ) {
    this.answers = new GroupCommit((batch) => this.storeAnswers(batch));
    this.failures = new GroupCommit(async (batch) => {
      await ports.store.failed(batch);
      return batch.map(() => undefined);
    });
  }

  stats(): RelayStats {
    const lanes = [...this.lanes.values()];
    return {
      inHand: this.inHand.size,
      inFlight: lanes.reduce((sum, lane) => sum + lane.inFlight, 0),
      ...this.counts,
      operatorsDown: lanes.filter(({ isDown }) => isDown).length,
    };
  }

  start(): void {
    this.loop ??= this.run();
    this.scheduleHeartbeat();
  }

  /** Look now: a message became due. */
  poke(): void {
    this.isPoked = true;
    this.wakeLoop?.();
  }

  /** Takes nothing new, gives back what has not begun, lets exchanges end for a moment, then ends them. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.poke();
    await this.loop;
    for (const lane of this.lanes.values()) lane.close();
    const timer = this.ports.clock.setTimer(this.settings.stopWithinMs, () => {
      for (const lane of this.lanes.values()) lane.abort();
    });
    await Promise.all(this.running);
    timer.cancel();
    this.heartbeat?.cancel();
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      this.isPoked = false;
      let isDone = true;
      try {
        isDone = await this.take();
      } catch (error) {
        this.ports.log.warn({ err: error }, 'messages for operators cannot be read from the database');
      }
      if (isDone) await this.sleep();
    }
  }

  /** Claims and begins what is due; true when nothing more is known to do. */
  private async take(): Promise<boolean> {
    const limit = Math.min(claimAtOnce, this.settings.parallel - this.inHand.size);
    if (limit <= 0) {
      this.isMoreDue = true;
      return true;
    }
    const exceptOperators = [...this.lanes].flatMap(([operator, lane]) => (lane.room > 0 ? [] : [operator]));
    this.isMoreDue = exceptOperators.length > 0;
    const messages = await this.ports.store.dueMessages(limit, {
      leaseS: this.settings.leaseS,
      exceptOperators,
    });
    const tooMany: DocumentKey[] = [];
    for (const message of messages) {
      const lane = this.lane(message);
      // Claimed again although we hold it: the claim has prolonged the lease, nothing else is to do.
      if (this.inHand.has(nameOf(message))) continue;
      if (this.isStopped || lane.room === 0) tooMany.push(message);
      else this.begin(message, lane);
    }
    if (tooMany.length > 0) {
      this.isMoreDue = true;
      await this.ports.store.giveBack(tooMany);
    }
    return messages.length < limit;
  }

  private begin(message: DueMessage, lane: OperatorLane): void {
    this.inHand.set(nameOf(message), message);
    const run = this.carry(message, lane).finally(() => {
      this.inHand.delete(nameOf(message));
      this.running.delete(run);
      if (this.isMoreDue) this.poke();
    });
    this.running.add(run);
  }

  private async carry(message: DueMessage, lane: OperatorLane): Promise<void> {
    const { clock, log, random, store } = this.ports;
    const sinceMs = clock.monotonicMs();
    failPoint('message-claimed');
    const result = await lane.send(message);
    const tookMs = clock.monotonicMs() - sinceMs;
    const { fnNumber, fdNumber, registerId } = message;
    if (result === 'given_back') {
      await this.untilStored(() => store.giveBack([message]));
    } else if ('answer' in result) {
      this.counts.answered++;
      this.ports.observe?.({ tookMs });
      log.debug(
        { registerId, fnNumber, fdNumber, tookMs: Math.round(tookMs) },
        'operator confirmed a document',
      );
      failPoint('message-answered');
      await this.untilStored(() => this.answers.add({ message, answer: result.answer }));
    } else {
      const { cause, text } = result.failure;
      this.counts.failed++;
      this.ports.observe?.({ cause, tookMs });
      const waitS = retryInS(cause, message.attempts, random);
      log.info(
        { registerId, fnNumber, fdNumber, cause, text, retryInS: Math.round(waitS) },
        'operator did not confirm',
      );
      await this.untilStored(() =>
        this.failures.add({ fnNumber, fdNumber, cause, causeText: text, retryInS: waitS }),
      );
      if (needsPerson(cause)) await this.raiseRefusal(message, cause, text);
    }
  }

  private async storeAnswers(batch: { message: DueMessage; answer: Buffer }[]): Promise<undefined[]> {
    await this.ports.store.answered(
      batch.map(({ message: { fnNumber, fdNumber }, answer }) => ({ fnNumber, fdNumber, answer })),
    );
    failPoint('answer-stored');
    for (const { message } of batch) {
      void this.ports.wake(`driver:${message.driverId}`, `ofd:${message.registerId}`);
      if (message.attempts > 0) void this.quietly(() => this.closeRefusal(message));
    }
    return batch.map(() => undefined);
  }

  /** An operator's answer is not thrown away because the database is away for a while. */
  private async untilStored(write: () => Promise<unknown>): Promise<void> {
    for (let waitMs = 100; ; waitMs = Math.min(5_000, waitMs * 2)) {
      try {
        await write();
        return;
      } catch (error) {
        this.ports.log.warn({ err: error }, 'what became of a message cannot be stored');
        // The lease ends and the operator is asked once more: its answer is the same.
        if (this.isStopped) return;
        await sleep(this.ports.clock, waitMs);
      }
    }
  }

  private lane(message: DueMessage): OperatorLane {
    const operator = { host: message.ofdHost, port: message.ofdPort };
    const name = `${operator.host}:${operator.port}`;
    let lane = this.lanes.get(name);
    if (!lane) {
      const { dial, clock, random } = this.ports;
      const onDown = (isDown: boolean): void => void this.quietly(() => this.tellOperator(name, isDown));
      lane = new OperatorLane(operator, { dial, clock, random, settings: this.settings, onDown });
      this.lanes.set(name, lane);
    }
    return lane;
  }

  private async tellOperator(operator: string, isDown: boolean): Promise<void> {
    if (isDown) this.ports.log.warn({ operator }, 'operator is down');
    else this.ports.log.info({ operator }, 'operator answers');
    if (!isDown) return this.ports.alerts.close('operator_down', 'operator', operator);
    await this.ports.alerts.raise({
      class: 'operator_down',
      objectKind: 'operator',
      objectId: operator,
      severity: 3,
      text: `Оператор фискальных данных ${operator} не отвечает: документы копятся в ФН`,
    });
  }

  private async raiseRefusal(message: DueMessage, cause: RelayCause, text: string): Promise<void> {
    await this.quietly(() =>
      this.ports.alerts.raise({
        class: 'operator_refused',
        objectKind: 'register',
        objectId: message.registerId,
        severity: 2,
        text: `Оператор не принимает документы ФН ${message.fnNumber}: ${text}`,
        facts: { cause, fd: message.fdNumber, operator: `${message.ofdHost}:${message.ofdPort}` },
      }),
    );
  }

  private closeRefusal(message: DueMessage): Promise<void> {
    return this.ports.alerts.close('operator_refused', 'register', message.registerId);
  }

  /** Alerts help people; failing to write one must not stop the work. */
  private async quietly(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.ports.log.warn({ err: error }, 'an alert cannot be stored');
    }
  }

  private scheduleHeartbeat(): void {
    const everyMs = (this.settings.leaseS * 1000) / 3;
    this.heartbeat = this.ports.clock.setTimer(everyMs, () => {
      const keys = [...this.inHand.values()];
      const extended =
        keys.length > 0 ? this.ports.store.extend(keys, this.settings.leaseS) : Promise.resolve();
      extended
        .catch((error: unknown) =>
          this.ports.log.warn({ err: error }, 'leases of messages cannot be prolonged'),
        )
        .finally(() => {
          if (!this.isStopped) this.scheduleHeartbeat();
        });
    });
  }

  private sleep(): Promise<void> {
    if (this.isPoked) return Promise.resolve();
    return new Promise((resolve) => {
      let timer: Timer | undefined = undefined;
      this.wakeLoop = () => {
        this.wakeLoop = undefined;
        timer?.cancel();
        resolve();
      };
      timer = this.ports.clock.setTimer(this.settings.sweepMs, () => this.wakeLoop?.());
    });
  }
}
