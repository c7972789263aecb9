import { Client, Query } from 'pg';
import type { Sql, SqlValue } from '@kkt/storage';
import { createHash } from 'node:crypto';
import type { SimClock } from './clock';
import type { Dice } from './dice';
import type { EventLog } from './event-log';
import type { SimProcess } from './process';

/** What `pg` does with a query; its typings leave these out. */
interface WireQuery {
  prepare(connection: WireConnection): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: unknown): void;
}
interface WireConnection {
  bind(options: { statement: string; values: unknown[] }): void;
  execute(options: object): void;
}
type QueryClass = new (
  config: { text: string; values: unknown[]; name: string },
  callback: (error: Error | null, result: { rows: object[] }) => void,
) => WireQuery;

const setNow = 'sim_now';
/** Rows of earlier runs are in the way until somebody sweeps them out. */
const runsPerVacuum = 20;

/** A statement that carries its own virtual time: `farm.now` is set in the same round trip, just before it. */
class TimedQuery extends (Query as unknown as QueryClass) {
  private isTimeSet = false;

  constructor(
    private readonly now: string,
    config: { text: string; values: unknown[]; name: string },
    callback: (error: Error | null, result: { rows: object[] }) => void,
  ) {
    super(config, callback);
  }

  override prepare(connection: WireConnection): void {
    connection.bind({ statement: setNow, values: [this.now] });
    connection.execute({});
    super.prepare(connection);
  }

  override handleDataRow(message: unknown): void {
    if (this.isTimeSet) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: unknown): void {
    if (this.isTimeSet) super.handleCommandComplete(message, connection);
    this.isTimeSet = true;
  }
}

/** What becomes of a statement on its way; drawn by the faults in force. */
export type StatementFate =
  | 'well'
  /** The connection breaks before PostgreSQL sees it. */
  | 'lost-before'
  /** The connection breaks after the commit. */
  | 'lost-after'
  | { refusedWith: string };

const databaseError = (code: string, message: string): Error => Object.assign(new Error(message), { code });
const connectionLost = (): Error => new Error('Connection terminated unexpectedly');

/** How long a client waits for a server behind a dead network before it gives up, ms. */
const deadNetworkMs = 10_000;

/**
 * The real PostgreSQL with the real statements behind one connection, so that they run in the order of the virtual
 * time, each whole. Around it stands the network: latency, lost answers, a server that is away.
 */
export class SimDatabase {
  private readonly names = new Map<string, string>();
  private pending = 0;
  private waiting: { promise: Promise<void>; done: () => void } | undefined;
  private clock: SimClock | undefined;
  private events: EventLog | undefined;
  statements = 0;
  private runs = 0;

  private constructor(private readonly client: Client) {}

  static async open(url: string): Promise<SimDatabase> {
    const client = new Client({ connectionString: url, application_name: 'simulation' });
    await client.connect();
    // The planner must not change its mind between two runs of a seed.
    await client.query('set enable_seqscan = on; set jit = off; set plan_cache_mode = force_generic_plan');
    await client.query({ name: setNow, text: "select set_config('farm.now', $1, false)", values: [''] });
    return new SimDatabase(client);
  }

  close(): Promise<void> {
    return this.client.end();
  }

  /** Empties the farm's tables and begins a run. Deleting a few rows is many times quicker than truncating. */
  async begin(clock: SimClock, events: EventLog): Promise<void> {
    this.clock = clock;
    this.events = events;
    this.runs += 1;
    if (this.runs % runsPerVacuum === 0) await this.client.query('vacuum');
    await this.client.query(
      `delete from callbacks; delete from ofd_messages; delete from documents; delete from intents; delete from alerts;
       delete from receipts; delete from leases; delete from driver_processes; delete from register_status;
       truncate registration_reports cascade; delete from fiscal_drives; delete from registers; delete from register_groups; delete from clients;
       alter sequence intents_id_seq restart; alter sequence alerts_id_seq restart; alter sequence receipts_queue_no_seq restart;
       alter sequence registers_id_seq restart; alter sequence register_groups_id_seq restart`,
    );
  }

  /** For the clock: time stands still while a statement runs. */
  idle(): Promise<void> | undefined {
    if (this.pending === 0) return undefined;
    if (!this.waiting) {
      let done = (): void => undefined;
      const promise = new Promise<void>((resolve) => (done = resolve));
      this.waiting = { promise, done };
    }
    return this.waiting.promise;
  }

