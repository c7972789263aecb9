import { FarmError, isDeviceRefusal, isWireFault, type Clock, type Ids, type Log } from '@kkt/contracts';
import type { LinkCounters, TaskCounters } from '../../device';
import { newLinkCounters } from '../../link/counters';
import { CommandBook } from '../atol/command-stats';
import { SerialQueue } from '../atol/serial-queue';
import { isObject, type JsonObject } from './fields';
import { isSame, POSITION_TASKS, positionOf, type FnPosition } from './fn-position';
import type { JsonHttpClient } from './http-client';
import { isNotReached, isRefusedByDriver, DRIVER_ERROR, leavesDoubt, taskRefusal } from './json.errors';
import { DEFAULT_TIMINGS, RequestDesk, type JsonTimings } from './request-desk';
import { requestKey } from './request-key';
import type { JsonTask, TaskState } from './web-server';

export interface JsonSessionOptions {
  client: JsonHttpClient;
  clock: Clock;
  ids: Ids;
  log: Log;
  timings?: Partial<JsonTimings>;
}

/** What became of a key that was taken for a question: the position, or the states of the request that had it first. */
type Burnt = { position: FnPosition } | { states: TaskState[] };

/**
 * One register behind one web server: one request at a time, each fiscal one under a key of its own.
 *
 * The key is what makes loss harmless. A request whose fate is not known is asked for by its key. When the server does
 * not know the key, the key is taken for a harmless question: from then on the lost request would be refused as a
 * repeat, and the answer, where the FN stands, proves whether it had been executed and forgotten. So silence ends in
 * doubt only when the server cannot be reached, does not finish in time, or the FN has moved on.
 */
export class JsonSession {
  readonly counters: LinkCounters = newLinkCounters();
  readonly tasks: TaskCounters = {
    added: 0,
    bufferFull: 0,
    alreadyExists: 0,
    notFound: 0,
    stopped: 0,
    asks: 0,
    aborts: 0,
  };
  readonly book: CommandBook;
  readonly log: Log;
  private readonly desk: RequestDesk;
  private readonly queue = new SerialQueue();
  private readonly timings: JsonTimings;
  private life = new AbortController();
  private up = false;
  private isFirst = true;
  /** Last known position; absent when something may have moved it. */
  private position: FnPosition | undefined;
  /** The next free key is `requestKey(at, next)`. */
  private attempts: { at: FnPosition; next: number } | undefined;
  private lostPromise: Promise<Error>;
  private tellLost: (error: Error) => void = () => undefined;

  constructor(private readonly options: JsonSessionOptions) {
    this.timings = { ...DEFAULT_TIMINGS, ...options.timings };
    this.log = options.log;
    this.book = new CommandBook(options.clock);
    this.desk = new RequestDesk(options.client, options.clock, this.timings, this.counters, this.tasks);
    this.lostPromise = this.newLost();
  }

  get connected(): boolean {
    return this.up;
  }

  get lost(): Promise<Error> {
    return this.lostPromise;
  }

  get wireName(): string {
    return this.desk.name;
  }

  get clock(): Clock {
    return this.options.clock;
  }

  /** Cancelled when the connection ends, for waits between tasks. */
  get signal(): AbortSignal {
    return this.life.signal;
  }

  /** Resolves when no request of an earlier session is waiting, being executed, or still able to arrive. */
  connect(signal: AbortSignal): Promise<void> {
    return this.queue.run(async () => {
      if (this.up) return;
      this.life = new AbortController();
      if (!this.isFirst) this.counters.reconnects += 1;
      this.isFirst = false;
      this.lostPromise = this.newLost();
      await this.settle(AbortSignal.any([signal, this.life.signal]));
      this.up = true;
    });
  }

  /** Does not wait for its turn: requests under way end with `WIRE-CLOSED` or doubt. */
  disconnect(): Promise<void> {
    this.up = false;
    this.life.abort(this.closed());
    this.options.client.close();
    return Promise.resolve();
  }

  /** Runs a job of several requests without letting another job in between. */
  exclusive<T>(job: () => Promise<T>): Promise<T> {
    return this.queue.run(() => {
      if (!this.up) throw this.closed();
      return job();
    });
  }

  /** Runs one task that changes nothing, or nothing that a repeat would change again. @throws FarmError `DEVICE-*`, `WIRE-*` */
  async ask(task: JsonTask): Promise<JsonObject> {
    const [result] = await this.askAll([task]);
    return result ?? {};
  }

  /** Runs such tasks in one request; the first refusal is thrown. */
  async askAll(tasks: readonly JsonTask[]): Promise<JsonObject[]> {
    const begunMs = this.book.begin();
    try {
      const states = await this.query(tasks, this.life.signal);
      for (const { type } of tasks) this.book.end(type, begunMs);
      return states.map(({ result }) => result);
    } catch (error) {
      const [name, code] =
        error instanceof FarmError ? [error.context.command, error.code] : [undefined, 'SYS-BUG'];
      this.book.end(typeof name === 'string' ? name : (tasks[0]?.type ?? ''), begunMs, code);
      throw error;
    }
  }

