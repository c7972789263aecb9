import { BullModule, getQueueToken } from '@nestjs/bull';
import { type DynamicModule, Inject, Module, type OnModuleDestroy } from '@nestjs/common';
import type { Queue } from 'bull';
import { type Clock, type Log, silentLog } from '@kkt/contracts';
import { BullWakeBus, type WakeJob } from './bull-wake-bus';
import { RedisLinks } from './redis-links';
import { TIMER_BUS, WAKE_BUS } from './wake-bus';

export interface QueueModuleOptions {
  redisUrl: string;
  /** Channels known at the start: their queues are made and owned by Nest. Others are made on first use. */
  channels?: readonly string[];
  clock?: Clock;
  log?: Log;
}

/** Gives {@link WAKE_BUS} and {@link TIMER_BUS} to the whole application. Its start never waits for Redis. */
@Module({})
export class QueueModule implements OnModuleDestroy {
  constructor(@Inject(WAKE_BUS) private readonly bus: BullWakeBus) {}

  static forRoot(options: QueueModuleOptions): DynamicModule {
    const log = options.log ?? silentLog;
    const links = new RedisLinks(options.redisUrl, log, options.clock);
    const channels = options.channels ?? [];
    return {
      module: QueueModule,
      global: true,
      imports: [
        BullModule.forRoot(links.bullOptions()),
        BullModule.registerQueue(...channels.map((name) => ({ name }))),
      ],
      providers: [
        {
          provide: WAKE_BUS,
          inject: channels.map((name) => getQueueToken(name)),
          useFactory: (...queues: Queue<WakeJob>[]) =>
            new BullWakeBus({
              redisUrl: options.redisUrl,
              links,
              log,
              clock: options.clock,
              queues: new Map(queues.map((queue) => [queue.name, queue])),
            }),
        },
        { provide: TIMER_BUS, useExisting: WAKE_BUS },
      ],
      exports: [WAKE_BUS, TIMER_BUS],
    };
  }

  /** Before Bull's own shutdown, which would wait for an absent Redis. */
  async onModuleDestroy(): Promise<void> {
    await this.bus.close();
  }
}
