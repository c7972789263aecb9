import Bull, { type Job, type Queue } from 'bull';
import { type Clock, type Log, silentLog, systemClock } from '@kkt/contracts';
import { KeyedRunner } from './keyed-runner';
import { RedisLinks } from './redis-links';
import { TakenJobs } from './taken-jobs';
import type { TimerBus, WakeBus, WakeHandler, WakeStats } from './wake-bus';

export interface BullWakeBusOptions {
  redisUrl: string;
  clock?: Clock;
  log?: Log;
  /** How many different wake-ups (and timers) may wait in this process while Redis is away. */
  maxParked?: number;
  /** Connections and queues made elsewhere (by the Nest module); otherwise the bus makes its own. */
  links?: RedisLinks;
  queues?: ReadonlyMap<string, Queue<WakeJob>>;
}

/** What a job carries. */
export interface WakeJob {
  key: string;
}

interface Outgoing {
  channel: string;
  key: string;
  /** Another wake-up of this key arrived while this one was on its way to Redis: it may already be consumed there. */
  isAgainWanted: boolean;
  done: Promise<void>;
}

interface Listener {
  queue: Queue<WakeJob>;
  runner: KeyedRunner;
  taken: TakenJobs;
}

const closeTimeoutMs = 1_500;
/**
 * How long after signals that were heard their job follows. Seldom enough to cost nothing beside them, and sooner than
 * the sweeps of those who listen.
 */
const followUpMs = 500;
const idOf = (channel: string, key: string): string => `${channel}\u0000${key}`;

/**
 * {@link WakeBus} and {@link TimerBus} on Redis: a signal at once to who listens at this moment, and a queue of Bull per
 * channel with a job per key.
 *
 * A signal (PUBLISH) is one step of Redis where a job is a dozen, so it comes sooner and costs a fraction; but it is kept
 * nowhere. When nobody heard it, its job is added at once. When somebody did, one job follows all signals of its key of
 * the next half second: it finds who was cut off or killed with the signal on its way.
 *
 * Bull ignores an added job whose id still exists, also when that job is being processed. If the handler ran
 * inside the job, a wake-up arriving meanwhile would vanish. So a job's processing does nothing; the handler is
 * triggered by `completed`, after Bull has removed the job. A wake-up swallowed before the removal is older than
 * the handler's first look, one after the removal makes a new job, which asks the runner for another look.
 */
export class BullWakeBus implements WakeBus, TimerBus {
  private readonly links: RedisLinks;
  private readonly queues: Map<string, Queue<WakeJob>>;
  private readonly outgoing = new Map<string, Outgoing>();
  private readonly parked = new Map<string, { channel: string; key: string }>();
  private readonly listeners = new Map<string, Listener>();
  private readonly localTimers = new Map<string, { atMs: number; cancel: () => void }>();
  private readonly followUps = new Map<string, { channel: string; key: string; cancel: () => void }>();
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly maxParked: number;
  private readonly counts = { sent: 0, parked: 0, dropped: 0 };
  private isClosed = false;

  constructor(options: BullWakeBusOptions) {
    this.clock = options.clock ?? systemClock;
    this.log = options.log ?? silentLog;
    this.maxParked = options.maxParked ?? 10_000;
    this.links = options.links ?? new RedisLinks(options.redisUrl, this.log, this.clock);
    this.queues = new Map(options.queues);
    this.links.onReady(() => this.sendParked());
  }

  stats(): WakeStats {
    const runners = [...this.listeners.values()].map(({ runner }) => runner);
    return {
      isConnected: this.links.isReady,
      ...this.counts,
      runs: runners.reduce((sum, runner) => sum + runner.runs, 0),
      failures: runners.reduce((sum, runner) => sum + runner.failures, 0),
    };
  }

  wake(channel: string, key: string): Promise<void> {
    if (this.isClosed) return Promise.resolve();
    const id = idOf(channel, key);
    const pending = this.outgoing.get(id);
    if (pending) {
      pending.isAgainWanted = true;
      return pending.done;
    }
    if (!this.links.isReady) {
      this.park(channel, key);
      return Promise.resolve();
    }
    const item: Outgoing = { channel, key, isAgainWanted: false, done: Promise.resolve() };
    this.outgoing.set(id, item);
    item.done = this.send(item).finally(() => this.outgoing.delete(id));
    return item.done;
  }

  async wakeAt(channel: string, key: string, atMs: number): Promise<void> {
    if (this.isClosed) return;
    const delayMs = Math.ceil(atMs - this.clock.nowMs());
    if (delayMs <= 0) return this.wake(channel, key);
    if (!this.links.isReady) return this.setLocalTimer(channel, key, atMs);
    const jobId = `t:${key}`;
    const queue = this.queue(channel);
    try {
      const earlier = await queue.getJob(jobId);
      if (earlier) {
        if (earlier.timestamp + (earlier.opts.delay ?? 0) <= atMs) return;
        await earlier.remove();
      }
      await queue.add({ key }, { jobId, delay: delayMs });
      this.counts.sent++;
    } catch {
      // Redis went away, or the earlier timer is firing at this moment; a local timer serves both.
      this.setLocalTimer(channel, key, atMs);
    }
  }

