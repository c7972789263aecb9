import { Inject, Injectable } from '@nestjs/common';
import { Counter, Histogram, type Registry } from 'prom-client';
import { type Log, systemClock, systemRandom } from '@kkt/contracts';
import { METRICS, watchNumbers } from '@kkt/observability';
import { WAKE_BUS, type WakeBus } from '@kkt/queue';
import { dialTcp, Relay, relayStandard } from '@kkt/relay';
import { AlertStore, type Database, RelayStore } from '@kkt/storage';
import { DATABASE, LOG, RELAY_SETTINGS, type RelayAppSettings } from './tokens';

/** The channel on which drivers tell that an FN handed out a message. */
const channel = 'relay';

/** Runs the relay inside this process: wakes it, measures it, stops it. */
@Injectable()
export class RelayService {
  private readonly relay: Relay;
  private readonly store: RelayStore;
  private stopListening: (() => Promise<void>) | undefined;
  private isStarted = false;

  constructor(
    @Inject(DATABASE) database: Database,
    @Inject(LOG) log: Log,
    @Inject(RELAY_SETTINGS) settings: RelayAppSettings,
    @Inject(WAKE_BUS) private readonly wakeBus: WakeBus,
    @Inject(METRICS) registry: Registry,
  ) {
    const answers = new Histogram({
      name: 'kkt_relay_answer_seconds',
      help: 'From a message taken to its confirmation by the operator',
      buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10, 60, 300],
      registers: [registry],
    });
    const failures = new Counter({
      name: 'kkt_relay_failures_total',
      help: 'Attempts that brought no confirmation, by cause',
      labelNames: ['cause'],
      registers: [registry],
    });
    this.store = new RelayStore(database);
    this.relay = new Relay(
      {
        clock: systemClock,
        random: systemRandom,
        log,
        dial: dialTcp,
        store: this.store,
        alerts: new AlertStore(database),
        wake: (to, key) => wakeBus.wake(to, key),
        observe: ({ cause, tookMs }) =>
          cause === undefined ? answers.observe(tookMs / 1000) : failures.inc({ cause }),
      },
      {
        ...relayStandard,
        answerTimeoutMs: settings.answerTimeoutMs,
        ratePerOperatorS: settings.ratePerOperatorS,
      },
    );
    watchNumbers(registry, 'kkt_relay', 'Relay of messages to operators', () => ({ ...this.relay.stats() }));
  }

  get isRunning(): boolean {
    return this.isStarted;
  }

  /** How much waits in the database. */
  backlog(): ReturnType<RelayStore['backlog']> {
    return this.store.backlog();
  }

  async start(): Promise<void> {
    this.stopListening = await this.wakeBus.onWake(channel, () => this.relay.poke());
    this.relay.start();
    this.isStarted = true;
  }

  async stop(): Promise<void> {
    this.isStarted = false;
    await Promise.all([this.stopListening?.(), this.relay.stop()]);
  }
}
