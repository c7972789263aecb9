import Redis, { type RedisOptions } from 'ioredis';
import type { QueueOptions } from 'bull';
import { type Clock, type Log, systemClock, type Timer } from '@kkt/contracts';

/** How long Bull's blocking pop waits in the server before it asks again; also what an idle listener costs. */
const blockS = 5;
/** A command that hangs longer counts as failed: the wake-up is parked and its caller goes on. */
const commandTimeoutMs = 1_000;
/** Each connection is asked for a sign of life this often; a network cut without a reset is found no other way. */
const watchEveryMs = 5_000;
/** A sign of life may wait behind a blocking pop. */
const silenceMs = (blockS + 5) * 1_000;

/** From 50 ms, doubled, at most 2 s: a restarted Redis is found again within two seconds. */
const reconnectDelayMs = (attempt: number): number => Math.min(50 * 2 ** Math.min(attempt - 1, 6), 2_000);

const common: RedisOptions = {
  enableReadyCheck: false,
  connectTimeout: 3_000,
  keepAlive: 10_000,
  retryStrategy: reconnectDelayMs,
};

/** What a connection is for: Bull's three uses, and our ear for signals, which no queue may close. */
type Use = 'client' | 'subscriber' | 'bclient' | 'ear';

/** Settings of ioredis per use. */
const optionsByUse: Record<Use, RedisOptions> = {
  // Fails at once when Redis is away, so that nobody's request waits for it.
  client: { ...common, enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: commandTimeoutMs },
  subscriber: { ...common, maxRetriesPerRequest: null },
  bclient: { ...common, maxRetriesPerRequest: null },
  ear: { ...common, maxRetriesPerRequest: null },
};

/** Signals of this farm among other users of the Redis. */
const signalPrefix = 'kkt:signal:';

/**
 * The process's connections to Redis: one for commands, one for subscriptions, shared by all queues, one blocking
 * connection for each channel that is listened to, and one that hears signals.
 */
export class RedisLinks {
  private readonly shared = new Map<Exclude<Use, 'bclient'>, Redis>();
  private readonly blocking = new Set<Redis>();
  private readonly watches = new Map<Redis, Timer>();
  private readonly readyListeners: (() => void)[] = [];
  private readonly hearers = new Map<string, (message: string) => void>();
  private isAwayLogged = false;
  private isClosed = false;

  constructor(
    private readonly redisUrl: string,
    private readonly log: Log,
    private readonly clock: Clock = systemClock,
  ) {}

  get isReady(): boolean {
    return this.shared.get('client')?.status === 'ready';
  }

  /** Opens the command connection; `run` is called at each (re)connection. */
  onReady(run: () => void): void {
    this.readyListeners.push(run);
    this.link('client');
  }

  /** The options with which every queue of this process is made. */
  bullOptions(): QueueOptions {
    return {
      prefix: 'kkt',
      createClient: (use) => (use === 'bclient' ? this.openBlocking() : this.link(use)),
      settings: {
        // A job's handler ends at once (see BullWakeBus), so a lock older than this belongs to a dead process;
        // freeing it soon matters because an unfinished job swallows later wake-ups of its key. It goes back to be
        // taken again, however often: Bull fails one that stalled too often without saying whose wake-up it was.
        lockDuration: 2_000,
        stalledInterval: 1_000,
        maxStalledCount: 1_000_000,
        retryProcessDelay: 200,
        drainDelay: blockS,
      },
      defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
    };
  }

  /**
   * Tells those who hear the channel at this moment. How many they are: 0 when the signal was for nobody, or when this
   * user of Redis may not signal.
   */
  async signal(channel: string, message: string): Promise<number> {
    try {
      return await this.link('client').publish(signalPrefix + channel, message);
    } catch (error) {
      // Redis is there and says no, as to a user without rights to the channel: the job does without it.
      if ((error as Error).name === 'ReplyError') return 0;
      throw error;
    }
  }

  /** Hears a channel's signals, again after every reconnection. What was told in between is lost. */
  hear(channel: string, run: (message: string) => void): void {
    this.hearers.set(signalPrefix + channel, run);
    const ear = this.shared.get('ear') ?? this.openEar();
    // Rejects only when the connection is given up.
    ear.subscribe(signalPrefix + channel).catch(() => undefined);
  }

  /** Resolves when Redis counts us as a hearer no more, so that the next signal is left for another. */
  async stopHearing(channel: string): Promise<void> {
    this.hearers.delete(signalPrefix + channel);
    const ear = this.shared.get('ear');
    if (ear?.status === 'ready') await ear.unsubscribe(signalPrefix + channel).catch(() => undefined);
  }

  close(): void {
    this.isClosed = true;
    for (const timer of this.watches.values()) timer.cancel();
    for (const redis of [...this.shared.values(), ...this.blocking]) redis.disconnect();
  }

  private openEar(): Redis {
    const ear = this.link('ear');
    ear.on('message', (channel: string, message: string) => this.hearers.get(channel)?.(message));
    return ear;
  }

  private link(use: Exclude<Use, 'bclient'>): Redis {
    const existing = this.shared.get(use);
    if (existing) return existing;
    const redis = this.open(use);
    this.shared.set(use, redis);
    if (use === 'client') {
      redis.on('ready', () => {
        if (this.isAwayLogged) this.log.info({}, 'redis is back');
        this.isAwayLogged = false;
        for (const run of this.readyListeners) run();
      });
    }
    return redis;
  }

  private openBlocking(): Redis {
    const redis = this.open('bclient');
    this.blocking.add(redis);
    return redis;
  }

  private open(use: Use): Redis {
    const redis = new Redis(this.redisUrl, optionsByUse[use]);
    // Every queue of the process adds its own listeners to the shared connections.
    redis.setMaxListeners(0);
    // The command connection speaks for all: the others are also closed when a listener stops.
    const note = (error: Error): void => (use === 'client' ? this.noteAway(error) : undefined);
    redis.on('error', note);
    redis.on('close', () => note(new Error('connection closed')));
    this.watch(redis);
    return redis;
  }

  private watch(redis: Redis): void {
    if (this.isClosed) return;
    const reconnect = (): void => {
      if (!this.isClosed && redis.status === 'ready') redis.disconnect(true);
    };
    const ask = async (): Promise<void> => {
      if (redis.status === 'ready') {
        const silence = this.clock.setTimer(silenceMs, reconnect);
        this.watches.set(redis, silence);
        await redis.ping().catch(reconnect);
        silence.cancel();
      }
      this.watch(redis);
    };
    this.watches.set(
      redis,
      this.clock.setTimer(watchEveryMs, () => void ask()),
    );
  }

  private noteAway(error: Error): void {
    if (this.isAwayLogged || this.isClosed) return;
    this.isAwayLogged = true;
    this.log.warn({ err: error.message }, 'redis is away: work goes on by sweeping the database');
  }
}