  /**
   * Runs a task that makes a fiscal document.
   * @throws FarmError `DOUBT-*` when it may have been executed, `WIRE-*` when it certainly was not, `DEVICE-*` refused
   */
  fiscal(task: JsonTask): Promise<JsonObject> {
    return this.book.measure(task.type, async () => {
      const position = await this.positionNow();
      const key = this.takeKey(position);
      let isOut = false;
      try {
        const { signal } = this.life;
        signal.throwIfAborted();
        isOut = true;
        const posted = await this.desk.post(key, [task], signal);
        if (posted.reception === 'unheard' && !posted.sent) {
          isOut = false;
          throw this.wireError('WIRE-LOST', 'The web server cannot be reached', task);
        }
        if (posted.reception === 'refused') throw this.notAccepted(task, posted.complaint);
        const end = await this.desk.wait(key, this.timings.fiscalTimeoutMs, signal);
        if (end === 'late') return await this.giveUp(task, key, signal);
        if (end !== 'unknown') return this.conclude(task, end, position, posted.reception === 'taken');
        if (posted.reception === 'known') {
          isOut = false;
          throw this.wireError('WIRE-NOT-TAKEN', posted.complaint ?? 'The request was not taken', task);
        }
        return await this.proveUnmade(task, key, position, signal);
      } catch (error) {
        throw this.afterFailure(error, task, isOut);
      }
    });
  }

  /** A request the server does not know: it never came, or it was executed and forgotten. The FN tells. */
  private async proveUnmade(
    task: JsonTask,
    key: string,
    before: FnPosition,
    signal: AbortSignal,
  ): Promise<JsonObject> {
    let burnt: Burnt;
    try {
      burnt = await this.burn(key, signal);
    } catch (error) {
      if (!isDeviceRefusal(error) && !isNotExecuted(error)) throw error;
      throw this.doubt('DOUBT-UNPROVEN', 'The FN does not say where it stands', task, undefined, error);
    }
    if ('states' in burnt) return this.conclude(task, burnt.states, before, false);
    this.learn(burnt.position);
    if (isSame(burnt.position, before)) {
      throw this.wireError('WIRE-NOT-EXECUTED', 'The request was lost; the FN has not moved', task);
    }
    throw this.doubt(
      'DOUBT-FORGOTTEN',
      'The web server has forgotten the request and the FN has moved',
      task,
    );
  }

  /** Not finished in time. A request that still waits can be taken back; one that is being executed cannot. */
  private async giveUp(task: JsonTask, key: string, signal: AbortSignal): Promise<never> {
    if (await this.desk.cancel(key, signal)) {
      throw this.wireError('WIRE-NOT-EXECUTED', 'The request waited too long and was taken back', task);
    }
    throw this.doubt('DOUBT-DEADLINE', `${task.type} is not finished in time`, task);
  }

  /**
   * What the states of the key say of this task. `isOurs` false: the server did not confirm that it took the request, so
   * the key may be one that an earlier request had, a month ago. Then only a document that follows `before` is believed.
   */
  private conclude(
    task: JsonTask,
    states: readonly TaskState[],
    before: FnPosition,
    isOurs: boolean,
  ): JsonObject {
    const [state] = states;
    if (state?.status === 'ready') {
      const params = isObject(state.result.fiscalParams) ? state.result.fiscalParams : {};
      const made = params.fiscalDocumentNumber;
      if (!isOurs && made !== before.lastFd + 1) throw this.keyHadOwner(task);
      this.position = typeof made === 'number' ? { ...before, lastFd: made } : undefined;
      return state.result;
    }
    if (state?.status !== 'error') {
      throw this.doubt('DOUBT-INTERRUPTED', `${task.type} was interrupted`, task, state?.code);
    }
    if (leavesDoubt(state.code)) {
      const why = state.description || 'The driver does not know the outcome';
      throw this.doubt('DOUBT-DRIVER', why, task, state.code);
    }
    throw isOurs ? taskRefusal(task.type, state, this.wireName) : this.keyHadOwner(task);
  }

  /** Which error the caller gets; an unreachable server ends the connection. */
  private afterFailure(error: unknown, task: JsonTask, isOut: boolean): unknown {
    if (error instanceof FarmError && error.code.startsWith('DOUBT-')) this.position = undefined;
    const isClosed = this.life.signal.aborted;
    const isLost = error instanceof FarmError && error.code === 'WIRE-LOST';
    if (isLost) this.markLost(error);
    if (!isOut || (!isLost && !isClosed && !isMalformed(error))) return error;
    this.position = undefined;
    return this.doubt('DOUBT-LINK-LOST', `The outcome of ${task.type} is not known`, task, undefined, error);
  }

  private async positionNow(): Promise<FnPosition> {
    if (this.position) return this.position;
    const states = await this.query(POSITION_TASKS, this.life.signal);
    return this.learn(positionOf(states));
  }

