import {
  command,
  deviceErrorCode,
  fnCommand,
  LAST_PACKET_ID,
  register,
  SEE_EXTENDED_ERROR,
  SYSTEM_ADMINISTRATOR_PASSWORD,
  type Exchange,
} from '@kkt/atol-protocol';
import { FarmError, isDeviceRefusal, isWireFault, type Clock, type Log, type Random } from '@kkt/contracts';
import type { LinkCounters } from '../../device';
import type { CommandChannel, TaskOutcome } from '../../exchange/command-channel';
import { TaskChannel, type TaskChannelOptions } from '../../exchange/task-channel';
import type { TaskRequest } from '../../exchange/task';
import { newLinkCounters } from '../../link/counters';
import { V2Channel } from '../../link/v2.channel';
import { V3Link, type V3LinkOptions } from '../../link/v3.link';
import { DeviceTrace } from '../../trace/device-trace';
import { TracedChannel } from '../../trace/traced-channel';
import type { Wire } from '../../transports/wire';
import { isRefusedWith, refusalError } from './atol.errors';
import { CommandBook } from './command-stats';
import { SerialQueue } from './serial-queue';

export interface AtolSessionOptions {
  wire: Wire;
  clock: Clock;
  random: Random;
  log: Log;
  /** Transport of the device. Default v3. */
  protocol?: 'v3' | 'v2';
  /** Access password of the device, two BCD bytes before every command. Default 0. */
  accessPassword?: number;
  /** Password with which modes are entered. Default 30, the system administrator's. */
  modePassword?: number;
  link?: Pick<V3LinkOptions, 'windowFrames' | 'replyTimeoutMs' | 'maxSends'>;
  tasks?: Pick<
    TaskChannelOptions,
    'askAfterMs' | 'fullPauseMs' | 'maxRefusals' | 'maxQueuedTasks' | 'maxQueuedBytes'
  >;
}

/** A row of the command table, or of the FN's, or of the registers': all are asked in the same way. */
export type Row<Req, Ans> = Pick<
  Exchange<string, Req, Ans>,
  'name' | 'timeoutMs' | 'encodeRequest' | 'decodeAnswer'
> & { fnCode?: number };

export type RequestOf<R> = R extends { decodeRequest(request: Buffer): infer Q } ? Q : never;
export type AnswerOf<R> = R extends { decodeAnswer(answer: Buffer): infer D }
  ? D extends { ok: true; data: infer A }
    ? A
    : never
  : never;

/** `fiscal`: the command makes a fiscal document, so its loss is doubt. */
export interface AskOptions {
  fiscal?: boolean;
}

/** The device has left the mode by itself; nothing was executed. */
const WRONG_MODE = deviceErrorCode('wrongMode');

/**
 * One device behind one wire: the link, the task buffer, the mode it is in, one command at a time. The jobs of the
 * `FiscalDevice` are built on `ask`.
 */
export class AtolSession {
  readonly counters: LinkCounters = newLinkCounters();
  readonly book: CommandBook;
  readonly channel: CommandChannel;
  /** What goes over the wire, kept while an engineer looks. */
  readonly trace: DeviceTrace;
  readonly clock: Clock;
  readonly log: Log;
  private readonly queue = new SerialQueue();
  private up = false;
  private isFirst = true;
  /** A command was left without its end: the next one waits for a barrier first. */
  private unsettled = false;
  private mode: number | undefined;
  private lostPromise: Promise<Error>;
  private tellLost: (error: Error) => void = () => undefined;

  constructor(private readonly options: AtolSessionOptions) {
    this.clock = options.clock;
    this.log = options.log;
    this.book = new CommandBook(this.clock);
    this.trace = new DeviceTrace(this.clock);
    this.channel = new TracedChannel(this.makeChannel(), this.trace, this.clock);
    this.lostPromise = this.newLost();
    this.channel.onLost = (error) => {
      this.up = false;
      this.tellLost(error);
    };
  }

  private makeChannel(): CommandChannel {
    const { wire, clock, random, log, accessPassword, protocol, link, tasks } = this.options;
    const { counters } = this;
    if (protocol === 'v2')
      return new V2Channel({ wire, clock, linkCounters: counters, password: accessPassword });
    // A device answers a repeated packet from memory and keeps results by number: a new process begins elsewhere.
    const anyId = (): number => Math.floor(random.next() * (LAST_PACKET_ID + 1));
    return new TaskChannel({
      ...tasks,
      link: new V3Link({ ...link, wire, clock, counters, firstId: anyId() }),
      clock,
      log,
      linkCounters: counters,
      password: accessPassword,
      firstTid: anyId(),
    });
  }

  get connected(): boolean {
    return this.up;
  }

  get lost(): Promise<Error> {
    return this.lostPromise;
  }

  get wireName(): string {
    return this.channel.name;
  }

  connect(signal: AbortSignal): Promise<void> {
    return this.queue.run(async () => {
      if (this.up) return;
      await this.channel.open(signal);
      if (!this.isFirst) this.counters.reconnects += 1;
      this.isFirst = false;
      this.lostPromise = this.newLost();
      this.mode = undefined;
      try {
        await this.settle(signal);
        this.up = true;
      } catch (error) {
        await this.channel.close();
        throw error;
      }
    });
  }

  /** Does not wait for its turn: commands under way end with `WIRE-CLOSED` or doubt. */
  async disconnect(): Promise<void> {
    this.up = false;
    await this.channel.close();
  }

