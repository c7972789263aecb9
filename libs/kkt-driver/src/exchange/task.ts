import { decodeTaskReply, encodeReq, TASK_FLAG, type TaskReply } from '@kkt/atol-protocol';
import { FarmError, type Clock, type Timer } from '@kkt/contracts';
import type { TaskCounters } from '../device';
import type { V3Link } from '../link/v3.link';
import { step, type TaskInput, type TaskRule, type TaskState } from './exchange.machine';

/** One command for the device, ready to be put into its task buffer. */
export interface TaskRequest {
  /** Name of the command, for errors and metrics. */
  name: string;
  /** Command byte and parameters, without the access password. */
  body: Buffer;
  /** May make a fiscal document. */
  fiscal: boolean;
  /** How long the device may work on it. */
  timeoutMs: number;
}

export const newTaskCounters = (): TaskCounters => ({
  added: 0,
  bufferFull: 0,
  alreadyExists: 0,
  notFound: 0,
  stopped: 0,
  asks: 0,
  aborts: 0,
});

export interface TaskTiming {
  /** Silence after which the result is asked for. */
  askAfterMs: number;
  /** Pause before a full buffer is tried again. */
  fullPauseMs: number;
  /** How often it is tried. */
  maxRefusals: number;
}

/** What the task lives on. */
export interface TaskHost {
  readonly link: V3Link;
  readonly clock: Clock;
  readonly timing: TaskTiming;
  /** Tells which status came, for the counters. */
  onStatus(status: TaskReply['status']): void;
  /** A result is being asked for. */
  onAsk(): void;
}

/** Runs one task through `step`: sends what a state demands and feeds it what comes back. */
export class Task {
  state: TaskState = { at: 'idle' };
  /** The link's own words about a loss. */
  linkError: FarmError | undefined;
  private readonly rule: TaskRule;
  private deadlineAtMs = 0;
  private timer: Timer | undefined;
  /** An asynchronous result came before the reply to Add: ask as soon as the device confirms that it has the task. */
  private hasEarlyResult = false;

  /**
   * @param add  the Add packet
   * @param onChange called after every change of state, when its work has been started
   */
  constructor(
    private readonly host: TaskHost,
    readonly request: TaskRequest,
    readonly tid: number,
    private readonly add: Buffer,
    private readonly onChange: (task: Task) => void,
  ) {
    this.rule = { fiscal: request.fiscal, maxRefusals: host.timing.maxRefusals };
  }

  /** Kept results are awaited; a task without one is finished when a later kept one is. */
  private get isKept(): boolean {
    return ((this.add[1] ?? 0) & TASK_FLAG.needResult) !== 0;
  }

  get isOver(): boolean {
    const { at } = this.state;
    return at === 'done' || at === 'failed' || at === 'doubt';
  }

  start(): void {
    this.deadlineAtMs = this.host.clock.monotonicMs() + this.request.timeoutMs;
    this.input({ is: 'start' });
  }

  /** Nobody waits for it any more. */
  forget(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  /** A sign that the result may have been missed: ask now instead of waiting. */
  hurry(): void {
    this.hasEarlyResult = false;
    if (this.state.at === 'working' && this.isKept) this.input({ is: 'patience' });
  }

  input(input: TaskInput): void {
    if (input.is === 'async' && this.state.at === 'sent') this.hasEarlyResult = true;
    const next = step(this.state, input, this.rule);
    if (next === this.state) return;
    this.state = next;
    this.forget();
    this.work(next);
    this.onChange(this);
    if (next.at === 'working' && this.hasEarlyResult) this.hurry();
  }

  private work(state: TaskState): void {
    const { link, timing } = this.host;
    switch (state.at) {
      case 'sent':
        return link.request(this.add, `Add ${this.request.name}`, this.onReply);
      case 'asking':
        this.host.onAsk();
        return link.request(encodeReq(this.tid), `Req ${this.request.name}`, this.onReply);
      case 'paused':
        return this.wait(timing.fullPauseMs);
      case 'working':
        if (this.isKept) this.wait(timing.askAfterMs);
        return;
      default:
    }
  }

  private wait(delayMs: number): void {
    const { clock } = this.host;
    const leftMs = this.deadlineAtMs - clock.monotonicMs();
    const input: TaskInput = leftMs <= delayMs ? { is: 'deadline' } : { is: 'patience' };
    this.timer = clock.setTimer(Math.max(0, Math.min(leftMs, delayMs)), () => this.input(input));
  }

  private readonly onReply = (
    reply: Buffer | undefined,
    error: FarmError | undefined,
    sends: number,
  ): void => {
    if (!reply) {
      this.linkError = error;
      const silent = error?.code === 'WIRE-SILENCE';
      return this.input({ is: silent ? 'silence' : sends === 0 ? 'unsent' : 'link-lost' });
    }
    this.input(this.meaning(reply, sends > 1));
  };

  private meaning(data: Buffer, repeated: boolean): TaskInput {
    let reply: TaskReply;
    try {
      reply = decodeTaskReply(data);
    } catch {
      return { is: 'unclear' };
    }
    this.host.onStatus(reply.status);
    switch (reply.status) {
      case 'pending':
      case 'inProgress':
      case 'waiting':
        return { is: 'accepted' };
      case 'result':
        return { is: 'result', answer: reply.answer };
      case 'error':
        return { is: 'error', answer: reply.answer };
      case 'stopped':
        return { is: 'stopped' };
      case 'overflow':
        return { is: 'full', repeated };
      case 'alreadyExists':
        return { is: 'exists', repeated };
      case 'notFound':
        return { is: 'absent' };
      case 'illegalValue':
        return { is: 'illegal' };
      case 'asyncResult':
      case 'asyncError':
        return { is: 'unclear' };
    }
  }
}

/** The error of a task that ended without the device's answer. */
export function taskError(task: Task, wire: string): FarmError {
  const { state, request, linkError, tid } = task;
  const context = { wire, command: request.name, tid, cause: linkError?.code };
  const options = { cause: linkError };
  if (state.at === 'doubt') {
    const code = `DOUBT-${state.why.toUpperCase()}` as const;
    return new FarmError(
      code,
      `${request.name} may have been executed: ${DOUBTS[state.why]}`,
      context,
      options,
    );
  }
  const why = state.at === 'failed' && state.why !== 'device' ? state.why : 'silence';
  if (why === 'link-lost' && linkError) return linkError;
  return new FarmError(WIRE_CODES[why], `${request.name} was not done: ${FAILURES[why]}`, context, options);
}

const DOUBTS = {
  silence: 'the device fell silent',
  'link-lost': 'the link was lost',
  absent: 'the device has forgotten the task',
  deadline: 'its time is over',
} as const;

const FAILURES = {
  ...DOUBTS,
  stopped: 'an earlier task failed',
  full: 'the buffer stayed full',
  'tid-taken': 'the task id is taken',
  illegal: 'the device refuses the flags or the task id',
} as const;

const WIRE_CODES = {
  silence: 'WIRE-SILENCE',
  'link-lost': 'WIRE-LOST',
  absent: 'WIRE-TASK-ABSENT',
  deadline: 'WIRE-DEADLINE',
  stopped: 'WIRE-TASK-STOPPED',
  full: 'WIRE-BUFFER-FULL',
  'tid-taken': 'WIRE-TID-TAKEN',
  illegal: 'WIRE-TASK-ILLEGAL',
} as const;