  /** Asks the FN's position under `key`, whoever has that key. */
  private async burn(key: string, signal: AbortSignal): Promise<Burnt> {
    for (let attempt = 0; attempt < this.timings.sends; attempt += 1) {
      await this.desk.post(key, POSITION_TASKS, signal);
      const end = await this.desk.wait(key, this.timings.fiscalTimeoutMs, signal);
      if (end === 'late') break;
      if (end === 'unknown') continue;
      // One task: the request itself had come after all, between the two questions.
      if (end.length !== POSITION_TASKS.length) return { states: end };
      this.assertReady(POSITION_TASKS, end);
      return { position: positionOf(end) };
    }
    throw this.wireError('WIRE-LOST', 'The web server does not keep a request', POSITION_TASKS[0]);
  }

  /** Goes through the keys of the FN's position until one is free, and takes that one. */
  private async settle(signal: AbortSignal): Promise<void> {
    this.position = undefined;
    let position: FnPosition;
    try {
      position = positionOf(await this.query(POSITION_TASKS, signal));
    } catch (error) {
      // Without an FN there is nothing to settle.
      if (isRefusedByDriver(error, DRIVER_ERROR.fnLink)) return;
      throw error;
    }
    for (let attempt = 0; ; attempt += 1) {
      const key = requestKey(position, attempt);
      const known = await this.desk.wait(key, this.timings.fiscalTimeoutMs, signal);
      if (known === 'late') {
        throw new FarmError('WIRE-DEADLINE', 'A request of an earlier session is not finished', {
          wire: this.wireName,
        });
      }
      if (known !== 'unknown') continue;
      const burnt = await this.burn(key, signal);
      if ('states' in burnt) continue;
      if (isSame(burnt.position, position)) {
        this.attempts = { at: position, next: attempt + 1 };
        this.position = position;
        return;
      }
      ({ position } = burnt);
      attempt = -1;
    }
  }

  private takeKey(position: FnPosition): string {
    if (!this.attempts || !isSame(this.attempts.at, position)) this.attempts = { at: position, next: 0 };
    const attempt = this.attempts.next;
    this.attempts.next += 1;
    return requestKey(position, attempt);
  }

  private learn(position: FnPosition): FnPosition {
    this.position = position;
    return position;
  }

  private async query(tasks: readonly JsonTask[], signal: AbortSignal): Promise<TaskState[]> {
    const task = tasks[0];
    try {
      for (let attempt = 0; attempt < this.timings.sends; attempt += 1) {
        const key = this.options.ids.uuid();
        const posted = await this.desk.post(key, tasks, signal);
        if (posted.reception === 'refused') throw this.notAccepted(task, posted.complaint);
        // Unheard as well: the answer may have been lost, not the request.
        const end = await this.desk.wait(key, this.timings.queryTimeoutMs, signal);
        if (end === 'late') {
          await this.desk.cancel(key, signal);
          throw this.wireError('WIRE-DEADLINE', `${task?.type} is not finished in time`, task);
        }
        if (end === 'unknown') continue;
        this.assertReady(tasks, end);
        return end;
      }
      throw this.wireError('WIRE-LOST', 'The web server does not keep a request', task);
    } catch (error) {
      if (error instanceof FarmError && error.code === 'WIRE-LOST') this.markLost(error);
      throw error;
    }
  }

  private assertReady(tasks: readonly JsonTask[], states: readonly TaskState[]): void {
    tasks.forEach((task, at) => {
      const state = states[at];
      if (state?.status === 'ready') return;
      if (!state || state.status === 'interrupted' || isNotReached(state.code)) {
        throw this.wireError('WIRE-DRIVER', state?.description ?? 'The task was not executed', task);
      }
      throw taskRefusal(task.type, state, this.wireName);
    });
  }

  private markLost(error: Error): void {
    if (!this.up) return;
    this.up = false;
    this.position = undefined;
    this.life.abort(error);
    this.tellLost(error);
  }

  private closed(): FarmError {
    return new FarmError('WIRE-CLOSED', 'The device is not connected', { wire: this.wireName });
  }

  private notAccepted(task: JsonTask | undefined, complaint = ''): FarmError {
    return new FarmError('DEVICE-REQUEST-REFUSED', `${task?.type}: ${complaint}`, {
      wire: this.wireName,
      command: task?.type,
      recovery: 'engineer',
    });
  }

  private keyHadOwner(task: JsonTask): FarmError {
    return this.wireError('WIRE-NOT-EXECUTED', 'The key of the request had been used before', task);
  }

  private wireError(code: `WIRE-${string}`, message: string, task: JsonTask | undefined): FarmError {
    return new FarmError(code, message, { wire: this.wireName, command: task?.type });
  }

  private doubt(
    code: `DOUBT-${string}`,
    message: string,
    task: JsonTask,
    driverCode?: number,
    cause?: unknown,
  ): FarmError {
    return new FarmError(code, message, { wire: this.wireName, command: task.type, driverCode }, { cause });
  }

  private newLost(): Promise<Error> {
    return new Promise((resolve) => {
      this.tellLost = resolve;
    });
  }
}

/** The driver did not reach the register. */
const isNotExecuted = (error: unknown): boolean => isWireFault(error) && error.code === 'WIRE-DRIVER';
const isMalformed = (error: unknown): boolean => isWireFault(error) && error.code === 'WIRE-MALFORMED';
