import type { Clock, Log, Timer } from '@kkt/contracts';

export interface DutyOptions {
  name: string;
  everyMs: number;
  /** Does what is due; resolves with true when more is due already, with a number when it is in so many milliseconds. */
  run: () => Promise<boolean | number>;
  clock: Clock;
  log: Log;
}

/** However often something happens, a turn is not begun more often for it. */
const pokeGapMs = 200;

/**
 * Something done again and again, never twice at a time; a failure is logged and the next turn comes. Several worker
 * processes may have the same duty: what each does is decided row by row in PostgreSQL.
 */
export class Duty {
  private timer: Timer | undefined;
  private running: Promise<void> | undefined;
  private isInTurn = false;
  private isPoked = false;
  private begunMs = -Infinity;
  private isStopped = false;
  runs = 0;
  failures = 0;

  constructor(private readonly options: DutyOptions) {}

  get name(): string {
    return this.options.name;
  }

  start(): void {
    this.schedule(0);
  }

  /** Something happened that it looks for: the next turn begins now, or right after the one that runs. */
  poke(): void {
    if (this.isInTurn) this.isPoked = true;
    else if (this.timer) {
      this.timer.cancel();
      this.schedule(this.pokeDelayMs());
    }
  }

  private pokeDelayMs(): number {
    return Math.max(0, this.begunMs + pokeGapMs - this.options.clock.monotonicMs());
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
    let due: boolean | number = false;
    this.isInTurn = true;
    this.isPoked = false;
    this.begunMs = this.options.clock.monotonicMs();
    this.runs++;
    try {
      due = await this.options.run();
    } catch (error) {
      this.failures++;
      this.options.log.warn({ duty: this.options.name, err: error }, 'a timed duty failed');
    }
    this.isInTurn = false;
    const { everyMs } = this.options;
    if (due === true) this.schedule(0);
    else if (this.isPoked) this.schedule(this.pokeDelayMs());
    else this.schedule(due === false ? everyMs : Math.min(due, everyMs));
  }
}
