import { type Clock, type Log } from '@kkt/contracts';
import { OfdStreamParser, type SessionFfd, wrapContainer } from '@kkt/ofd-protocol';
import { codeOf } from './operator-link';
import type { Dial, Wire } from './wire';

export interface MarkingLineOptions {
  dial: Dial;
  clock: Clock;
  log: Log;
  /** From the first byte to the whole answer, connecting included: the register and its buyer wait meanwhile. */
  timeoutMs: number;
}

/** One container of an FN and where it goes. */
export interface MarkingMessage {
  operator: { host: string; port: number };
  fnNumber: string;
  ffd: SessionFfd;
  container: Buffer;
}

/**
 * Takes one message of an FN to the marking system through its operator and brings the answer's container: one
 * connection a message, as operators close them after each answer. Undefined when there is no whole answer in time;
 * whether it is the right one only the FN can tell. Never rejects.
 */
export function askMarkingSystem(
  { operator, fnNumber, ffd, container }: MarkingMessage,
  { dial, clock, log, timeoutMs }: MarkingLineOptions,
): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const parser = new OfdStreamParser({ channel: 'marking' });
    let wire: Wire | undefined;
    let isOver = false;
    const end = (answer: Buffer | undefined, why?: string): void => {
      if (isOver) return;
      isOver = true;
      timer.cancel();
      wire?.destroy();
      if (why !== undefined) log.warn({ fnNumber, ...operator, why }, 'no answer of the marking system');
      resolve(answer);
    };
    const timer = clock.setTimer(timeoutMs, () => end(undefined, `nothing in ${timeoutMs} ms`));
    const events = {
      data: (bytes: Buffer): void => {
        for (const event of parser.push(bytes)) {
          if (event.kind === 'message' && event.message.container) return end(event.message.container.bytes);
          if (event.kind === 'overrun') return end(undefined, 'too much noise');
        }
      },
      closed: (error?: Error): void => end(undefined, error ? codeOf(error) : 'closed without an answer'),
    };
    dial(operator, events, { timeoutMs, clock }).then(
      (opened) => {
        wire = opened;
        if (isOver) opened.destroy();
        else opened.write(wrapContainer(container, { ffd, fnNumber, channel: 'marking' }));
      },
      (error: unknown) => end(undefined, codeOf(error)),
    );
  });
}
