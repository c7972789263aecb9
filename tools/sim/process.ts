import type { Clock, Log, Timer } from '@kkt/contracts';
import type { DriverProcess } from '@kkt/storage';
import type { SimClock } from './clock';

/**
 * One process of the farm, as the kernel sees it. Everything that enters it (a timer, bytes, a query's answer) goes
 * through `enter`: a dead process hears nothing more and can do nothing more, a stopped one hears it all late.
 */
export class SimProcess {
  private isDead = false;
  private isStopped = false;
  private readonly late: (() => void)[] = [];
  private readonly deathbed: (() => void)[] = [];
  /** Wall clock of its host against the true time; monotonic time is never touched. */
  hostOffsetMs = 0;
  readonly clock: Clock;

  constructor(
    readonly name: string,
    readonly identity: DriverProcess,
    private readonly time: SimClock,
    readonly log: Log,
  ) {
    this.clock = {
      nowMs: () => time.nowMs() + this.hostOffsetMs,
      monotonicMs: () => time.monotonicMs(),
      setTimer: (delayMs, run) => this.setTimer(delayMs, run),
    };
  }

  get alive(): boolean {
    return !this.isDead;
  }

  get running(): boolean {
    return !this.isDead && !this.isStopped;
  }

  enter(run: () => void): void {
    if (this.isDead) return;
    if (this.isStopped) this.late.push(run);
    else run();
  }

  /** What the kernel does when the process ends: closes sockets, forgets listeners. */
  onDeath(run: () => void): void {
    if (this.isDead) run();
    else this.deathbed.push(run);
  }

  /** kill -9. */
  kill(): void {
    if (this.isDead) return;
    this.isDead = true;
    this.late.length = 0;
    for (const run of this.deathbed.splice(0)) run();
  }

  /** SIGSTOP. */
  stop(): void {
    if (!this.isDead) this.isStopped = true;
  }

  /** SIGCONT: everything that came meanwhile comes now, in its order. */
  resume(): void {
    this.isStopped = false;
    // Each in a turn of its own, as the event loop would give them.
    const [next] = this.late.splice(0, 1);
    if (!next || this.isDead) return;
    next();
    this.time.setTimer(0, () => this.running && this.resume());
  }

  private setTimer(delayMs: number, run: () => void): Timer {
    if (this.isDead) return { cancel: () => undefined };
    let isCancelled = false;
    const timer = this.time.setTimer(delayMs, () => this.enter(() => isCancelled || run()));
    return {
      cancel: () => {
        isCancelled = true;
        timer.cancel();
      },
    };
  }
}
