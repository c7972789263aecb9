import { TASK_FLAG } from '@kkt/atol-protocol';
import { FarmError, sleep } from '@kkt/contracts';
import { Task, taskError, type TaskHost, type TaskRequest } from './task';

/** What of the task channel settling works on. */
export interface SettlingChannel extends Omit<TaskHost, 'timing'> {
  takeTid(): number;
  addPacket(flags: number, tid: number, body: Buffer): Buffer;
  forgetAll(): void;
  abort(): Promise<void>;
}

export interface SettleOptions {
  /** A harmless query. Its answer is not looked at: that it was executed is what counts. */
  barrier: TaskRequest;
  signal: AbortSignal;
  /** Time between two questions. Default 40. */
  askEveryMs?: number;
  /** How many rounds before the device is given up. Default 8. */
  maxRounds?: number;
}

/**
 * Waits until the device has finished whatever an earlier session left with it, then empties its buffer.
 *
 * Why not simply Abort first: the answer to Abort says that the queue is empty, not that the command under way has ended.
 * A receipt's close may still be running while the new session already reads "last document" and concludes that nothing
 * happened. The queue is first-in first-out, so the result of a query put behind everything else is the proof that
 * everything before it has ended. An Abort is needed only where the queue does not move: it was stopped by an error (A5)
 * or is full of old results (B1); then the query is put in again, because the command under way may have survived it.
 *
 * Asynchronous results are not listened to here: one may be left from an older task with the same number. Only an answer to
 * a question about our own task counts.
 *
 * @throws FarmError `WIRE-*`; `WIRE-NOT-SETTLED` when the rounds are used up
 */
export async function settle(channel: SettlingChannel, options: SettleOptions): Promise<void> {
  const { signal, maxRounds = 8 } = options;
  channel.forgetAll();
  for (let round = 0; round < maxRounds; round += 1) {
    signal.throwIfAborted();
    const task = await runBarrier(channel, options);
    const { state } = task;
    const isPassed = state.at === 'done' || (state.at === 'failed' && state.why === 'device');
    if (isPassed) return channel.abort();
    const why = state.at === 'failed' ? state.why : 'silence';
    if (why === 'stopped' || why === 'full' || why === 'illegal') await channel.abort();
    // 'tid-taken': an old task has this number, the next round takes another. 'absent': the device has just restarted.
    else if (why !== 'tid-taken' && why !== 'absent') throw taskError(task, channel.link.name);
    if (why === 'absent') await sleep(channel.clock, options.askEveryMs ?? 40, signal);
  }
  throw new FarmError('WIRE-NOT-SETTLED', 'The device does not let a query through its task buffer', {
    wire: channel.link.name,
    rounds: maxRounds,
  });
}

function runBarrier(channel: SettlingChannel, options: SettleOptions): Promise<Task> {
  const { barrier, signal, askEveryMs = 40 } = options;
  const host: TaskHost = {
    link: channel.link,
    clock: channel.clock,
    timing: { askAfterMs: askEveryMs, fullPauseMs: askEveryMs, maxRefusals: 0 },
    onStatus: (status) => channel.onStatus(status),
    onAsk: () => channel.onAsk(),
  };
  const tid = channel.takeTid();
  const add = channel.addPacket(TASK_FLAG.needResult, tid, barrier.body);
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      task.forget();
      reject(signal.reason as Error);
    };
    const task: Task = new Task(host, barrier, tid, add, () => {
      if (!task.isOver) return;
      signal.removeEventListener('abort', onAbort);
      resolve(task);
    });
    signal.addEventListener('abort', onAbort, { once: true });
    task.start();
  });
}