  /** Runs a job of several commands without letting another job in between. */
  exclusive<T>(job: () => Promise<T>): Promise<T> {
    return this.queue.run(async () => {
      if (!this.up)
        throw new FarmError('WIRE-CLOSED', 'The device is not connected', { wire: this.channel.name });
      if (this.unsettled) await this.settle(new AbortController().signal);
      try {
        return await job();
      } catch (error) {
        if (!isDeviceRefusal(error)) this.unsettled = true;
        throw error;
      }
    });
  }

  /**
   * Runs one command of the table and gives its data.
   * @throws FarmError `DEVICE-*` with the device's code; `DOUBT-*` for a fiscal command, `WIRE-*` otherwise
   */
  ask<R extends Row<never, unknown>>(
    row: R,
    request?: RequestOf<R>,
    { fiscal = false }: AskOptions = {},
  ): Promise<AnswerOf<R>> {
    return this.book.measure(row.name, async () =>
      this.dataOf(row, await this.channel.run(this.taskOf(row, request, fiscal)), fiscal),
    );
  }

  /** The request as a task for the channel. */
  taskOf<R extends Row<never, unknown>>(row: R, request?: RequestOf<R>, fiscal = false): TaskRequest {
    const body = row.encodeRequest(request as never);
    return { name: row.name, body, fiscal, timeoutMs: row.timeoutMs };
  }

  /** Data of a good answer. @throws FarmError `WIRE-MALFORMED` when it cannot be read or is a refusal after all */
  decode<R extends Row<never, unknown>>(row: R, answer: Buffer): AnswerOf<R> {
    const decoded = row.decodeAnswer(answer);
    if (decoded.ok) return decoded.data as AnswerOf<R>;
    throw this.unreadable('WIRE-MALFORMED', row, answer);
  }

  /** The error of a refusal (A4, A7) by its answer; asks the device for details when it refers to register 55. */
  async refusal(row: Row<never, unknown>, answer: Buffer): Promise<FarmError> {
    const decoded = row.decodeAnswer(answer);
    if (decoded.ok) return this.unreadable('WIRE-MALFORMED', row, answer);
    return this.refusalByCode(row.name, decoded.error, decoded.ext, row.fnCode);
  }

  async refusalByCode(name: string, code: number, ext: number, fnCode?: number): Promise<FarmError> {
    const refusal = { command: name, code, ext, fnCode, wire: this.channel.name };
    if (code !== SEE_EXTENDED_ERROR) return refusalError(refusal);
    const row = register('extendedError');
    const { answer, refused } = await this.channel.run(this.taskOf(row));
    if (refused) return refusalError(refusal);
    const { error, extra } = this.decode(row, answer);
    return refusalError({ ...refusal, extended: { code: error, about: extra } });
  }

  /** Data of an outcome, or its refusal. @throws as `ask` does */
  async dataOf<R extends Row<never, unknown>>(
    row: R,
    { answer, refused }: TaskOutcome,
    fiscal = false,
  ): Promise<AnswerOf<R>> {
    try {
      const decoded = row.decodeAnswer(answer);
      // Some firmware reports a refusal as a good result (A3) whose answer holds the error.
      if (!decoded.ok) throw await this.refusalByCode(row.name, decoded.error, decoded.ext, row.fnCode);
      if (refused) throw this.unreadable('WIRE-MALFORMED', row, answer);
      return decoded.data as AnswerOf<R>;
    } catch (error) {
      // The device has executed the command and said something we cannot read.
      throw fiscal && isWireFault(error) ? this.unreadable('DOUBT-ANSWER', row, answer, error) : error;
    }
  }

  private unreadable(
    code: `WIRE-${string}` | `DOUBT-${string}`,
    row: Row<never, unknown>,
    answer: Buffer,
    cause?: unknown,
  ): FarmError {
    const context = { wire: this.channel.name, command: row.name, answer: answer.toString('hex') };
    return new FarmError(code, `The answer to ${row.name} cannot be read`, context, { cause });
  }

  /** Brings the device into a mode of `DEVICE_MODE`; costs nothing when it is there already. */
  async enter(mode: number): Promise<void> {
    if (this.mode === mode) return;
    const current = this.mode ?? (await this.ask(command('stateCode'))).mode.mode;
    this.mode = current;
    if (current === mode) return;
    this.mode = undefined;
    if (current !== 0) await this.ask(command('leaveMode'));
    const password = this.options.modePassword ?? SYSTEM_ADMINISTRATOR_PASSWORD;
    if (mode !== 0) await this.ask(command('enterMode'), { mode, password });
    this.mode = mode;
  }

  /** The device may have changed its mode by itself. */
  forgetMode(): void {
    this.mode = undefined;
  }

  /** Runs `job` in a mode; once more when the device turns out to have left it. */
  async inMode<T>(mode: number, job: () => Promise<T>): Promise<T> {
    await this.enter(mode);
    try {
      return await job();
    } catch (error) {
      if (!isWrongMode(error)) throw error;
      this.forgetMode();
      await this.enter(mode);
      return job();
    }
  }

  /** Waits for the end of everything under way in the device; see `settle`. */
  async settle(signal: AbortSignal): Promise<void> {
    const row = fnCommand('fnStatus');
    const body = row.encodeRequest();
    await this.channel.settle(
      { name: 'barrier', body, fiscal: false, timeoutMs: BARRIER_TIMEOUT_MS },
      signal,
    );
    this.unsettled = false;
    this.forgetMode();
  }

  private newLost(): Promise<Error> {
    return new Promise((resolve) => {
      this.tellLost = resolve;
    });
  }
}

/** The longest command of the protocol (120 s) and some. */
const BARRIER_TIMEOUT_MS = 130_000;

export const isWrongMode = (error: unknown): boolean => isRefusedWith(error, WRONG_MODE);
