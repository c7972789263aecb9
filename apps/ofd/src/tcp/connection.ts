import type { Socket } from 'node:net';
import type { Clock, Log, Random, Timer } from '@kkt/contracts';
import { OfdStreamParser, type OfdMessage, type OfdStreamEvent, signatureOf } from '@kkt/ofd-protocol';
import type { FaultSwitch } from './faults';
import { sendWithFault } from './send-with-fault';

export interface ConnectionOptions {
  handle: (message: OfdMessage) => Promise<{ answer: Buffer }>;
  faults: FaultSwitch;
  clock: Clock;
  random: Random;
  log: Log;
  limits: ConnectionLimits;
  onFault: (code: string) => void;
}

export interface ConnectionLimits {
  /** Silence after which the connection is closed; the exchange allows 300 s for an answer. */
  idleTimeoutMs: number;
  /** How long a message may take to arrive whole. */
  messageTimeoutMs: number;
  /** Messages of one connection that may wait for their answers; then reading pauses. */
  maxPending: number;
}

/** One KKT-side connection: cuts messages out of it, answers them in their order. */
export class OperatorConnection {
  private parser = new OfdStreamParser();
  private isNew = true;
  private lastAnswer: Promise<void> = Promise.resolve();
  private pending = 0;
  private partial: Timer | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly options: ConnectionOptions,
  ) {
    socket.setNoDelay(true);
    socket.setTimeout(options.limits.idleTimeoutMs, () => this.finish());
    socket.on('data', (chunk) => this.read(chunk));
    socket.on('end', () => this.finish());
    socket.on('error', (error) => options.log.debug({ err: error.message }, 'connection lost'));
    socket.on('close', () => this.partial?.cancel());
  }

  /** The first byte tells whom the connection is for: the operator, or the marking system behind it. */
  private read(chunk: Buffer): void {
    if (this.isNew && chunk[0] === signatureOf('marking')[0])
      this.parser = new OfdStreamParser({ channel: 'marking' });
    this.isNew = false;
    this.take(this.parser.push(chunk));
  }

  /** What is read gets its answer, then the connection closes. */
  finish(): void {
    this.take(this.parser.end());
    void this.lastAnswer.then(() => this.socket.end());
  }

  private take(events: OfdStreamEvent[]): void {
    const { log, onFault } = this.options;
    for (const event of events) {
      if (event.kind === 'message') this.answer(event.message);
      else if (event.kind === 'noise') log.warn({ bytes: event.bytes }, 'noise skipped');
      else {
        onFault(event.error.code);
        log.warn(
          {
            ...event.error.context,
            code: event.error.code,
            fnNumber: event.kind === 'fault' ? event.header?.fnNumber : undefined,
          },
          event.error.message,
        );
        if (event.kind === 'overrun') this.socket.destroy();
      }
    }
    this.watchPartial(events.length > 0);
  }

  /** Messages are handled side by side (their FNs may differ) and answered in the order they came. */
  private answer(message: OfdMessage): void {
    const { handle, faults, log, limits } = this.options;
    const fault = faults.forMessage(message.header.fnNumber);
    if (fault?.mode === 'hang') return;
    const answer = handle(message);
    this.pending += 1;
    if (this.pending >= limits.maxPending) this.socket.pause();
    this.lastAnswer = Promise.all([answer, this.lastAnswer])
      .then(([result]) => sendWithFault(this.socket, result.answer, fault, this.options))
      .catch((error: Error) => {
        log.error({ err: error.message }, 'a message could not be answered');
        this.socket.destroy();
      })
      .finally(() => {
        this.pending -= 1;
        if (this.pending < limits.maxPending && !this.socket.destroyed) this.socket.resume();
      });
  }

  /** A message has a deadline from its first byte: a trickle does not hold a connection for ever. */
  private watchPartial(progressed: boolean): void {
    if (progressed || this.parser.pendingBytes === 0) {
      this.partial?.cancel();
      this.partial = undefined;
    }
    if (this.parser.pendingBytes === 0 || this.socket.destroyed) return;
    this.partial ??= this.options.clock.setTimer(this.options.limits.messageTimeoutMs, () => this.finish());
  }
}
