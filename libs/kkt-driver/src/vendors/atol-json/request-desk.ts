import { FarmError, sleep, type Clock } from '@kkt/contracts';
import type { LinkCounters, TaskCounters } from '../../device';
import { HttpFailure, type JsonHttpAnswer, type JsonHttpClient, type JsonHttpRequest } from './http-client';
import {
  readComplaint,
  readStates,
  receptionOf,
  requestBody,
  requestPath,
  REQUESTS_PATH,
  type JsonTask,
  type Reception,
  type TaskState,
} from './web-server';

export interface JsonTimings {
  /** How long one HTTP request may take. */
  requestTimeoutMs: number;
  /** How often a question that may be repeated is asked before the server counts as lost. */
  sends: number;
  resendPauseMs: number;
  /** Pauses between questions how a request stands; the last one goes on. */
  pollMs: readonly number[];
  /** How long a request of queries may take, its place in the queue included. */
  queryTimeoutMs: number;
  /** The same for a request that makes a fiscal document. */
  fiscalTimeoutMs: number;
}

export const DEFAULT_TIMINGS: JsonTimings = {
  requestTimeoutMs: 3_000,
  sends: 3,
  resendPauseMs: 300,
  pollMs: [15, 25, 50, 100, 200],
  queryTimeoutMs: 10_000,
  // Below the guard of a driver's lease, so that a driver never waits for a document longer than it may write.
  fiscalTimeoutMs: 20_000,
};

/** How a request was received; `sent` false: it certainly did not leave. */
export interface Posted {
  reception: Reception;
  sent: boolean;
  /** What the server said against it. */
  complaint?: string;
}

/** How waiting for a request ended: its tasks' states, the server does not know it, or it is not finished in time. */
export type Awaited = TaskState[] | 'unknown' | 'late';

const MALFORMED_LIMIT = 3;
const STATUS_NOT_FOUND = 404;
const STATUS_OK = 200;

/**
 * Puts requests to the web server and asks how they stand. Every wait ends. It never puts a request twice: that is for
 * the layer above, which knows what a second one would do.
 */
export class RequestDesk {
  constructor(
    private readonly client: JsonHttpClient,
    private readonly clock: Clock,
    private readonly timings: JsonTimings,
    private readonly link: LinkCounters,
    private readonly counters: TaskCounters,
  ) {}

  get name(): string {
    return this.client.name;
  }

  /** Puts a request once. Rejects only when aborted. */
  async post(key: string, tasks: readonly JsonTask[], signal: AbortSignal): Promise<Posted> {
    let answer: JsonHttpAnswer;
    try {
      answer = await this.send(
        { method: 'POST', path: REQUESTS_PATH, body: requestBody(key, tasks) },
        signal,
      );
    } catch (error) {
      signal.throwIfAborted();
      // Anything but a failure of HTTP was thrown before it: the end of a lease, for one.
      return { reception: 'unheard', sent: error instanceof HttpFailure && error.sent };
    }
    const reception = receptionOf(answer.status);
    if (reception === 'taken') this.counters.added += 1;
    if (reception === 'known') this.counters.alreadyExists += 1;
    const isFault = reception === 'refused' || reception === 'known';
    return { reception, sent: true, ...(isFault ? { complaint: readComplaint(answer.body) } : {}) };
  }

  /**
   * Waits until every task of the request has ended.
   * @throws FarmError `WIRE-LOST` when the server cannot be reached; the signal's reason when aborted
   */
  async wait(key: string, timeoutMs: number, signal: AbortSignal): Promise<Awaited> {
    const { clock, timings } = this;
    const untilMs = clock.monotonicMs() + timeoutMs;
    let malformed = 0;
    for (let poll = 0; ; poll += 1) {
      const answer = await this.ask({ method: 'GET', path: requestPath(key) }, signal);
      if (answer.status === STATUS_NOT_FOUND) {
        this.counters.notFound += 1;
        return 'unknown';
      }
      const states = answer.status === STATUS_OK ? readStates(answer.body) : undefined;
      if (states?.every(({ status }) => status !== 'pending')) return states;
      if (!states && (malformed += 1) >= MALFORMED_LIMIT) {
        throw new FarmError('WIRE-MALFORMED', 'The web server does not say how a request stands', {
          wire: this.name,
          status: answer.status,
        });
      }
      const pauseMs = timings.pollMs[Math.min(poll, timings.pollMs.length - 1)] ?? timings.resendPauseMs;
      if (clock.monotonicMs() + pauseMs > untilMs) return 'late';
      await sleep(clock, pauseMs, signal);
    }
  }

  /** Takes a waiting request back. True when it is certain that it will not be executed. */
  async cancel(key: string, signal: AbortSignal): Promise<boolean> {
    this.counters.aborts += 1;
    const answer = await this.ask({ method: 'DELETE', path: requestPath(key) }, signal);
    return answer.status >= 200 && answer.status < 300;
  }

  /** Asks until there is an answer: for questions that change nothing. A 5xx is no answer. */
  private async ask(request: JsonHttpRequest, signal: AbortSignal): Promise<JsonHttpAnswer> {
    const { sends, resendPauseMs } = this.timings;
    let cause: unknown;
    for (let attempt = 0; attempt < sends; attempt += 1) {
      if (attempt > 0) {
        this.link.resends += 1;
        await sleep(this.clock, resendPauseMs, signal);
      }
      try {
        if (request.method === 'GET') this.counters.asks += 1;
        const answer = await this.send(request, signal);
        if (answer.status < 500) return answer;
        cause = new Error(`HTTP ${answer.status}`);
      } catch (error) {
        signal.throwIfAborted();
        cause = error;
        if (!(error instanceof HttpFailure)) break;
      }
    }
    throw new FarmError('WIRE-LOST', 'The web server does not answer', { wire: this.name }, { cause });
  }

  private async send(request: JsonHttpRequest, signal: AbortSignal): Promise<JsonHttpAnswer> {
    const { clock, link, timings } = this;
    const late = new AbortController();
    const timer = clock.setTimer(timings.requestTimeoutMs, () => late.abort());
    link.framesSent += 1;
    link.bytesSent += Buffer.byteLength(request.body ?? '');
    try {
      const answer = await this.client.send(request, AbortSignal.any([signal, late.signal]));
      link.framesReceived += 1;
      link.bytesReceived += Buffer.byteLength(answer.body);
      return answer;
    } catch (error) {
      if (late.signal.aborted && !signal.aborted) {
        throw new HttpFailure(`no answer in ${timings.requestTimeoutMs} ms`, true, { cause: error });
      }
      throw error;
    } finally {
      timer.cancel();
    }
  }
}
