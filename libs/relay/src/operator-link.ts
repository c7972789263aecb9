import { type Clock, failPoint, type Timer } from '@kkt/contracts';
import { classifyAnswer, type OfdStreamEvent, OfdStreamParser, type SentDocument } from '@kkt/ofd-protocol';
import { causeOfRefusal, failure, type RelayFailure } from './causes';
import type { Dial, Wire, WireEvents } from './wire';

/** How long a good message may follow behind damage before the exchange is called garbage. */
const graceMs = 2_000;

export type ExchangeResult =
  | { kind: 'confirmed'; answer: Buffer }
  | { kind: 'failed'; failure: RelayFailure }
  /** The operator had ended the connection before it read anything: says nothing about the document. */
  | { kind: 'stale' };

interface Exchange {
  sent: SentDocument;
  finish: (result: ExchangeResult, isLinkGood: boolean) => void;
  hasBytes: boolean;
  grace?: Timer;
}

/**
 * One connection to an operator: a message out, its answer in, one at a time. After anything but a clean answer the
 * connection is ended, so that a late answer can never be taken for the next one's.
 */
export class OperatorLink implements WireEvents {
  private wire: Wire | undefined;
  private parser = new OfdStreamParser();
  private exchange: Exchange | undefined;
  private exchanges = 0;

  private constructor(private readonly clock: Clock) {}

  /** Rejects when there is no connection in time. */
  static async open(
    dial: Dial,
    operator: { host: string; port: number },
    options: { timeoutMs: number; clock: Clock },
  ): Promise<OperatorLink> {
    const link = new OperatorLink(options.clock);
    const wire = await dial(operator, link, options);
    link.wire = wire;
    return link;
  }

  /** May carry another message. */
  get isOpen(): boolean {
    return this.wire !== undefined && this.exchange === undefined;
  }

  /** Sends a whole session message and waits for the answer to `sent`. Never rejects. */
  send(message: Buffer, sent: SentDocument, timeoutMs: number): Promise<ExchangeResult> {
    const { wire } = this;
    if (!wire) return Promise.resolve({ kind: 'stale' });
    this.exchanges++;
    return new Promise((resolve) => {
      const timer = this.clock.setTimer(timeoutMs, () =>
        this.fail(failure('timeout', `нет ответа оператора за ${Math.round(timeoutMs / 1000)} с`, true)),
      );
      this.exchange = {
        sent,
        hasBytes: false,
        finish: (result, isLinkGood) => {
          timer.cancel();
          this.exchange?.grace?.cancel();
          this.exchange = undefined;
          if (!isLinkGood) this.close();
          resolve(result);
        },
      };
      wire.write(message);
      failPoint('message-sent');
    });
  }

  close(): void {
    const { wire } = this;
    this.wire = undefined;
    wire?.destroy();
    this.exchange?.finish({ kind: 'stale' }, false);
  }

  data(bytes: Buffer): void {
    const { exchange } = this;
    // Nobody was asked: whatever it is, it must not meet the next question.
    if (!exchange) return this.close();
    exchange.hasBytes = true;
    for (const event of this.parser.push(bytes)) {
      if (this.exchange !== exchange) return this.close();
      this.take(event, exchange);
    }
    if (this.exchange === undefined && this.parser.pendingBytes > 0) this.close();
  }

  closed(error?: Error): void {
    this.wire = undefined;
    const { exchange } = this;
    if (!exchange) return;
    if (exchange.hasBytes) {
      for (const event of this.parser.end()) if (this.exchange === exchange) this.take(event, exchange);
      if (this.exchange === exchange) this.fail(failure('garbage', 'соединение прервалось посреди ответа'));
      return;
    }
    // A connection kept from an earlier exchange may be ended by the operator at any time: not this document's fault.
    if (this.exchanges > 1) return exchange.finish({ kind: 'stale' }, false);
    if (error) this.fail(failure('network', `соединение с оператором разорвано (${codeOf(error)})`));
    else
      this.fail(
        failure(
          'operator_unavailable',
          'оператор закрыл соединение без ответа: так отвечают и на неизвестную или неоплаченную кассу',
        ),
      );
  }

  private take(event: OfdStreamEvent, exchange: Exchange): void {
    switch (event.kind) {
      case 'noise':
        return this.waitGrace(exchange, 'в ответе оператора лишние байты');
      case 'fault':
        return this.waitGrace(exchange, `ответ оператора повреждён (${event.error.code})`);
      case 'overrun':
        return this.fail(failure('garbage', 'оператор прислал слишком много мусора'));
      case 'message':
        break;
    }
    const answer = classifyAnswer(exchange.sent, event.message);
    switch (answer.kind) {
      case 'confirmation':
        return exchange.finish({ kind: 'confirmed', answer: answer.container.bytes }, !exchange.grace);
      case 'refusal':
        return exchange.finish({ kind: 'failed', failure: causeOfRefusal(answer.meaning) }, !exchange.grace);
      case 'link-alive':
        return;
      case 'foreign': {
        const { container } = event.message;
        const isLateRepeat =
          container?.fnNumber === exchange.sent.fnNumber && container.fdNumber < exchange.sent.fdNumber;
        if (isLateRepeat) return;
        return this.fail(failure('garbage', 'оператор ответил о другом документе'));
      }
      case 'unreadable':
        return this.fail(failure('garbage', `ответ оператора не разобрать (${answer.error.code})`));
    }
  }

  private waitGrace(exchange: Exchange, text: string): void {
    exchange.grace ??= this.clock.setTimer(graceMs, () => this.fail(failure('garbage', text)));
  }

  private fail(why: RelayFailure): void {
    this.exchange?.finish({ kind: 'failed', failure: why }, false);
  }
}

/** A short name of a socket's error for texts. */
export const codeOf = (error: unknown): string =>
  (error as { code?: string } | null)?.code ?? (error instanceof Error ? error.message : String(error));
