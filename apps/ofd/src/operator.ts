import { type Clock, type Ids, type Log, type Random } from '@kkt/contracts';
import { Press } from '@kkt/documents';
import { migrate, openDatabase, type Database } from '@kkt/storage';
import type { Registry } from 'prom-client';
import { BuyerStore } from './buyers/buyer-store';
import { AnswerMaker } from './intake/answers';
import { Intake } from './intake/intake';
import { passToMarkingSystem } from './marking/marking-door';
import { MarkingSystem } from './marking/marking-system';
import { OperatorMetrics } from './metrics';
import { RegistryStore } from './registry/registry-store';
import type { OperatorSettings } from './settings';
import { DocumentReader } from './storage/document-reader';
import { operatorMigrations } from './storage/migrations';
import { ReportReader } from './storage/report-reader';
import { FaultSwitch } from './tcp/faults';
import { OperatorServer } from './tcp/operator-server';
import { TaxSender } from './tax/tax-sender';
import { ReferenceTaxService } from './tax/tax-service';
import { TaxStore } from './tax/tax-store';

export interface OperatorWorld {
  clock: Clock;
  ids: Ids;
  random: Random;
  log: Log;
  metrics: Registry;
}

/** The whole operator without its HTTP door: made once, started, stopped. */
export class Operator {
  readonly database: Database;
  readonly registry: RegistryStore;
  readonly documents: DocumentReader;
  readonly reports: ReportReader;
  readonly intake: Intake;
  readonly server: OperatorServer;
  readonly faults: FaultSwitch;
  readonly marking: MarkingSystem;
  readonly taxStore: TaxStore;
  readonly taxService: ReferenceTaxService;
  readonly taxSender: TaxSender;
  readonly buyers: BuyerStore;
  /** Draws printed forms beside the thread that answers. */
  readonly press: Press;

  constructor(
    readonly settings: OperatorSettings,
    private readonly world: OperatorWorld,
  ) {
    const { clock, ids, random, log } = world;
    const metrics = new OperatorMetrics(world.metrics);
    this.database = openDatabase({
      url: settings.databaseUrl,
      applicationName: 'ofd',
      maxConnections: settings.databasePoolSize,
      log,
    });
    this.registry = new RegistryStore(this.database, clock, ids);
    this.documents = new DocumentReader(this.database);
    this.reports = new ReportReader(this.database);
    this.buyers = new BuyerStore(this.database, clock);
    this.press = new Press({ clock });
    this.faults = new FaultSwitch(settings.faults);
    this.marking = new MarkingSystem(clock, settings.utcOffsetMinutes);
    this.taxStore = new TaxStore(this.database);
    this.taxService = new ReferenceTaxService(this.database, clock);
    this.taxSender = new TaxSender({
      store: this.taxStore,
      service: this.taxService,
      clock,
      ids,
      random,
      log: log.child({ part: 'tax' }),
      onBatch: (outcome, documents) => metrics.taxBatch(outcome, documents),
    });
    const answers = new AnswerMaker(
      {
        inn: settings.operatorInn,
        name: settings.operatorName,
        signKey: settings.signKey,
        utcOffsetMinutes: settings.utcOffsetMinutes,
      },
      clock,
    );
    this.intake = new Intake({
      database: this.database,
      answers,
      clock,
      log: log.child({ part: 'intake' }),
      onStored: () => this.taxSender.wake(),
    });
    this.server = new OperatorServer({
      host: settings.host,
      port: settings.tcpPort,
      maxConnections: settings.maxConnections,
      handle: (message) =>
        message.header.channel === 'marking'
          ? passToMarkingSystem(message, this.marking)
          : metrics.timed(clock, () => this.intake.handle(message)),
      faults: this.faults,
      clock,
      random,
      log: log.child({ part: 'tcp' }),
      limits: settings,
      onFault: (code) => metrics.wireFault(code),
    });
    metrics.watch(() => ({
      openConnections: this.server.openConnections,
      waitingDocuments: this.intake.waitingDocuments,
    }));
  }

  get clock(): Clock {
    return this.world.clock;
  }

  get log(): Log {
    return this.world.log;
  }

  /** Brings the tables up to date and opens the door for documents. */
  async start(): Promise<void> {
    const done = await migrate({
      url: this.settings.databaseUrl,
      schema: 'ofd',
      migrations: operatorMigrations,
    });
    if (done.length > 0) this.world.log.info({ migrations: done }, 'tables brought up to date');
    this.taxSender.start();
    await this.server.start();
  }

  /** What was read is answered and stored, then everything closes. */
  async stop(): Promise<void> {
    await this.server.stop(STOP_GRACE_MS);
    await this.intake.idle();
    await this.taxSender.stop();
    this.press.close();
    await this.database.close();
  }
}

/** How long a connection may take to get its last answers when the process stops. */
const STOP_GRACE_MS = 3000;
