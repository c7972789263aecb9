import { TASK_FLAG } from '@kkt/atol-protocol';
import { FarmError } from '@kkt/contracts';
import { taskError, type Task, type TaskRequest } from './task';
import type { SeriesEnd, SeriesStop, TaskOutcome } from './command-channel';

/** What of the task channel a series works on. */
export interface SeriesChannel {
  readonly name: string;
  readonly disturbances: number;
  readonly queueLimit: { tasks: number; bytes: number };
  start(request: TaskRequest, flags: number, onChange: (task: Task) => void): Task;
  finish(task: Task): void;
  leave(task: Task): void;
  release(task: Task): void;
}

/**
 * A series of commands under way at once.
 *
 * Waiting for each result would leave the device idle for a round trip per command. With `last` only a few tasks keep
 * their results (the last one always): the queue is first-in first-out and stops at an error, hence one result proves
 * all before it. With `all` every result is kept and errors stop nothing.
 *
 * What a result cannot prove is that no packet was overtaken or executed twice when the line dropped one. So a series
 * counts only if the line was quiet from its first packet to its last result and the device took the tasks in the order
 * they were sent; anything else is `disturbed`, and the caller begins again in a slower way.
 */
export class Batch {
  private readonly tasks: Task[] = [];
  private readonly sizes: number[];
  private readonly kept: boolean[];
  private readonly outcomes: (TaskOutcome | undefined)[] = [];
  private readonly quietAt: number;
  private accepted = 0;
  /** First task not yet known to be finished, and the bytes from there to the last one sent. */
  private unfinishedFrom = 0;
  private unfinishedBytes = 0;
  private isOver = false;
  private waiter:
    { resolve: (end: SeriesEnd | SeriesStop) => void; reject: (error: Error) => void } | undefined;

  constructor(
    private readonly channel: SeriesChannel,
    private readonly requests: readonly TaskRequest[],
    private readonly keep: 'last' | 'all',
  ) {
    if (requests.length === 0 || (keep === 'all' && requests.length > channel.queueLimit.tasks)) {
      throw new FarmError('SYS-SERIES-LENGTH', 'A series has a command at least and room for what it keeps', {
        commands: requests.length,
      });
    }
    this.sizes = requests.map(({ body }) => body.length + TASK_OVERHEAD_BYTES);
    this.kept = keep === 'all' ? requests.map(() => true) : this.markers();
    this.quietAt = channel.disturbances;
  }

  /** Rejects with `WIRE-*` (or doubt) when the device fell silent or the link was lost. */
  run(): Promise<SeriesEnd | SeriesStop> {
    return new Promise((resolve, reject) => {
      this.waiter = { resolve, reject };
      this.pump();
    });
  }

  /** Which tasks keep their result: the last one, and in a long series one in each half of the room it may take. */
  private markers(): boolean[] {
    const { tasks: maxTasks, bytes: maxBytes } = this.channel.queueLimit;
    const total = this.sizes.reduce((sum, size) => sum + size, 0);
    const isLong = this.sizes.length > maxTasks || total > maxBytes;
    let tasks = 0;
    let bytes = 0;
    return this.sizes.map((size, index) => {
      tasks += 1;
      bytes += size;
      if (index === this.sizes.length - 1) return true;
      const next = this.sizes[index + 1] ?? 0;
      if (!isLong || (tasks * 2 < maxTasks && (bytes + next) * 2 < maxBytes)) return false;
      tasks = 0;
      bytes = 0;
      return true;
    });
  }

  private pump(): void {
    const limit = this.channel.queueLimit;
    while (!this.isOver && this.tasks.length < this.requests.length) {
      const index = this.tasks.length;
      const request = this.requests[index];
      const size = this.sizes[index] ?? 0;
      const outstanding = index - this.unfinishedFrom;
      const isFull = outstanding >= limit.tasks || this.unfinishedBytes + size > limit.bytes;
      if (!request || (isFull && outstanding > 0)) return;
      this.unfinishedBytes += size;
      this.channel.start(request, this.flags(index), (task) => this.onChange(task, index));
    }
  }

  private flags(index: number): number {
    if (this.keep === 'all') return TASK_FLAG.needResult | TASK_FLAG.ignoreError;
    return this.kept[index] ? TASK_FLAG.needResult : 0;
  }

  private onChange(task: Task, index: number): void {
    if (this.isOver) return;
    this.tasks[index] ??= task;
    const { state } = task;
    const refusal = state.at === 'failed' ? state.answer : undefined;
    const isEnd = state.at === 'done' || (refusal !== undefined && this.keep === 'all');
    if ((state.at === 'failed' && !isEnd) || state.at === 'doubt') return this.onFailure(task, index);
    if (this.channel.disturbances !== this.quietAt) return this.disturbed('the line was not quiet');
    if (state.at === 'paused') return this.disturbed('the buffer was full');
    const isTaken = state.at === 'working' || isEnd;
    if (isTaken && index >= this.accepted) {
      if (index !== this.accepted) return this.disturbed('commands were taken out of order');
      this.accepted += 1;
    }
    if (!isEnd || !this.kept[index]) return;
    const answer = state.at === 'done' ? state.answer : refusal;
    this.outcomes[index] = { answer: answer ?? NOTHING, refused: refusal !== undefined };
    if (this.keep === 'last') this.finishUpTo(index);
    else while (this.outcomes[this.unfinishedFrom]) this.finishUpTo(this.unfinishedFrom);
    if (this.unfinishedFrom === this.requests.length) this.done();
    else this.pump();
  }

  /** A kept result has come: everything up to it is finished. */
  private finishUpTo(index: number): void {
    for (let at = this.unfinishedFrom; at <= index; at += 1) {
      const task = this.tasks[at];
      this.unfinishedBytes -= this.sizes[at] ?? 0;
      if (!task) continue;
      if (this.keep === 'all') this.channel.leave(task);
      else if (this.kept[at]) this.channel.finish(task);
      else this.channel.release(task);
    }
    this.unfinishedFrom = index + 1;
  }

  private done(): void {
    this.isOver = true;
    const outcomes = this.outcomes.filter((outcome) => outcome !== undefined);
    this.waiter?.resolve({ kind: 'done', outcomes: this.keep === 'all' ? outcomes : outcomes.slice(-1) });
  }

  private onFailure(task: Task, index: number): void {
    const { state } = task;
    this.isOver = true;
    const isLoss = state.at !== 'failed' || LOSSES.has(state.why);
    if (isLoss) this.waiter?.reject(taskError(task, this.channel.name));
    else if (state.answer) this.waiter?.resolve({ kind: 'refused', index, answer: state.answer });
    else if (state.why === 'stopped') this.waiter?.resolve({ kind: 'stopped' });
    else this.waiter?.resolve({ kind: 'disturbed', why: state.why });
  }

  private disturbed(why: string): void {
    this.isOver = true;
    this.waiter?.resolve({ kind: 'disturbed', why });
  }
}

/** Flags, task id, packet framing and password round a command: what it takes in the device beside itself. */
const TASK_OVERHEAD_BYTES = 5;
const NOTHING = Buffer.alloc(0);
const LOSSES: ReadonlySet<string> = new Set(['silence', 'link-lost', 'deadline']);
