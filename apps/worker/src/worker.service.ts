import { Inject, Injectable } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import { AlertWatch } from '@kkt/alerts';
import { toAtolReport } from '@kkt/atol-online';
import { CallbackDeliverer, createCallbackPost, secretsInUse } from '@kkt/callbacks';
import { type Log, systemClock, systemIds, systemRandom } from '@kkt/contracts';
import { gatewaysOf, NotificationDeliverer } from '@kkt/notifications';
import { METRICS, watchNumbers } from '@kkt/observability';
import { WAKE_BUS, type WakeBus } from '@kkt/queue';
import { farmReconciler, NightlyReconciliation } from '@kkt/reconcile';
import { UnsentWatch } from '@kkt/relay';
import { deskCallbackPolicy, publicCallbackPolicy, receiptLink } from '@kkt/security';
import {
  AlertStore,
  CallbackSecretStore,
  CallbackStore,
  FarmChanges,
  type Database,
  DirectoryStore,
  DispatchStore,
  GroupCommit,
  NotificationStore,
  ReadingStore,
  OperatorStore,
  type ReceiptReport,
  ReceiptStore,
  retentionStandard,
  RetentionStore,
} from '@kkt/storage';
import { farmMetrics } from './farm-metrics';
import { BuyerLetters } from './buyer-letters';
import { fileGenerators } from './file-generators';
import { Duty } from './duty';
import { fnLifeDuties } from './fn-life-duties';
import { moneyDuties } from './money-duties';
import { paymentDuties } from './payment-duties';
import { planningDuties } from './planning-duties';
import { askPlantMonitor } from './plant-monitor';
import { measureService } from './service-minutes';
import { salesDuties } from './sales-duties';
import { SyntheticReceipts } from './synthetic-receipts';
import { ZabbixFeed } from './zabbix-feed';
import { DATABASE, LOG, WORKER_SETTINGS, type WorkerSettings } from './tokens';

/** The channel on which a result with a callback is told. */
const callbacksChannel = 'callbacks';
const expireEveryMs = 1_000;
const expireAtOnce = 500;
const abandonedEveryMs = 5_000;
const cleanTokensEveryMs = 10 * 60_000;
/** As long as reports can be asked for, with some days to spare. */
const callbackJournalDays = 40;
const forgetEveryMs = 60 * 60_000;
const reconcileLookEveryMs = 60_000;
const notifyEveryMs = 500;
const plantEveryMs = 500;
const watchEveryMs = 500;
const watchName = 'watch over the farm';
const measureEveryMs = 20_000;
const zabbixEveryMs = 60_000;
const keepReadingsEveryMs = 5 * 60_000;
const unsentLookEveryMs = 60_000;
const lettersEveryMs = 1_000;

/** The body is made from what is stored alone, so every repeat is the same. */
const callbackBody = (report: ReceiptReport): object =>
  toAtolReport(report, { now: report.finishedAt ?? report.acceptedAt });

/** All that is timed: result callbacks, the end of receipts that waited too long, old tokens, the nightly reconciliation. */
@Injectable()
export class WorkerService {
  private readonly deliverer: CallbackDeliverer;
  private readonly duties: Duty[];
  private readonly changes: FarmChanges;
  private readonly callbacks: CallbackStore;
  private readonly nightly: NightlyReconciliation;
  private readonly notifications: NotificationDeliverer;
  private stopListening: (() => Promise<void>) | undefined;
  private isStarted = false;

