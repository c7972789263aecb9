import type { Clock } from '@kkt/contracts';
import { buildContainer } from '@kkt/ofd-protocol';
import type { DocumentKey, DueMessage, FailedMessage } from '@kkt/storage';
import type { RelayPorts } from '../relay';

export interface StoredMessage extends DueMessage {
  state: 'ready' | 'answered';
  nextMs: number;
  answer?: Buffer;
  cause?: string;
}

/** A message as an FN hands it out: an open container with a small document inside. */
export function containerOf(fnNumber: string, fdNumber: number): Buffer {
  const tlv = Buffer.alloc(12);
  tlv.writeUInt16LE(3, 0);
  tlv.writeUInt16LE(8, 2);
  tlv.writeUInt16LE(1040, 4);
  tlv.writeUInt16LE(4, 6);
  tlv.writeUInt32LE(fdNumber, 8);
  return buildContainer({ fnNumber, fdNumber, documentCode: 3, tlv, messageSign: Buffer.alloc(8, 9) });
}

/** The messages table in memory, with FNs that hand out the next document once the one before is confirmed. */
export class MemoryStore implements Pick<
  RelayPorts['store'],
  'dueMessages' | 'extend' | 'giveBack' | 'answered' | 'failed'
> {
  readonly messages = new Map<string, StoredMessage>();
  readonly confirmed: DocumentKey[] = [];
  readonly failures: FailedMessage[] = [];
  isAway = false;
  claims = 0;
  /** Answers that FNs did not take. */
  refusals = 0;

  constructor(
    private readonly clock: Clock,
    private readonly lastFd = 1,
    /** Called when an FN handed out its next message. */
    private readonly onPut: () => void = () => undefined,
    /** Whether the FN takes this answer; refused, the message goes out again. */
    private readonly takes: (answer: Buffer, message: DocumentKey) => boolean = () => true,
  ) {}

  put(fnNumber: string, fdNumber: number, operator: { host: string; port: number }): void {
    const registerId = Number(fnNumber.slice(-6));
    this.messages.set(fnNumber, {
      fnNumber,
      fdNumber,
      registerId,
      driverId: 'd1',
      ffd: 4,
      ofdHost: operator.host,
      ofdPort: operator.port,
      container: containerOf(fnNumber, fdNumber),
      attempts: 0,
      state: 'ready',
      nextMs: this.clock.nowMs(),
    });
    this.onPut();
  }

  dueMessages(
    limit: number,
    options: { leaseS: number; exceptOperators?: readonly string[] },
  ): Promise<DueMessage[]> {
    this.claims++;
    if (this.isAway) return Promise.reject(new Error('away'));
    const nowMs = this.clock.nowMs();
    const due = [...this.messages.values()]
      .filter(
        (message) =>
          message.state === 'ready' &&
          message.nextMs <= nowMs &&
          !options.exceptOperators?.includes(`${message.ofdHost}:${message.ofdPort}`),
      )
      .slice(0, limit);
    for (const message of due) message.nextMs = nowMs + options.leaseS * 1000;
    return Promise.resolve(due.map((message) => ({ ...message })));
  }

  extend(keys: readonly DocumentKey[], leaseS: number): Promise<void> {
    for (const key of keys) {
      const message = this.find(key);
      if (message?.state === 'ready') message.nextMs = this.clock.nowMs() + leaseS * 1000;
    }
    return Promise.resolve();
  }

  giveBack(keys: readonly DocumentKey[]): Promise<void> {
    return this.extend(keys, 0);
  }

  answered(batch: readonly (DocumentKey & { answer: Buffer })[]): Promise<void> {
    if (this.isAway) return Promise.reject(new Error('away'));
    for (const { fnNumber, fdNumber, answer } of batch) {
      const message = this.find({ fnNumber, fdNumber });
      if (message?.state === 'ready') Object.assign(message, { state: 'answered', answer, cause: undefined });
    }
    return Promise.resolve();
  }

  failed(batch: readonly FailedMessage[]): Promise<void> {
    if (this.isAway) return Promise.reject(new Error('away'));
    for (const one of batch) {
      this.failures.push(one);
      const message = this.find(one);
      if (message?.state !== 'ready') continue;
      message.attempts++;
      message.cause = one.cause;
      message.nextMs = this.clock.nowMs() + one.retryInS * 1000;
    }
    return Promise.resolve();
  }

  /** The driver's part: the answer goes into the FN, which hands out its next document. */
  takeAnswer(registerId: number): void {
    const message = [...this.messages.values()].find(
      (one) => one.registerId === registerId && one.state === 'answered',
    );
    if (!message) return;
    const { fnNumber, fdNumber, ofdHost, ofdPort } = message;
    if (!this.takes(message.answer ?? Buffer.alloc(0), message)) {
      this.refusals++;
      Object.assign(message, { state: 'ready', answer: undefined, nextMs: this.clock.nowMs() + 5_000 });
      return;
    }
    this.confirmed.push({ fnNumber, fdNumber });
    this.messages.delete(fnNumber);
    if (fdNumber < this.lastFd) this.put(fnNumber, fdNumber + 1, { host: ofdHost, port: ofdPort });
  }

  private find({ fnNumber, fdNumber }: DocumentKey): StoredMessage | undefined {
    const message = this.messages.get(fnNumber);
    return message?.fdNumber === fdNumber ? message : undefined;
  }
}
