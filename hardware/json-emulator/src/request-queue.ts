import type { Clock, Timer } from '@kkt/contracts';
import type { KktModule } from '../../emulator/src';
import { driverErrorOf, type Task } from './driver-call';
import type { DoorFaults } from './faults';
import { execute, FISCAL_TASKS } from './tasks';

/** What the door around the queue does when a task reaches a point; false: power went, nothing more happens with it. */
export type ReachPoint = (at: 'beforeCommit' | 'afterCommit', task: string) => boolean;

export interface TaskView {
  status: 'wait' | 'inProgress' | 'ready' | 'error' | 'interrupted' | 'canceled';
  error: { code: number; description: string };
  result?: unknown;
}

interface Request {
  key: string;
  tasks: readonly Task[];
  views: TaskView[];
  state: 'wait' | 'inProgress' | 'done';
  /** Dropped when it has ended. */
  forgetful: boolean;
}

const OK = { code: 0, description: 'Ошибок нет' } as const;
const INTERRUPTED = { code: 502, description: 'Выполнение прервано из-за предыдущих ошибок' } as const;
const CANCELED = { code: 503, description: 'Задание отменено' } as const;
/** Share of a task's time that goes before its commit. */
const BEFORE_COMMIT = 0.8;
/** Requests that have ended are kept for this many more. */
const KEPT_REQUESTS = 20_000;

/**
 * Requests of one register: taken once by key, executed one at a time in their order. A task's doing is synchronous, so
 * it has happened whole or not at all whenever power goes.
 */
export class RequestQueue {
  private readonly requests = new Map<string, Request>();
  private waiting: Request[] = [];
  private inHand: Request | undefined;
  private timer: Timer | undefined;
  /** Grows when power goes: what was begun before must not go on. */
  private life = 0;
  private powered = true;

  constructor(
    private readonly module: KktModule,
    private readonly clock: Clock,
    private readonly faults: DoorFaults,
    private readonly reach: ReachPoint,
  ) {}

  /** False when a request of this key is known. */
  put(key: string, tasks: readonly Task[], forgetful = false): boolean {
    if (this.requests.has(key)) return false;
    const views = tasks.map((): TaskView => ({ status: 'wait', error: OK }));
    const request: Request = { key, tasks, views, state: 'wait', forgetful };
    this.requests.set(key, request);
    this.waiting.push(request);
    this.pump();
    return true;
  }

  views(key: string): readonly TaskView[] | undefined {
    return this.requests.get(key)?.views;
  }

  cancel(key: string): 'done' | 'busy' | 'unknown' {
    const request = this.requests.get(key);
    if (!request) return 'unknown';
    if (request.state !== 'wait') return 'busy';
    this.waiting = this.waiting.filter((other) => other !== request);
    request.state = 'done';
    request.views = request.tasks.map(() => ({ status: 'canceled', error: CANCELED }));
    return 'done';
  }

  get length(): number {
    return this.waiting.length + (this.inHand ? 1 : 0);
  }

  /** The request in hand is over; what it has done stays done. `lost`: every request is forgotten. */
  powerOff(requests: 'kept' | 'lost'): void {
    this.life += 1;
    this.powered = false;
    this.timer?.cancel();
    const broken = this.inHand;
    this.inHand = undefined;
    if (requests === 'lost') {
      this.requests.clear();
      this.waiting = [];
    } else if (broken) {
      broken.state = 'done';
      broken.views = broken.views.map((view) =>
        view.status === 'ready' ? view : { status: 'interrupted', error: INTERRUPTED },
      );
    }
  }

  powerOn(): void {
    this.powered = true;
    this.pump();
  }

  private pump(): void {
    if (this.inHand || !this.powered) return;
    const request = this.waiting.shift();
    if (!request) return;
    this.inHand = request;
    request.state = 'inProgress';
    this.runFrom(request, 0);
  }

  private runFrom(request: Request, at: number): void {
    const task = request.tasks[at];
    if (!task) return this.end(request);
    const { life } = this;
    const type = String(task.type);
    const { beforeMs, afterMs } = this.timesOf(type);
    request.views[at] = { status: 'inProgress', error: OK };
    this.after(beforeMs, life, () => {
      if (!this.reach('beforeCommit', type) || life !== this.life) return;
      const view = this.execute(task, type);
      if (!this.reach('afterCommit', type) || life !== this.life) return;
      this.whenDurable(() =>
        this.after(afterMs, life, () => {
          request.views[at] = view;
          if (view.status === 'ready') return this.runFrom(request, at + 1);
          for (let rest = at + 1; rest < request.tasks.length; rest += 1) {
            request.views[rest] = { status: 'interrupted', error: INTERRUPTED };
          }
          this.end(request);
        }),
      );
    });
  }

  private execute(task: Task, type: string): TaskView {
    const refused = this.faults.take('refuse', (fault) => fits(fault.task, type));
    if (refused)
      return { status: 'error', error: { code: refused.code, description: 'Отказ по требованию' } };
    try {
      return { status: 'ready', error: OK, result: execute(this.module.device, task) };
    } catch (error) {
      const { code, description } = driverErrorOf(error);
      return { status: 'error', error: { code, description } };
    }
  }

  private end(request: Request): void {
    request.state = 'done';
    this.inHand = undefined;
    if (request.forgetful) this.requests.delete(request.key);
    const oldest = this.requests.size > KEPT_REQUESTS ? this.requests.keys().next() : undefined;
    if (oldest && !oldest.done) this.requests.delete(oldest.value);
    this.pump();
  }

  private timesOf(type: string): { beforeMs: number; afterMs: number } {
    const { pace } = this.module.options;
    const delayMs = this.faults.find('delay')?.forMs ?? 0;
    const workMs = FISCAL_TASKS.has(type) ? pace.receiptMs : pace.timeOf(type).beforeMs;
    return { beforeMs: workMs * BEFORE_COMMIT + delayMs, afterMs: workMs * (1 - BEFORE_COMMIT) };
  }

  /** Nobody is told of a document before it also survives a power cut of the host. */
  private whenDurable(then: () => void): void {
    const { fn } = this.module;
    if (fn) fn.flush(then);
    else then();
  }

  private after(delayMs: number, life: number, then: () => void): void {
    const go = (): void => {
      if (life === this.life) then();
    };
    if (delayMs <= 0) return go();
    this.timer = this.clock.setTimer(delayMs, go);
  }
}

/** Whether a fault meant for a task meets this one; without a task it is meant for the next fiscal document. */
export const fits = (wanted: string | undefined, type: string): boolean =>
  wanted === undefined ? FISCAL_TASKS.has(type) : wanted === type;