  constructor(
    @Inject(DATABASE) database: Database,
    @Inject(LOG) log: Log,
    @Inject(WORKER_SETTINGS) settings: WorkerSettings,
    @Inject(WAKE_BUS) private readonly wakeBus: WakeBus,
    @Inject(METRICS) registry: Registry,
  ) {
    const receipts = new ReceiptStore(database);
    const directory = new DirectoryStore(database);
    const dispatch = new DispatchStore(database);
    this.callbacks = new CallbackStore(database);
    const callbackSecrets = new CallbackSecretStore(database);
    // Many callbacks begin at once: what each needs of the database is asked for together.
    const reports = new GroupCommit((ids: string[]) => receipts.reports(ids));
    const generations = new GroupCommit((ids: string[]) => callbackSecrets.ofEach(ids));
    this.deliverer = new CallbackDeliverer({
      clock: systemClock,
      random: systemRandom,
      log,
      store: this.callbacks,
      receipts: { report: (id) => reports.add(id) },
      post: createCallbackPost({
        policy: settings.callbackAllowPrivate ? deskCallbackPolicy : publicCallbackPolicy,
        clock: systemClock,
      }),
      body: callbackBody,
      secretsOf: async (clientId) =>
        secretsInUse(settings.secretKey, clientId, await generations.add(clientId)),
      headers: ({ proof }): Record<string, string> =>
        proof ? { 'x-receipt-url': receiptLink(settings.publicBaseUrl, settings.secretKey, proof) } : {},
    });
    this.nightly = new NightlyReconciliation(farmReconciler(database, settings, log), 'worker');
    this.notifications = new NotificationDeliverer({
      clock: systemClock,
      random: systemRandom,
      log,
      store: new NotificationStore(database),
      gateways: gatewaysOf(settings),
      generators: fileGenerators(database),
    });
    const readings = new ReadingStore(database);
    const retention = new RetentionStore(database);
    const watch = new AlertWatch({
      database,
      log,
      consoleUrl: settings.consoleBaseUrl,
      cabinetUrl: settings.cabinetBaseUrl,
    });
    const expired = new Counter({
      name: 'kkt_receipts_expired_total',
      help: 'Receipts that waited in the queue past their limit',
      registers: [registry],
    });
    const letters = new BuyerLetters(database, settings);
    const unsent = new UnsentWatch({
      operators: new OperatorStore(database),
      alerts: new AlertStore(database),
    });
    this.changes = new FarmChanges({
      url: settings.databaseUrl,
      applicationName: 'worker',
      clock: systemClock,
      log,
    });
    this.duties = [
      new Duty({
        name: 'expire queued receipts',
        everyMs: expireEveryMs,
        clock: systemClock,
        log,
        run: async () => {
          const ids = await receipts.expireQueued(expireAtOnce);
          if (ids.length === 0) return false;
          expired.inc(ids.length);
          log.warn({ count: ids.length, first: ids[0] }, 'receipts waited in the queue past their limit');
          this.deliverer.poke();
          return ids.length === expireAtOnce;
        },
      }),
      new Duty({
        name: 'show receipts of lost drivers as in doubt',
        everyMs: abandonedEveryMs,
        clock: systemClock,
        log,
        run: async () => {
          const count = await dispatch.markAbandoned();
          if (count > 0) log.warn({ count }, 'receipts are in doubt: their driver is gone');
          return false;
        },
      }),
      new Duty({
        name: 'forget old tokens and attempts of callbacks',
        everyMs: cleanTokensEveryMs,
        clock: systemClock,
        log,
        run: async () => {
          await directory.deleteOldTokens();
          const forgotten = await this.callbacks.forgetAttempts(callbackJournalDays, expireAtOnce);
          return forgotten === expireAtOnce;
        },
      }),
      new Duty({
        name: 'forget what is past its time',
        everyMs: forgetEveryMs,
        clock: systemClock,
        log,
        run: async () => {
          const days = { ...retentionStandard, receipts: settings.receiptsKeptDays };
          const forgotten = await retention.forget(days, expireAtOnce);
          const counts = Object.values(forgotten);
          if (counts.some((count) => count > 0)) log.info(forgotten, 'forgot what is past its time');
          return counts.includes(expireAtOnce);
        },
      }),
      new Duty({
        name: 'reconcile at night',
        everyMs: reconcileLookEveryMs,
        clock: systemClock,
        log,
        run: async () => {
          await this.nightly.look();
          return false;
        },
      }),
      new Duty({
        name: 'warn of documents that do not reach operators',
        everyMs: unsentLookEveryMs,
        clock: systemClock,
        log,
        run: async () => {
          await unsent.look();
          return false;
        },
      }),
      new Duty({
        name: 'write to buyers',
        everyMs: lettersEveryMs,
        clock: systemClock,
        log,
        run: () => letters.turn(),
      }),
      new Duty({
        name: 'send notifications',
        everyMs: notifyEveryMs,
        clock: systemClock,
        log,
        run: () => this.notifications.turn(),
      }),
      new Duty({
        name: 'keep the history of readings',
        everyMs: keepReadingsEveryMs,
        clock: systemClock,
        log,
        run: async () => {
          await readings.keep();
          return false;
        },
      }),
      new Duty({
        name: watchName,
        everyMs: watchEveryMs,
        clock: systemClock,
        log,
        run: async () => {
          await watch.turn();
          return watch.dueInMs ?? false;
        },
      }),
      ...this.measuringDuties(database, settings, log, registry),
      ...this.plantDuty(database, settings, log),
      ...planningDuties({ database, clock: systemClock, log }),
      ...salesDuties({
        database,
        secretKey: settings.secretKey,
        clock: systemClock,
        ids: systemIds,
        log,
      }),
      ...fnLifeDuties({ database, clock: systemClock, ids: systemIds, log }, settings),
      ...moneyDuties({ database, clock: systemClock, ids: systemIds, log }, settings),
      ...paymentDuties({
        database,
        secretKey: settings.secretKey,
        emulatorUrl: settings.paymentEmulatorUrl,
        wakeBus: this.wakeBus,
        clock: systemClock,
        ids: systemIds,
        log,
      }),
    ];
    watchNumbers(registry, 'kkt_callbacks', 'Result callbacks', () => ({ ...this.deliverer.stats() }));
    watchNumbers(registry, 'kkt_notifications', 'Messages to people', () => ({
      ...this.notifications.stats(),
    }));
  }

