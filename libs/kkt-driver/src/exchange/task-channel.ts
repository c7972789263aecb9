import { decodeTaskReply, encodeAbort, encodeAck, encodeBcd, TASK_CODE, TASK_FLAG } from '@kkt/atol-protocol';
import type { Clock, FarmError, Log } from '@kkt/contracts';
import { disturbances } from '../link/counters';
import { Slots } from '../link/slots';
import type { V3Link } from '../link/v3.link';
import type { LinkCounters, TaskCounters } from '../device';
import { Batch } from './batch';
import type { CommandChannel, SeriesEnd, SeriesStop, TaskOutcome } from './command-channel';
import { settle } from './settle';
import { newTaskCounters, Task, taskError, type TaskHost, type TaskRequest, type TaskTiming } from './task';
import { TidPool } from './tid-pool';

export interface TaskChannelOptions {
  link: V3Link;
  clock: Clock;
  log: Log;
  /** Those of the link: a series of commands is judged by whether the line was quiet. */
  linkCounters: LinkCounters;
  /** Access password of the device. Default 0. */
  password?: number;
  /** First task id, 00..DF; see `firstId` of the link. */
  firstTid?: number;
  /** Default 1500. */
  askAfterMs?: number;
  /** Default 50. */
  fullPauseMs?: number;
  /** Default 100. */
  maxRefusals?: number;
  /** Tasks and bytes one series may have in the device's buffer. Defaults 12 and 6000: below the smallest buffer we know of. */
  maxQueuedTasks?: number;
  maxQueuedBytes?: number;
}

/** A finished task whose slot is given back together with the next packet that goes out anyway. */
const LAZY_ACK_LIMIT = 4;
/** `C1 flags tid`, then the access password in BCD and the command. */
const ADD_HEAD_BYTES = 3;
const PASSWORD_BYTES = 2;

/**
 * The device's task buffer as a way to run commands: one by one with their results, or a series under way at once.
 * Source: atol-protocol facts, section 2.
 */
export class TaskChannel implements CommandChannel, TaskHost {
  readonly link: V3Link;
  readonly clock: Clock;
  readonly timing: TaskTiming;
  readonly counters: TaskCounters = newTaskCounters();
  onLost: (error: FarmError) => void = () => undefined;
  private readonly tids: TidPool;
  private readonly password: Buffer;
  private readonly active = new Slots<Task>();
  private unacknowledged: number[] = [];

  constructor(private readonly options: TaskChannelOptions) {
    const { link, clock, askAfterMs = 1500, fullPauseMs = 50, maxRefusals = 100 } = options;
    this.link = link;
    this.clock = clock;
    this.timing = { askAfterMs, fullPauseMs, maxRefusals };
    this.password = encodeBcd(options.password ?? 0, PASSWORD_BYTES);
    this.tids = new TidPool(options.firstTid ?? 0);
    link.onAsync = (data) => this.takeAsync(data);
    link.onDamage = () => this.hurryAll();
    link.onDown = (error) => this.onDown(error);
    link.onLost = (error) => this.onLost(error);
  }

  get name(): string {
    return this.link.name;
  }

  open(signal: AbortSignal): Promise<void> {
    return this.link.open(signal);
  }

  close(): Promise<void> {
    return this.link.close();
  }

  settle(barrier: TaskRequest, signal: AbortSignal): Promise<void> {
    return settle(this, { barrier, signal });
  }

  get disturbances(): number {
    return disturbances(this.options.linkCounters);
  }

  /** Room that a series may take in the device's buffer. */
  get queueLimit(): { tasks: number; bytes: number } {
    return { tasks: this.options.maxQueuedTasks ?? 12, bytes: this.options.maxQueuedBytes ?? 6000 };
  }

  /**
   * Runs one command to its end. The queue goes on after an error of it (IgnoreError): nothing stands behind it.
   * @throws FarmError `DOUBT-*` for a fiscal command that may have been executed, `WIRE-*` for one that was not or is harmless
   */
  run(request: TaskRequest): Promise<TaskOutcome> {
    return new Promise((resolve, reject) => {
      this.start(request, TASK_FLAG.needResult | TASK_FLAG.ignoreError, (task) => {
        if (!task.isOver) return;
        const { state } = task;
        this.finish(task);
        if (state.at === 'done') return resolve({ answer: state.answer, refused: false });
        if (state.at === 'failed' && state.answer) return resolve({ answer: state.answer, refused: true });
        // The id belongs to somebody's older task: ours is not in the buffer, another id is as good.
        if (state.at === 'failed' && state.why === 'tid-taken') return resolve(this.run(request));
        return reject(taskError(task, this.link.name));
      });
    });
  }

  /** Runs a series in which the device stops at the first error; gives the last command's answer. See `Batch`. */
  runToLast(requests: readonly TaskRequest[]): Promise<SeriesEnd | SeriesStop> {
    return new Batch(this, requests, 'last').run();
  }

