import type { FarmError } from '@kkt/contracts';
import type { TaskCounters } from '../device';
import type { TaskRequest } from './task';

/** What the device answered; `refused`: it was marked as an error by the transport (A4, A7 of v3). */
export interface TaskOutcome {
  answer: Buffer;
  refused: boolean;
}

/** Every command reached the device once, in order, and was executed: the last one's outcome, or those of all. */
export interface SeriesEnd {
  kind: 'done';
  outcomes: TaskOutcome[];
}

/**
 * - `refused`   the device refused command `index` and stopped there
 * - `stopped`   the device refused one of the commands; which one and why got lost on the way
 * - `disturbed` the line or the buffer misbehaved: whether each command was executed once and in order is not proved
 *
 * The device may still hold commands of the series: `TaskChannel.abort` comes next.
 */
export type SeriesStop =
  | { kind: 'refused'; index: number; answer: Buffer }
  | { kind: 'stopped' }
  | { kind: 'disturbed'; why: string };

/**
 * Commands to a device, whatever the transport below. Errors: `DOUBT-*` for a fiscal command that may have been executed,
 * `WIRE-*` for one that was not or that does no harm.
 */
export interface CommandChannel {
  /** Where it leads, for errors and logs. */
  readonly name: string;
  readonly counters: TaskCounters;
  /** Grows with every disturbance of the line. */
  readonly disturbances: number;
  /** The link is gone and nobody asked for it. */
  onLost: (error: FarmError) => void;
  open(signal: AbortSignal): Promise<void>;
  /** Ends everything under way and frees the port. */
  close(): Promise<void>;
  /** Resolves when the device has finished whatever an earlier session left with it and holds nothing of it. */
  settle(barrier: TaskRequest, signal: AbortSignal): Promise<void>;
  run(request: TaskRequest): Promise<TaskOutcome>;
  /** A series in which the device stops at the first error; gives the last command's outcome. */
  runToLast(requests: readonly TaskRequest[]): Promise<SeriesEnd | SeriesStop>;
  /** A short series of independent commands; gives every outcome, refusals included. */
  runForAll(requests: readonly TaskRequest[]): Promise<SeriesEnd | SeriesStop>;
  /** Forgets everything under way and empties the device's buffer. A command that is being executed goes on. */
  abort(): Promise<void>;
  /** Empties the device's buffer of results that have all been taken. */
  clearResults(): void;
}
