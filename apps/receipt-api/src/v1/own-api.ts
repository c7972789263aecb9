import type { Clock, Ids, Log } from '@kkt/contracts';
import { Press } from '@kkt/documents';
import type { LetterSettings } from '@kkt/notifications';
import {
  ApiKeyStore,
  ApiReceiptStore,
  ApiReportStore,
  CallbackSecretStore,
  CallbackStore,
  type Database,
  DocumentStore,
  ReceiptHistoryStore,
  ReceiptStore,
} from '@kkt/storage';
import type { Directory } from '../access/directory';
import type { FloodGate } from '../access/flood-gate';
import { Limits } from '../access/limits';
import { WallClock } from '../http/wall-clock';
import type { ReceiptIntake } from '../intake/receipt-intake';
import type { ReceiptApiMetrics } from '../metrics';
import type { ReceiptApiSettings } from '../settings';
import { KeyRing } from './access/key-ring';
import { RateLimit } from './access/rate-limit';
import { Streams } from './events/streams';
import type { LinkMaker } from './receipts/receipt-view';

export interface OwnApiParts {
  database: Database;
  directory: Directory;
  intake: ReceiptIntake;
  gate: FloodGate;
  clock: Clock;
  ids: Ids;
  log: Log;
  metrics: ReceiptApiMetrics;
  settings: ReceiptApiSettings;
  /** Callback secrets are derived from it; without it callbacks are not signed and no secret is shown. */
  secretKey?: Buffer;
  /** Makes buyers' links; absent where there is no secret to sign them. */
  link?: LinkMaker;
  /** Sends receipts to buyers again; absent where there is no secret to sign links with. */
  letters?: LetterSettings;
}

/** What the controllers of the own API share. */
export class OwnApi {
  readonly database: Database;
  readonly directory: Directory;
  readonly intake: ReceiptIntake;
  readonly gate: FloodGate;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics: ReceiptApiMetrics;
  readonly settings: ReceiptApiSettings;
  readonly link: LinkMaker | undefined;
  readonly letters: LetterSettings | undefined;
  readonly wall: WallClock;
  readonly keyStore: ApiKeyStore;
  readonly keys: KeyRing;
  /** Requests by key and client. */
  readonly limits: Limits;
  /** Wrong keys by address. */
  readonly wrongKeys: RateLimit;
  readonly receipts: ReceiptStore;
  readonly queue: ApiReceiptStore;
  readonly history: ReceiptHistoryStore;
  readonly documents: DocumentStore;
  readonly reports: ApiReportStore;
  readonly streams: Streams;
  readonly callbacks: CallbackStore;
  readonly callbackSecrets: CallbackSecretStore;
  readonly secretKey: Buffer | undefined;
  /** Draws printed forms. */
  readonly press: Press;

  constructor(parts: OwnApiParts) {
    const { database, clock, log, settings } = parts;
    const { wrongKeysPerMin } = settings.ownApi;
    this.link = parts.link;
    this.letters = parts.letters;
    this.database = database;
    this.directory = parts.directory;
    this.intake = parts.intake;
    this.gate = parts.gate;
    this.clock = clock;
    this.ids = parts.ids;
    this.log = log;
    this.metrics = parts.metrics;
    this.settings = settings;
    this.wall = new WallClock(clock);
    this.keyStore = new ApiKeyStore(database);
    this.keys = new KeyRing(this.keyStore, clock, log, settings.cacheTtlMs);
    this.limits = new Limits(clock, settings.ownApi);
    this.callbackSecrets = new CallbackSecretStore(database);
    this.callbacks = new CallbackStore(database);
    this.secretKey = parts.secretKey;
    this.wrongKeys = new RateLimit(clock, wrongKeysPerMin / 60, wrongKeysPerMin);
    this.receipts = new ReceiptStore(database);
    this.queue = new ApiReceiptStore(database);
    this.history = new ReceiptHistoryStore(database);
    this.documents = new DocumentStore(database);
    this.reports = new ApiReportStore(database);
    const { streamsPerClient, streams } = settings.ownApi;
    this.press = new Press({ clock });
    this.streams = new Streams(clock, log, { perClient: streamsPerClient, all: streams });
  }
}