  /** Test receipts, minutes of service, the feed of Zabbix. */
  private measuringDuties(
    database: Database,
    settings: WorkerSettings,
    log: Log,
    registry: Registry,
  ): Duty[] {
    farmMetrics(registry, database, () => systemClock.monotonicMs());
    const duty = (name: string, everyMs: number, work: () => Promise<void>): Duty =>
      new Duty({
        name,
        everyMs,
        clock: systemClock,
        log,
        run: async () => {
          await work();
          return false;
        },
      });
    const duties = [duty('measure the service', measureEveryMs, () => measureService(database))];
    const { syntheticEveryS: everyS, zabbixServer, publicBaseUrl: apiUrl, secretKey } = settings;
    if (everyS > 0) {
      const common = { database, clock: systemClock, ids: systemIds, log };
      const synthetic = new SyntheticReceipts({ ...common, secretKey, apiUrl });
      duties.push(duty('send test receipts', Math.min(everyS, 5) * 1_000, () => synthetic.turn(everyS)));
    }
    if (zabbixServer) {
      const feed = new ZabbixFeed(database, zabbixServer, systemClock, log);
      watchNumbers(registry, 'kkt_zabbix_values', 'Values sent to Zabbix', () => ({ ...feed.stats }));
      duties.push(duty('send readings to Zabbix', zabbixEveryMs, () => feed.turn()));
    }
    return duties;
  }

  private plantDuty(database: Database, { plantMonitorUrl: url }: WorkerSettings, log: Log): Duty[] {
    if (!url) return [];
    let version: number | undefined;
    const run = async (): Promise<boolean> => {
      const known = version;
      // After a failure it is asked plainly again.
      version = undefined;
      version = await askPlantMonitor(database, url, known);
      // A monitor that waits for news itself is asked again at once.
      return version !== undefined;
    };
    return [
      new Duty({ name: 'ask the monitor of switches', everyMs: plantEveryMs, clock: systemClock, log, run }),
    ];
  }

  get isRunning(): boolean {
    return this.isStarted;
  }

  /** How many callbacks wait in the database. */
  backlog(): ReturnType<CallbackStore['backlog']> {
    return this.callbacks.backlog();
  }

  async start(): Promise<void> {
    this.stopListening = await this.wakeBus.onWake(callbacksChannel, () => this.deliverer.poke());
    this.deliverer.start();
    // What the watch looks at has changed: it looks now.
    const watchDuty = this.duties.find(({ name }) => name === watchName);
    this.changes.onChange((change) => {
      if (change !== 'alerts') watchDuty?.poke();
    });
    await this.changes.start();
    for (const duty of this.duties) duty.start();
    this.isStarted = true;
  }

  async stop(): Promise<void> {
    this.isStarted = false;
    this.nightly.stop();
    this.notifications.stop();
    await Promise.all([
      this.stopListening?.(),
      this.changes.stop(),
      this.deliverer.stop(),
      ...this.duties.map((duty) => duty.stop()),
    ]);
  }
}