  /** Runs a statement at the present virtual time. Rows come in one order whatever the plan was. */
  run<Row extends object>(text: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    const { clock } = this;
    if (!clock) throw new Error('no run has begun');
    this.pending += 1;
    this.statements += 1;
    const now = new Date(clock.nowMs()).toISOString();
    return new Promise<Row[]>((resolve, reject) => {
      const config = { text, values: [...values], name: this.nameOf(text) };
      const query = new TimedQuery(now, config, (error, result) => {
        this.pending -= 1;
        if (this.pending === 0) {
          this.waiting?.done();
          this.waiting = undefined;
        }
        if (error) reject(error);
        else resolve(inOneOrder(result.rows as Row[]));
      });
      this.client.query(query as never);
    });
  }

  note(who: string, what: string): void {
    this.events?.add(who, what);
  }

  private nameOf(text: string): string {
    let name = this.names.get(text);
    if (!name) {
      name = `s${createHash('sha1').update(text).digest('hex').slice(0, 16)}`;
      this.names.set(text, name);
    }
    return name;
  }
}

const inOneOrder = <Row extends object>(rows: Row[]): Row[] =>
  rows.length < 2
    ? rows
    : rows
        .map((row) => ({ row, key: JSON.stringify(row) }))
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .map(({ row }) => row);

/** State of the way between processes and PostgreSQL. */
export interface DatabaseWeather {
  /** Nobody answers at its port. */
  isDown: boolean;
  /** Grows with each break: answers that were under way are lost. */
  breaks: number;
  slowMs: number;
  /** Of the troubles in force, each by its own dice; the first that strikes decides. */
  fates: Set<() => StatementFate>;
}

export const fairWeather = (): DatabaseWeather => ({
  isDown: false,
  breaks: 0,
  slowMs: 0,
  fates: new Set(),
});

const fateOf = ({ fates }: DatabaseWeather): StatementFate => {
  let fate: StatementFate = 'well';
  for (const draw of fates) {
    const drawn = draw();
    if (fate === 'well') fate = drawn;
  }
  return fate;
};

/** Called around the statements of one process: for faults that strike at a certain statement. */
export interface StatementHooks {
  /** Before it leaves the process; false: the process died first. */
  sending?: (name: string) => boolean;
  /** After the process could read the answer; false: it died first. */
  answered?: (name: string, rows: number) => boolean;
}

/** PostgreSQL as one process sees it. */
export class ProcessSql implements Sql {
  /** The network between this process and PostgreSQL is cut. */
  isCut = false;
  hooks: StatementHooks = {};

  constructor(
    private readonly process: SimProcess,
    private readonly database: SimDatabase,
    private readonly clock: SimClock,
    private readonly weather: DatabaseWeather,
    private readonly dice: Dice,
  ) {}

  query<Row extends object>(text: string, values?: readonly SqlValue[], name = ''): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      if (!this.process.alive || this.hooks.sending?.(name) === false) return;
      const fail = (error: Error, afterMs: number): void => {
        this.database.note(this.process.name, `sql ${name} ${error.message}`);
        this.clock.setTimer(afterMs, () => this.process.enter(() => reject(error)));
      };
      if (this.weather.isDown) return fail(databaseError('ECONNREFUSED', 'connect ECONNREFUSED'), 1);
      const { breaks } = this.weather;
      this.clock.setTimer(this.latencyMs(), () => {
        const fate = fateOf(this.weather);
        if (this.isCut) return fail(databaseError('ETIMEDOUT', 'read ETIMEDOUT'), deadNetworkMs);
        if (fate === 'lost-before' || this.weather.isDown) return fail(connectionLost(), 1);
        if (typeof fate === 'object') return fail(databaseError(fate.refusedWith, 'refused'), 1);
        this.database.run<Row>(text, values).then(
          (rows) => {
            this.database.note(this.process.name, `sql ${name || text.slice(0, 60)} ${rows.length}`);
            this.clock.setTimer(this.latencyMs(), () => {
              if (this.isCut) return fail(databaseError('ETIMEDOUT', 'read ETIMEDOUT'), deadNetworkMs);
              if (fate === 'lost-after' || breaks !== this.weather.breaks) return fail(connectionLost(), 0);
              this.process.enter(() => {
                if (this.hooks.answered?.(name, rows.length) !== false) resolve(rows);
              });
            });
          },
          (error: Error) => fail(error, this.latencyMs()),
        );
      });
    });
  }

  private latencyMs(): number {
    const quickMs = 0.2 + this.dice.next() * 1.5;
    return this.weather.slowMs === 0 ? quickMs : quickMs + this.dice.next() * this.weather.slowMs;
  }
}
