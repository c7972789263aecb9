import {
  encodeBcd,
  encodeV2Control,
  encodeV2Frame,
  stepV2,
  V2_IDLE,
  V2_TIMES_MS,
  V2Parser,
  type V2Effect,
  type V2Input,
  type V2State,
} from '@kkt/atol-protocol';
import { FarmError, type Clock, type Timer } from '@kkt/contracts';
import type { LinkCounters, TaskCounters } from '../device';
import type { CommandChannel, SeriesEnd, SeriesStop, TaskOutcome } from '../exchange/command-channel';
import { newTaskCounters, type TaskRequest } from '../exchange/task';
import type { Wire } from '../transports/wire';
import { disturbances } from './counters';

export interface V2ChannelOptions {
  wire: Wire;
  clock: Clock;
  linkCounters: LinkCounters;
  /** Access password of the device. Default 0. */
  password?: number;
}

interface Pending {
  request: TaskRequest;
  resolve: (answer: Buffer) => void;
  reject: (error: FarmError) => void;
  /** Handed to the session; before that the line is still taken by an old answer of the device. */
  isBegun: boolean;
  /** The request's frame has been put on the wire at least once. */
  wasSent: boolean;
}

const nothing = (): void => undefined;
const ANSWER_MARK = 0x55;
const PASSWORD_BYTES = 2;

/**
 * Commands over transport v2: one at a time, ENQ–ACK in both directions, no task buffer. The session itself is the state
 * machine of `@kkt/atol-protocol`; here are its bytes, its one timer and whose answer it is.
 * Source: atol-protocol facts, section 3.
 */
export class V2Channel implements CommandChannel {
  readonly counters: TaskCounters = newTaskCounters();
  onLost: (error: FarmError) => void = nothing;
  private readonly parser = new V2Parser();
  private readonly password: Buffer;
  private state: V2State = V2_IDLE;
  private timer: Timer | undefined;
  private gapTimer: Timer | undefined;
  private pending: Pending | undefined;
  private isOpen = false;

  constructor(private readonly options: V2ChannelOptions) {
    this.password = encodeBcd(options.password ?? 0, PASSWORD_BYTES);
    options.wire.onData = (chunk) => this.receive(chunk);
    options.wire.onLost = (error) => {
      if (!this.isOpen) return;
      this.down(error);
      this.onLost(error);
    };
  }

  get name(): string {
    return this.options.wire.name;
  }

  get disturbances(): number {
    return disturbances(this.options.linkCounters);
  }

  async open(signal: AbortSignal): Promise<void> {
    this.parser.reset();
    this.state = V2_IDLE;
    await this.options.wire.open(signal);
    this.isOpen = true;
  }

  async close(): Promise<void> {
    if (this.isOpen)
      this.down(new FarmError('WIRE-CLOSED', 'The link was closed by us', { wire: this.name }));
    await this.options.wire.close();
  }

