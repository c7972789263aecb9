import { hasKnownFlags, isTaskId, TASK_FLAG, type TaskReply, type TaskRequest } from './codec';

export interface TaskBufferLimits {
  /** Tasks held at once, kept results included. No public figure: ours, default 16. */
  maxTasks: number;
  /** Bytes of waiting tasks and kept answers. No public figure: ours, default 8192. */
  maxBytes: number;
}

export type TaskState = 'pending' | 'inProgress' | 'waiting' | 'result' | 'error' | 'stopped';

/** A task given out for execution. `ticket` tells it from a later task of the same id put in after an Abort. */
export interface RunnableTask {
  tid: number;
  flags: number;
  task: Buffer;
  ticket: number;
}

export interface TaskEntry {
  tid: number;
  flags: number;
  state: TaskState;
}

interface Slot extends TaskEntry {
  ticket: number;
  /** The task while it waits or works, its answer when it is done. */
  bytes: Buffer;
}

const DEFAULT_LIMITS: TaskBufferLimits = { maxTasks: 16, maxBytes: 8192 };
const NOTHING = Buffer.alloc(0);

/**
 * The device's side of the task buffer: a queue that executes one task at a time and keeps results until they are
 * acknowledged. Pure: the owner calls `next`, executes, calls `finish`, and sends what comes back in a packet F0.
 *
 * Rules (atol-protocol facts, section 2): B2 for an id still held, so that a repeated Add is never executed twice;
 * B1 beyond the limits; B3 for an unknown id; B4 for bad flags (0) or id (1); a failure without IgnoreError stops the
 * queue — the waiting tasks and those added later answer A5 — until Abort.
 *
 * Ours: the queue also goes on when the host has acknowledged the failed task and every task stopped behind it. Two
 * public clients abort after an error; one that only acknowledges has taken note of the failure all the same, and with
 * nothing left in the buffer there is nothing it could run by mistake.
 */
export class TaskBuffer {
  private readonly limits: TaskBufferLimits;
  private slots: Slot[] = [];
  private stopped = false;
  /** The failed task was not kept (flags 00): no Ack can tell that the host knows of it, so only Abort helps. */
  private isUnseen = false;
  private lastTicket = 0;