  /**
   * Runs a series of independent commands and gives every answer, refusals included. The device keeps the results:
   * `clearResults` empties its buffer with one packet instead of an Ack for each, so a series is no longer than `queueLimit`.
   */
  runForAll(requests: readonly TaskRequest[]): Promise<SeriesEnd | SeriesStop> {
    return new Batch(this, requests, 'all').run();
  }

  /** Forgets everything under way and empties the device's buffer. A command that is being executed goes on. */
  abort(): Promise<void> {
    this.forgetAll();
    return new Promise((resolve, reject) => {
      this.sendAbort((error) => (error ? reject(error) : resolve()));
    });
  }

  /**
   * Empties the buffer of results that have all been taken. Not waited for: the packet goes out with the next command, and
   * the device reads packets in their order.
   */
  clearResults(): void {
    this.sendAbort(() => undefined);
  }

  private sendAbort(done: (error: FarmError | undefined) => void): void {
    this.counters.aborts += 1;
    this.unacknowledged = [];
    const held = this.tids.all();
    this.link.request(encodeAbort(), 'Abort', (reply, error) => {
      if (reply) for (const tid of held) this.tids.free(tid);
      done(error);
    });
  }

  onAsk(): void {
    this.counters.asks += 1;
  }

  /** The Add packet of a command: made in one piece, as it is made for every command. */
  addPacket(flags: number, tid: number, body: Buffer): Buffer {
    const { password } = this;
    const packet = Buffer.allocUnsafe(ADD_HEAD_BYTES + password.length + body.length);
    packet[0] = TASK_CODE.add;
    packet[1] = flags;
    packet[2] = tid;
    packet.set(password, ADD_HEAD_BYTES);
    packet.set(body, ADD_HEAD_BYTES + password.length);
    return packet;
  }

  /** A task id for `settle`, which runs its own task. */
  takeTid(): number {
    return this.tids.take();
  }

  /** For `Batch`: puts one task into the buffer. */
  start(request: TaskRequest, flags: number, onChange: (task: Task) => void): Task {
    this.sendAcks();
    const tid = this.tids.take();
    const task = new Task(this, request, tid, this.addPacket(flags, tid, request.body), onChange);
    this.active.set(tid, task);
    this.counters.added += 1;
    task.start();
    return task;
  }

  /** Takes a task off the books and gives its slot back when the device is known to hold it. */
  finish(task: Task): void {
    task.forget();
    this.active.delete(task.tid);
    const { state } = task;
    const held = state.at === 'done' || (state.at === 'failed' && state.why === 'device');
    if (held) this.unacknowledged.push(task.tid);
    else if (state.at === 'failed' && (state.why === 'absent' || state.why === 'full'))
      this.tids.free(task.tid);
    if (this.unacknowledged.length >= LAZY_ACK_LIMIT) this.sendAcks();
  }

  /** Its result is here; the slot stays taken until the buffer is emptied. */
  leave(task: Task): void {
    task.forget();
    this.active.delete(task.tid);
  }

  /** The device holds nothing of this task: it kept no result and a later task's result has come. */
  release(task: Task): void {
    task.forget();
    this.active.delete(task.tid);
    this.tids.free(task.tid);
  }

  /** Stops listening to all tasks and makes sure none of their packets is sent again. */
  forgetAll(): void {
    for (const task of this.active.all()) task.forget();
    this.active.clear();
    this.link.dropRequests();
  }

  onStatus(status: string): void {
    if (status === 'overflow') this.counters.bufferFull += 1;
    else if (status === 'alreadyExists') this.counters.alreadyExists += 1;
    else if (status === 'notFound') this.counters.notFound += 1;
    else if (status === 'stopped') this.counters.stopped += 1;
  }

  private sendAcks(): void {
    if (this.unacknowledged.length === 0) return;
    const tids = this.unacknowledged;
    this.unacknowledged = [];
    for (const tid of tids) {
      this.link.request(encodeAck(tid), 'Ack', (reply) => {
        // Without a reply the slot may still be taken: the id stays out of use until the buffer is emptied.
        if (reply) this.tids.free(tid);
      });
    }
  }

  private takeAsync(data: Buffer): void {
    let reply: ReturnType<typeof decodeTaskReply>;
    try {
      reply = decodeTaskReply(data);
    } catch {
      this.hurryAll();
      return;
    }
    if (reply.status !== 'asyncResult' && reply.status !== 'asyncError') return;
    const task = this.active.get(reply.tid);
    if (!task) {
      this.options.linkCounters.staleFrames += 1;
      this.options.log.debug({ wire: this.link.name, tid: reply.tid }, 'Result of a task nobody waits for');
      return;
    }
    task.input({ is: 'async', answer: reply.answer, refused: reply.status === 'asyncError' });
  }

  private hurryAll(): void {
    for (const task of this.active.all()) task.hurry();
  }

  /** The link is down, by loss or by our own closing: every task learns it. */
  private onDown(error: FarmError): void {
    for (const task of this.active.all()) {
      task.linkError = error;
      task.input({ is: 'link-lost' });
    }
  }
}