  onWake(channel: string, handler: WakeHandler): Promise<() => Promise<void>> {
    if (this.listeners.has(channel)) throw new Error(`Channel ${channel} is listened to already`);
    const queue = this.queue(channel);
    const runner = new KeyedRunner(handler, (key, error) =>
      this.log.error(
        { channel, key, err: error instanceof Error ? error.message : String(error) },
        'wake handler failed',
      ),
    );
    const taken = new TakenJobs(this.clock, (key) => runner.trigger(key));
    this.listeners.set(channel, { queue, runner, taken });
    const trigger = (job: Job<WakeJob> | null): void => {
      if (job?.data.key !== undefined) taken.end(job.data.key);
    };
    queue.on('completed', trigger);
    // A job that Redis forgot between taking and finishing it (a flush) was still a wake-up.
    queue.on('failed', trigger);
    this.links.hear(channel, (key) => runner.trigger(key));
    // Bull names its blocking connection without handling the failure of that, which would end the process.
    Object.assign(queue, { setWorkerName: () => Promise.resolve() });
    void Promise.resolve(
      queue.process((job: Job<Partial<WakeJob>>) => {
        // A stalled job whose data Redis lost comes back empty.
        if (job.data.key !== undefined) taken.begin(job.data.key);
        return Promise.resolve();
      }),
    ).catch((error: unknown) => {
      if (!this.isClosed && this.listeners.has(channel))
        this.log.error({ channel, err: String(error) }, 'listening to a channel ended');
    });
    return Promise.resolve(() => this.stopListening(channel));
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const timer of this.localTimers.values()) timer.cancel();
    this.localTimers.clear();
    const due = [...this.followUps.values()];
    this.followUps.clear();
    for (const { cancel } of due) cancel();
    const jobs = due.map(({ channel, key }) => this.addJob(channel, key).catch(() => undefined));
    await this.withinClose(Promise.all(jobs));
    await Promise.all([...this.outgoing.values()].map(({ done }) => done));
    await Promise.all([...this.listeners.keys()].map((channel) => this.stopListening(channel)));
    await Promise.all([...this.queues.values()].map((queue) => this.closeQueue(queue)));
    this.links.close();
  }

  private async send(item: Outgoing): Promise<void> {
    try {
      do {
        item.isAgainWanted = false;
        if ((await this.links.signal(item.channel, item.key)) > 0) this.followUp(item);
        else await this.addJob(item.channel, item.key);
        this.counts.sent++;
      } while (item.isAgainWanted);
    } catch {
      this.park(item.channel, item.key);
    }
  }

  private async addJob(channel: string, key: string): Promise<void> {
    await this.queue(channel).add({ key }, { jobId: `k:${key}` });
  }

  /** The job after signals that were heard; it waits for a Redis that is away, as everything parked does. */
  private followUp({ channel, key }: Outgoing): void {
    const id = idOf(channel, key);
    if (this.followUps.has(id) || this.isClosed) return;
    const timer = this.clock.setTimer(followUpMs, () => {
      this.followUps.delete(id);
      this.addJob(channel, key).catch(() => this.park(channel, key));
    });
    this.followUps.set(id, { channel, key, cancel: () => timer.cancel() });
  }

  private park(channel: string, key: string): void {
    const id = idOf(channel, key);
    if (this.parked.has(id)) return;
    if (this.parked.size >= this.maxParked) {
      this.counts.dropped++;
      return;
    }
    this.counts.parked++;
    this.parked.set(id, { channel, key });
    // The failure may have been of this one command while the connection stays: nobody would call sendParked then.
    if (this.links.isReady) this.clock.setTimer(100, () => this.sendParked());
  }

  private sendParked(): void {
    if (this.isClosed || !this.links.isReady) return;
    const waiting = [...this.parked.values()];
    this.parked.clear();
    for (const { channel, key } of waiting) void this.wake(channel, key);
  }

  private setLocalTimer(channel: string, key: string, atMs: number): void {
    const id = idOf(channel, key);
    const earlier = this.localTimers.get(id);
    if (earlier && earlier.atMs <= atMs) return;
    if (!earlier && this.localTimers.size >= this.maxParked) {
      this.counts.dropped++;
      return;
    }
    earlier?.cancel();
    const timer = this.clock.setTimer(Math.max(0, atMs - this.clock.nowMs()), () => {
      this.localTimers.delete(id);
      void this.wake(channel, key);
    });
    this.localTimers.set(id, { atMs, cancel: () => timer.cancel() });
  }

  private queue(channel: string): Queue<WakeJob> {
    let queue = this.queues.get(channel);
    if (!queue) {
      queue = new Bull<WakeJob>(channel, { ...this.links.bullOptions(), ...skipVersionCheck });
      this.queues.set(channel, queue);
    }
    return queue;
  }

  private async stopListening(channel: string): Promise<void> {
    const listener = this.listeners.get(channel);
    if (!listener) return;
    this.listeners.delete(channel);
    this.queues.delete(channel);
    listener.taken.close();
    await this.withinClose(this.links.stopHearing(channel));
    await Promise.all([this.closeQueue(listener.queue), listener.runner.stop()]);
  }

  private closeQueue(queue: Queue<WakeJob>): Promise<void> {
    return this.withinClose(queue.close(true).catch(() => undefined));
  }

  /** Bull may wait for an absent Redis for ever, also in its blocking pop: closing gives it up after a time. */
  private async withinClose(work: Promise<unknown>): Promise<void> {
    let giveUp = (): void => undefined;
    const timeout = new Promise<void>((resolve) => (giveUp = resolve));
    const timer = this.clock.setTimer(closeTimeoutMs, giveUp);
    await Promise.race([work, timeout]);
    timer.cancel();
  }
}

/** Not in Bull's types: spares an INFO on a connection that may not be ready, whose failure Bull would only swallow. */
const skipVersionCheck: object = { skipVersionCheck: true };