  constructor(limits: Partial<TaskBufferLimits> = {}) {
    this.limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /** The reply to a host's request, to be sent under the request's packet id. */
  handle(request: TaskRequest): TaskReply {
    switch (request.type) {
      case 'add':
        return this.add(request.flags, request.tid, request.task);
      case 'req':
        return isTaskId(request.tid) ? this.tell(request.tid) : { status: 'illegalValue', parameter: 'tid' };
      case 'ack':
        return isTaskId(request.tid) ? this.ack(request.tid) : { status: 'illegalValue', parameter: 'tid' };
      case 'abort':
        this.clear();
        return { status: 'result', answer: NOTHING };
    }
  }

  /** Gives out the next task and marks it as executing; undefined while one executes, when stopped or empty. */
  next(): RunnableTask | undefined {
    if (this.stopped || this.slots.some((slot) => slot.state === 'inProgress')) return undefined;
    const slot = this.slots.find((candidate) => candidate.state === 'pending');
    if (!slot) return undefined;
    slot.state = 'inProgress';
    return { tid: slot.tid, flags: slot.flags, task: slot.bytes, ticket: slot.ticket };
  }

  /** The executing task steps aside to wait for an external device (A8); others go on. Needs its WaitAsync flag. */
  wait(ticket: number): boolean {
    const slot = this.byTicket(ticket);
    if (slot?.state !== 'inProgress' || !(slot.flags & TASK_FLAG.waitAsyncData)) return false;
    slot.state = 'waiting';
    return true;
  }

  /**
   * Records how an executing (or waiting) task ended and returns what to send on the device's own initiative.
   * Undefined: nothing to send — the task was aborted meanwhile, or it ended well and its result was not asked for.
   */
  finish(ticket: number, outcome: { ok: boolean; answer: Buffer }): TaskReply | undefined {
    const slot = this.byTicket(ticket);
    if (!slot || (slot.state !== 'inProgress' && slot.state !== 'waiting')) return undefined;
    const kept = (slot.flags & TASK_FLAG.needResult) !== 0;
    slot.state = outcome.ok ? 'result' : 'error';
    slot.bytes = outcome.answer;
    if (!kept) this.slots = this.slots.filter((other) => other !== slot);
    if (!outcome.ok && !(slot.flags & TASK_FLAG.ignoreError)) this.stop(!kept);
    if (outcome.ok && !kept) return undefined;
    return { status: outcome.ok ? 'asyncResult' : 'asyncError', tid: slot.tid, answer: outcome.answer };
  }

  /** Drops everything: Abort, or power-off of a module that does not keep results. */
  clear(): void {
    this.slots = [];
    this.stopped = false;
    this.isUnseen = false;
  }

  /** What is held now, in order of arrival. */
  entries(): TaskEntry[] {
    return this.slots.map(({ tid, flags, state }) => ({ tid, flags, state }));
  }

  get isStopped(): boolean {
    return this.stopped;
  }

  get usedBytes(): number {
    return this.slots.reduce((sum, slot) => sum + slot.bytes.length, 0);
  }

  private add(flags: number, tid: number, task: Buffer): TaskReply {
    if (!hasKnownFlags(flags)) return { status: 'illegalValue', parameter: 'flags' };
    if (!isTaskId(tid)) return { status: 'illegalValue', parameter: 'tid' };
    if (this.byTid(tid)) return { status: 'alreadyExists' };
    if (this.slots.length >= this.limits.maxTasks || this.usedBytes + task.length > this.limits.maxBytes) {
      return { status: 'overflow' };
    }
    const idle = !this.slots.some((slot) => slot.state === 'inProgress' || slot.state === 'pending');
    this.lastTicket += 1;
    this.slots.push({
      tid,
      flags,
      state: this.stopped ? 'stopped' : 'pending',
      ticket: this.lastTicket,
      bytes: Buffer.from(task),
    });
    if (this.stopped) return { status: 'stopped', tid };
    // An empty queue means the task begins now; one client does not understand "pending" at all.
    return idle ? { status: 'inProgress' } : { status: 'pending' };
  }

  private tell(tid: number): TaskReply {
    const slot = this.byTid(tid);
    if (!slot) return { status: 'notFound' };
    switch (slot.state) {
      case 'result':
      case 'error':
        return { status: slot.state, answer: slot.bytes };
      case 'stopped':
        return { status: slot.state, tid };
      case 'pending':
      case 'inProgress':
      case 'waiting':
        return { status: slot.state };
    }
  }

  /** Frees a finished or stopped task. One still to be executed is not freed: its state is told instead. */
  private ack(tid: number): TaskReply {
    const slot = this.byTid(tid);
    if (slot && slot.state !== 'result' && slot.state !== 'error' && slot.state !== 'stopped')
      return this.tell(tid);
    if (!slot) return { status: 'notFound' };
    this.slots = this.slots.filter((other) => other !== slot);
    if (!this.isUnseen && !this.slots.some(holdsQueue)) this.stopped = false;
    return { status: 'result', answer: NOTHING };
  }

  private stop(unseen: boolean): void {
    this.stopped = true;
    this.isUnseen ||= unseen;
    for (const slot of this.slots) if (slot.state === 'pending') slot.state = 'stopped';
  }

  private byTid(tid: number): Slot | undefined {
    return this.slots.find((slot) => slot.tid === tid);
  }

  private byTicket(ticket: number): Slot | undefined {
    return this.slots.find((slot) => slot.ticket === ticket);
  }
}

const holdsQueue = ({ state, flags }: TaskEntry): boolean =>
  state === 'stopped' || (state === 'error' && (flags & TASK_FLAG.ignoreError) === 0);
