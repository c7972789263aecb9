import { FarmError } from '@kkt/contracts';
import type { Reconciler, RunReport } from './reconciler';

/** A register that stands still for so long at night is reported as not read. */
const idleTimeoutMs = 600_000;

/** The worker's part of the night: looks whether a run is due, carries it out, lets go when the process stops. */
export class NightlyReconciliation {
  private readonly abort = new AbortController();

  constructor(
    private readonly reconciler: Pick<Reconciler, 'runNightly'>,
    private readonly startedBy: string,
  ) {}

  /** One look; lasts as long as the run that it begins. */
  async look(): Promise<RunReport | undefined> {
    const { signal } = this.abort;
    if (signal.aborted) return undefined;
    try {
      return await this.reconciler.runNightly({ startedBy: this.startedBy, idleTimeoutMs, signal });
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  /** Breaks off the run in hand; another worker, or this one after its restart, begins it anew. */
  stop(): void {
    this.abort.abort(new FarmError('SYS-STOPPED', 'The process stops'));
  }
}
