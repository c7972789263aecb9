import type { Clock, Random, Timer } from '@kkt/contracts';
import { wrapContainer } from '@kkt/ofd-protocol';
import type { DueMessage } from '@kkt/storage';
import { failure, type RelayFailure } from './causes';
import { Circuit } from './circuit';
import { codeOf, OperatorLink } from './operator-link';
import type { Dial } from './wire';

export interface LaneSettings {
  /** Messages under way at once to one operator. */
  parallelPerOperator: number;
  /** Messages begun per second to one operator: catching up after an outage must not look like an attack. */
  ratePerOperatorS: number;
  connectTimeoutMs: number;
  /** How long an answer is waited for; 300 s by the KKT–OFD protocol. */
  answerTimeoutMs: number;
  /** A connection that is not used so long is ended. */
  idleMs: number;
}

export type MessageResult = { answer: Buffer } | { failure: RelayFailure } | 'given_back';

interface Waiting {
  message: DueMessage;
  done: (result: MessageResult) => void;
}

export interface LaneParts {
  dial: Dial;
  clock: Clock;
  random: Random;
  settings: LaneSettings;
  onDown: (isDown: boolean) => void;
}

/** One operator: its connections, its pace, and whether it is up. Messages wait here only briefly, for a free place. */
export class OperatorLane {
  private readonly waiting: Waiting[] = [];
  private readonly idle: { link: OperatorLink; until: Timer }[] = [];
  private readonly active = new Set<OperatorLink>();
  private readonly circuit: Circuit;
  private activeCount = 0;
  private tokens: number;
  private refilledMs: number;
  private refill: Timer | undefined;
  private isClosed = false;

  constructor(
    private readonly operator: { host: string; port: number },
    private readonly parts: LaneParts,
  ) {
    this.circuit = new Circuit(parts.clock, parts.random, parts.onDown);
    this.tokens = parts.settings.ratePerOperatorS;
    this.refilledMs = parts.clock.monotonicMs();
  }

  get isDown(): boolean {
    return this.circuit.isDown;
  }

  get inFlight(): number {
    return this.activeCount;
  }

  /** How many more messages it makes sense to fetch for it. */
  get room(): number {
    const limit = Math.min(this.circuit.allows(), 2 * this.parts.settings.parallelPerOperator);
    return Math.max(0, limit - this.waiting.length - this.activeCount);
  }

  /** Sends a message when its turn comes. Never rejects. */
  send(message: DueMessage): Promise<MessageResult> {
    return new Promise((done) => {
      if (this.isClosed) return done('given_back');
      this.waiting.push({ message, done });
      this.pump();
    });
  }

  /** Gives back what waits; {@link abort} ends what runs. */
  close(): void {
    this.isClosed = true;
    this.refill?.cancel();
    for (const { done } of this.waiting.splice(0)) done('given_back');
    for (const { link, until } of this.idle.splice(0)) {
      until.cancel();
      link.close();
    }
  }

  abort(): void {
    for (const link of [...this.active]) link.close();
  }

  private pump(): void {
    const allowed = Math.min(this.circuit.allows(), this.parts.settings.parallelPerOperator);
    while (this.waiting.length > 0 && this.activeCount < allowed && this.takeToken()) {
      const next = this.waiting.shift();
      if (!next) break;
      this.activeCount++;
      void this.run(next);
    }
    // While the operator is down its messages wait in the database, where they can be seen.
    if (this.circuit.isDown && this.activeCount >= this.circuit.allows())
      for (const { done } of this.waiting.splice(0)) done('given_back');
  }

  private async run({ message, done }: Waiting): Promise<void> {
    let result: MessageResult;
    try {
      result = await this.exchange(message);
    } catch (error) {
      // A message that cannot even be framed: its own fault, seen by the engineer.
      result = { failure: failure('refused_document', `сообщение не отправить (${codeOf(error)})`) };
    }
    if (result !== 'given_back') this.judge(result);
    this.activeCount--;
    done(result);
    this.pump();
  }

  /** A closed or broken connection says nothing about the operator: it may be meant for this KKT alone. */
  private judge(result: { answer: Buffer } | { failure: RelayFailure }): void {
    if ('answer' in result) return this.circuit.answered();
    const { isOperatorDown, cause } = result.failure;
    if (isOperatorDown) this.circuit.failed();
    else if (cause !== 'network' && cause !== 'operator_unavailable') this.circuit.answered();
  }

  private async exchange(message: DueMessage): Promise<MessageResult> {
    const { settings } = this.parts;
    const bytes = wrapContainer(message.container, { ffd: message.ffd, fnNumber: message.fnNumber });
    for (;;) {
      const kept = this.takeIdle();
      let link = kept;
      if (!link) {
        try {
          link = await OperatorLink.open(this.parts.dial, this.operator, {
            timeoutMs: settings.connectTimeoutMs,
            clock: this.parts.clock,
          });
        } catch (error) {
          return { failure: failure('network', `нет соединения с оператором (${codeOf(error)})`, true) };
        }
      }
      if (this.isClosed) {
        link.close();
        return 'given_back';
      }
      this.active.add(link);
      const result = await link.send(bytes, message, settings.answerTimeoutMs);
      this.active.delete(link);
      if (result.kind === 'stale') {
        if (this.isClosed) return 'given_back';
        // Only a kept connection can be stale; what is left is a new one, so this ends.
        if (kept) continue;
        return { failure: failure('network', 'соединение с оператором разорвано') };
      }
      this.keep(link);
      return result.kind === 'confirmed' ? { answer: result.answer } : { failure: result.failure };
    }
  }

  private takeIdle(): OperatorLink | undefined {
    for (;;) {
      const kept = this.idle.pop();
      if (!kept) return undefined;
      kept.until.cancel();
      if (kept.link.isOpen) return kept.link;
    }
  }

  private keep(link: OperatorLink): void {
    if (this.isClosed) return link.close();
    if (!link.isOpen) return;
    const until = this.parts.clock.setTimer(this.parts.settings.idleMs, () => {
      const index = this.idle.findIndex((kept) => kept.link === link);
      if (index >= 0) this.idle.splice(index, 1);
      link.close();
    });
    this.idle.push({ link, until });
  }

  private takeToken(): boolean {
    const { clock, settings } = this.parts;
    const nowMs = clock.monotonicMs();
    const { ratePerOperatorS: rate } = settings;
    this.tokens = Math.min(rate, this.tokens + ((nowMs - this.refilledMs) * rate) / 1000);
    this.refilledMs = nowMs;
    if (this.tokens >= 1) {
      this.tokens -= 1;
      return true;
    }
    this.refill ??= clock.setTimer(Math.ceil(((1 - this.tokens) * 1000) / rate), () => {
      this.refill = undefined;
      this.pump();
    });
    return false;
  }
}
