import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Clock, FarmError, systemClock, type Timer } from '@kkt/contracts';
import type { Paper } from '../paper';
import { draw, type PrintJob, type PrintKind, type PrintResult } from './draw';

/** The drawing side as the press sees it: a thread, or a stand-in of a test. */
export interface PressThread {
  send(job: PrintJob): void;
  onResult(listener: (result: PrintResult) => void): void;
  /** It is gone: by itself or because it was stopped. */
  onExit(listener: () => void): void;
  stop(): void;
}

export interface PressOptions {
  clock?: Clock;
  /** Orders that may wait at once; past that they are refused with `SYS-BUSY`. */
  maxWaiting?: number;
  /** Of one client, so that one who prints a year of receipts leaves room for others. */
  maxWaitingPerClient?: number;
  /** From the beginning of a drawing to its end; a thread that takes longer is given up. */
  timeoutMs?: number;
  /** The thread ends when nothing was asked for so long. */
  idleMs?: number;
  start?: () => PressThread;
}

interface Waiting extends Omit<PrintJob, 'id'> {
  client: string;
  resolve: (bytes: Buffer) => void;
  reject: (error: Error) => void;
}

const busy = (): FarmError => new FarmError('SYS-BUSY', 'Too many printed forms are being drawn');

/** Draws PDF and PNG beside the thread that answers requests: a PDF takes it a quarter of a second. */
export class Press {
  private readonly waiting: Waiting[] = [];
  private readonly clock: Clock;
  private thread: PressThread | undefined;
  private current: { id: number; job: Waiting; timer: Timer } | undefined;
  private idle: Timer | undefined;
  private lastId = 0;
  private isClosed = false;

  constructor(private readonly options: PressOptions = {}) {
    this.clock = options.clock ?? systemClock;
  }

  /**
   * The paper as a file. Rejects with `SYS-BUSY` when too many wait, `SYS-PRINT` when it could not be drawn or not in
   * time.
   */
  print(kind: PrintKind, paper: Paper, client: string): Promise<Buffer> {
    const { maxWaiting = 64, maxWaitingPerClient = 16 } = this.options;
    const ofClient = this.waiting.filter((job) => job.client === client).length;
    if (this.isClosed || this.waiting.length >= maxWaiting || ofClient >= maxWaitingPerClient)
      return Promise.reject(busy());
    return new Promise((resolve, reject) => {
      this.waiting.push({ kind, paper, client, resolve, reject });
      this.next();
    });
  }

  /** Refuses what waits and ends the thread. */
  close(): void {
    this.isClosed = true;
    for (const job of this.waiting.splice(0)) job.reject(busy());
    this.idle?.cancel();
    this.thread?.stop();
  }

  private next(): void {
    if (this.current) return;
    const job = this.waiting.shift();
    if (!job) return this.rest();
    this.idle?.cancel();
    const id = (this.lastId += 1);
    const timer = this.clock.setTimer(this.options.timeoutMs ?? 15_000, () => {
      this.drop();
      this.ended(`not drawn in ${this.options.timeoutMs ?? 15_000} ms`);
    });
    this.current = { id, job, timer };
    this.started().send({ id, kind: job.kind, paper: job.paper });
  }

  private started(): PressThread {
    if (this.thread) return this.thread;
    const thread = (this.options.start ?? startThread)();
    this.thread = thread;
    thread.onResult((result) => {
      const { current } = this;
      if (current?.id !== result.id) return;
      if ('error' in result) return this.ended(result.error);
      this.settle();
      current.job.resolve(Buffer.from(result.bytes));
      this.next();
    });
    thread.onExit(() => {
      if (this.thread !== thread) return;
      this.thread = undefined;
      this.ended('the drawing thread has ended');
    });
    return thread;
  }

  /** The current order failed. */
  private ended(why: string): void {
    const { current } = this;
    if (!current) return;
    this.settle();
    current.job.reject(new FarmError('SYS-PRINT', `The printed form could not be drawn: ${why}`));
    this.next();
  }

  private settle(): void {
    this.current?.timer.cancel();
    this.current = undefined;
  }

  private rest(): void {
    this.idle?.cancel();
    this.idle = this.clock.setTimer(this.options.idleMs ?? 60_000, () => this.drop());
  }

  /** Its end, when it comes, concerns nobody any more. */
  private drop(): void {
    const { thread } = this;
    this.thread = undefined;
    thread?.stop();
  }
}

/** A thread of the built program; from sources, where there is none, drawing happens in place. */
function startThread(): PressThread {
  const program = join(__dirname, 'press-thread.js');
  if (!existsSync(program)) return inPlace();
  const worker = new Worker(program);
  // A thread that rests keeps no process alive.
  worker.unref();
  return {
    send: (job) => worker.postMessage(job),
    onResult: (listener) => void worker.on('message', listener),
    onExit: (listener) => {
      worker.on('error', () => undefined);
      worker.once('exit', listener);
    },
    stop: () => void worker.terminate(),
  };
}

function inPlace(): PressThread {
  let tell: (result: PrintResult) => void = () => undefined;
  return {
    send: ({ id, kind, paper }) =>
      void draw(kind, paper).then(
        (bytes) => tell({ id, bytes }),
        (error: unknown) => tell({ id, error: String(error) }),
      ),
    onResult: (listener) => void (tell = listener),
    onExit: () => undefined,
    stop: () => undefined,
  };
}
