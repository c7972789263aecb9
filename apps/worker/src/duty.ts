import type { Clock, Log, Timer } from '@kkt/contracts';

export interface DutyOptions {
  name: string;
  everyMs: number;
  /** Does what is due; resolves with true when more is due already. */
  run: () => Promise<boolean>;
  clock: Clock;
  log: Log;
}

/**
 * Something done again and again, never twice at a time; a failure is logged and the next turn comes. Several worker
 * processes may have the same duty: what each does is decided row by row in PostgreSQL.
 */
export class Duty {
  private timer: Timer | undefined;
  private running: Promise<void> | undefined;
  private isStopped = false;
  runs = 0;
  failures = 0;

  constructor(private readonly options: DutyOptions) {}

  start(): void {
    this.schedule(0);
  }

  /** Begins no new turn; resolves when the one that runs has ended. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.timer?.cancel();
    await this.running;
  }

  private schedule(delayMs: number): void {
    if (this.isStopped) return;
    this.timer = this.options.clock.setTimer(delayMs, () => {
      this.running = this.turn();
    });
  }

  private async turn(): Promise<void> {
    let isMoreDue = false;
    this.runs++;
    try {
      isMoreDue = await this.options.run();
    } catch (error) {
      this.failures++;
      this.options.log.warn({ duty: this.options.name, err: error }, 'a timed duty failed');
    }
    this.schedule(isMoreDue ? 0 : this.options.everyMs);
  }
}