  /** The device executes one command at a time and answers NAK to ENQ meanwhile: any answer proves the earlier ones ended. */
  async settle(barrier: TaskRequest, signal: AbortSignal): Promise<void> {
    const onAbort = (): void => this.fail(signal.reason as FarmError);
    signal.throwIfAborted();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await this.run(barrier);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  async run(request: TaskRequest): Promise<TaskOutcome> {
    const answer = await new Promise<Buffer>((resolve, reject) => {
      if (!this.isOpen) {
        return reject(new FarmError('WIRE-CLOSED', `Link is closed: ${request.name}`, { wire: this.name }));
      }
      if (this.pending) {
        return reject(
          new FarmError('SYS-V2-BUSY', 'v2 carries one command at a time', { command: request.name }),
        );
      }
      this.pending = { request, resolve, reject, isBegun: false, wasSent: false };
      this.counters.added += 1;
      this.begin();
    });
    return { answer, refused: false };
  }

  async runToLast(requests: readonly TaskRequest[]): Promise<SeriesEnd | SeriesStop> {
    let last: TaskOutcome[] = [];
    for (const [index, request] of requests.entries()) {
      const outcome = await this.run(request);
      if (isRefusal(outcome.answer)) return { kind: 'refused', index, answer: outcome.answer };
      last = [outcome];
    }
    return { kind: 'done', outcomes: last };
  }

  async runForAll(requests: readonly TaskRequest[]): Promise<SeriesEnd> {
    const outcomes: TaskOutcome[] = [];
    for (const request of requests) {
      const { answer } = await this.run(request);
      outcomes.push({ answer, refused: isRefusal(answer) });
    }
    return { kind: 'done', outcomes };
  }

  /** There is no buffer to empty. */
  abort(): Promise<void> {
    return Promise.resolve();
  }

  clearResults(): void {
    return;
  }

  private receive(chunk: Buffer): void {
    const { linkCounters, clock } = this.options;
    linkCounters.bytesReceived += chunk.length;
    this.gapTimer?.cancel();
    for (const event of this.parser.push(chunk)) {
      if (event.type === 'discarded') {
        linkCounters.noiseBytes += event.bytes;
        continue;
      }
      if (event.type === 'frame') linkCounters.framesReceived += 1;
      if (event.type === 'badFrame') linkCounters.crcErrors += 1;
      this.step(event);
    }
    if (!this.parser.isInsideFrame || !this.isOpen) return;
    // A frame that falls silent inside is a damaged one.
    this.gapTimer = clock.setTimer(V2_TIMES_MS.T6, () => {
      if (this.parser.reset()) this.step({ type: 'badFrame' });
    });
  }

  private step(input: V2Input): void {
    const next = stepV2('host', this.state, input);
    if (!next) throw new FarmError('SYS-V2-BUSY', 'A v2 exchange is under way', { wire: this.name });
    this.state = next.state;
    for (const effect of next.effects) this.apply(effect);
    if (this.isOpen) this.begin();
  }

  /** Hands the waiting request to the session when it is free. */
  private begin(): void {
    const { pending } = this;
    if (!pending || pending.isBegun || this.state.at !== 'idle') return;
    pending.isBegun = true;
    const payload = Buffer.concat([this.password, pending.request.body]);
    this.step({ type: 'send', payload, answerMs: pending.request.timeoutMs });
  }

  private apply(effect: V2Effect): void {
    const { clock, linkCounters } = this.options;
    switch (effect.type) {
      case 'sendControl':
        return this.write(encodeV2Control(effect.control));
      case 'sendFrame':
        if (this.pending) {
          if (this.pending.wasSent) linkCounters.resends += 1;
          this.pending.wasSent = true;
        }
        linkCounters.framesSent += 1;
        return this.write(encodeV2Frame(effect.payload));
      case 'wait':
        this.timer?.cancel();
        this.timer = clock.setTimer(effect.ms, () => {
          this.parser.reset();
          this.step({ type: 'silence' });
        });
        return;
      case 'stopWaiting':
        this.timer?.cancel();
        return;
      case 'deliver':
        if (!effect.expected) {
          linkCounters.staleFrames += 1;
          return;
        }
        return this.finish((pending) => pending.resolve(effect.data));
      case 'failed':
        return this.finish((pending) => {
          pending.wasSent ||= effect.sent;
          pending.reject(this.lossOf(pending, 'SILENCE', effect.why));
        });
      case 'delivered':
        return;
    }
  }

  private write(bytes: Buffer): void {
    this.options.linkCounters.bytesSent += bytes.length;
    this.options.wire.write(bytes);
  }

  private finish(end: (pending: Pending) => void): void {
    const { pending } = this;
    this.pending = undefined;
    if (pending) end(pending);
  }

  private fail(error: Error): void {
    this.timer?.cancel();
    this.gapTimer?.cancel();
    this.state = V2_IDLE;
    this.finish((pending) => {
      if (!(error instanceof FarmError)) return pending.reject(error as FarmError);
      pending.reject(
        pending.wasSent && pending.request.fiscal ? this.lossOf(pending, 'LINK-LOST', error.code) : error,
      );
    });
  }

  private down(error: FarmError): void {
    this.isOpen = false;
    this.fail(error);
  }

  private lossOf({ request, wasSent }: Pending, code: 'SILENCE' | 'LINK-LOST', why: string): FarmError {
    const context = { wire: this.name, command: request.name, why };
    return wasSent && request.fiscal
      ? new FarmError(`DOUBT-${code}`, `${request.name} may have been executed: ${why}`, context)
      : new FarmError(`WIRE-${code}`, `${request.name} was not answered: ${why}`, context);
  }
}

/** `55` and an error, the form of every command that goes in a series. */
const isRefusal = (answer: Buffer): boolean => answer[0] === ANSWER_MARK && (answer[1] ?? 0) !== 0;
