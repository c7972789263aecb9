import { setMaxListeners } from 'node:events';
import { FarmError, sleep, type Timer } from '@kkt/contracts';
import { type DriverProcess, GroupCommit, type RegisterStatus } from '@kkt/storage';

import { Claimer } from './claimer';
import type { Completion, DispatchPorts, LeasedRegister } from './ports';
import { RegisterSession } from './session/session';

export interface EngineOptions {
  process: DriverProcess;
  /** True only when it is certain that this process of this host is dead. */
  isDead: (process: DriverProcess) => boolean;
}

/** Figures of the driver for `/metrics` and `/health/ready`. */
export interface EngineSnapshot {
  sessions: number;
  online: number;
  available: number;
  busy: number;
  problems: Record<string, number>;
  receiptsDone: number;
  claims: number;
  claimed: number;
  heldElsewhere: number;
  /** Who they are: `host:pid` of each process that holds registers of this driver id. */
  holders: readonly string[];
}

/** How long neighbours are waited for before registers that went silent are told of. */
const gatherMs = 30;

const isAnswer = (key: string): boolean => key.startsWith('ofd:');

/** One driver process: leases of its registers, a session for each, claims, answers, status. */
export class DriverEngine {
  private readonly sessions = new Map<number, { session: RegisterSession; ended: Promise<void> }>();
  private readonly claimer: Claimer;
  private readonly writer: GroupCommit<Completion, boolean>;
  private readonly abort = new AbortController();
  private readonly loops: Promise<void>[] = [];
  private leaseEndsAtMs = -Infinity;
  private holders: readonly string[] = [];
  private readonly toldOnline = new Map<number, boolean>();
  private isTelling = false;
  private gathering: Timer | undefined;
  private traced: readonly number[] = [];

  constructor(
    private readonly ports: DispatchPorts,
    private readonly options: EngineOptions,
  ) {
    // Every round waits on it: that many listeners are no leak.
    setMaxListeners(50, this.abort.signal);
    this.claimer = new Claimer(ports, () => this.all());
    this.writer = new GroupCommit(async (batch) => {
      await ports.store.complete(batch);
      if (batch.some(({ receiptId }) => receiptId !== null)) void ports.wake.wake('callbacks', 'due');
      return batch.map(() => true);
    });
  }

  /** Starts to take leases and to work; returns after the first round of leases. */
  async start(): Promise<void> {
    await this.ports.leases.registerProcess(this.options.process);
    await this.lease();
    const { settings } = this.ports;
    this.loop('leases', settings.renewEveryMs, () => this.lease());
    this.loop('sweep', settings.sweepEveryMs, () => this.claimer.sweep());
    this.loop('answers', settings.answerSweepEveryMs, () => this.fetchAnswers());
    if (this.ports.archive)
      this.loop('archive', settings.archiveSweepEveryMs, () => this.fetchArchiveReads());
    if (this.ports.tasks) this.loop('tasks', settings.taskSweepEveryMs, () => this.fetchTasks());
    if (this.ports.commands) this.loop('commands', settings.taskSweepEveryMs, () => this.fetchCommands());
    if (this.ports.traces) {
      this.loop('traces', settings.tracesEveryMs, () => this.tellTraces());
      this.loop('old traces', settings.wearEveryMs, async () => void (await this.ports.traces?.forgetOld()));
    }
    if (this.ports.planning) this.loop('wear', settings.wearEveryMs, () => this.readForecasts());
    this.loop('status', settings.statusEveryMs, () => this.saveStatus());
    this.loop('status changes', settings.statusChangesEveryMs, () => this.saveChangedStatus());
    this.isTelling = true;
    if (this.ports.readings) this.loop('readings', settings.readingsEveryMs, () => this.saveReadings());
  }

  /** A wake-up: `<groupId>` when receipts wait, `ofd:<registerId>` when an operator answered. */
  onWake(key: string): void {
    if (isAnswer(key))
      void this.fetchAnswers().catch((error: Error) =>
        this.ports.log.warn({ err: error.message }, 'answers not fetched'),
      );
    else this.claimer.heat(Number(key));
  }

  /** Stops taking work, lets receipts in hand finish for at most `graceMs`, gives leases back. */
  async stop(graceMs: number): Promise<void> {
    this.claimer.stop();
    for (const { session } of this.sessions.values()) session.stop();
    const ended = Promise.all([...this.sessions.values()].map((entry) => entry.ended));
    const late = new AbortController();
    await Promise.race([ended, sleep(this.ports.clock, graceMs, late.signal).catch(() => undefined)]);
    late.abort(new Error('stopped'));
    for (const { session } of this.sessions.values()) session.kill('driver stops');
    this.abort.abort(new FarmError('SYS-STOPPED', 'The driver stops'));
    await Promise.allSettled([ended, ...this.loops]);
    await this.saveStatus().catch(() => undefined);
    await this.ports.leases.release(this.ports.owner).catch(() => undefined);
  }

  snapshot(): EngineSnapshot {
    const figures = { online: 0, available: 0, busy: 0, receiptsDone: 0 };
    const problems: Record<string, number> = {};
    for (const session of this.all()) {
      const { view } = session;
      if (view.online) figures.online += 1;
      if (session.available) figures.available += 1;
      if (view.busyWith) figures.busy += 1;
      figures.receiptsDone += view.receiptsDone;
      const problem = view.online ? view.obstacle(this.ports) : 'offline';
      if (problem) problems[problem] = (problems[problem] ?? 0) + 1;
    }
    const { claims, claimed } = this.claimer;
    return {
      sessions: this.sessions.size,
      ...figures,
      problems,
      claims,
      claimed,
      heldElsewhere: this.holders.length,
      holders: this.holders,
    };
  }

  private *all(): Iterable<RegisterSession> {
    for (const { session } of this.sessions.values()) yield session;
  }

  private loop(name: string, everyMs: number, run: () => Promise<void>): void {
    const work = async () => {
      while (!this.abort.signal.aborted) {
        await sleep(this.ports.clock, everyMs, this.abort.signal).catch(() => undefined);
        if (this.abort.signal.aborted) return;
        try {
          await run();
        } catch (error) {
          this.ports.log.warn({ loop: name, err: (error as Error).message }, 'round failed');
        }
      }
    };
    this.loops.push(work());
  }

  /** Prolongs what is ours, takes what is free, ends what was lost. */
  private async lease(): Promise<void> {
    const { clock, leases, settings, owner, log } = this.ports;
    const askedAtMs = clock.monotonicMs();
    const kept = await leases.renew(owner, settings.leaseTtlS);
    const holders = (await leases.holders(this.options.process.driverId)).filter(
      (holder) => holder.owner !== owner,
    );
    const deadOwners = holders.filter((holder) => this.options.isDead(holder)).map((holder) => holder.owner);
    const taken = await leases.acquire({
      owner,
      driverId: this.options.process.driverId,
      ttlS: settings.leaseTtlS,
      deadOwners,
    });
    this.leaseEndsAtMs = askedAtMs + settings.leaseTtlS * 1000 - settings.leaseGuardMs;
    this.holders = holders
      .filter((holder) => !deadOwners.includes(holder.owner))
      .map(({ host, pid }) => `${host}:${pid}`);
    if (this.holders.length > 0)
      log.warn({ holders: this.holders }, 'another driver holds registers of this driver id');

    const ours = new Map<number, LeasedRegister>(
      [...kept, ...taken].map((register) => [register.registerId, register]),
    );
    for (const [registerId, { session }] of this.sessions) {
      const facts = ours.get(registerId);
      if (!facts || facts.fence !== session.register.fence) {
        session.kill('lease lost');
        this.sessions.delete(registerId);
      } else session.update(facts);
    }
    for (const register of ours.values()) {
      if (!this.sessions.has(register.registerId)) this.open(register);
    }
  }

  private open(register: LeasedRegister): void {
    const session = new RegisterSession(this.ports, register, {
      writer: this.writer,
      ready: () => this.claimer.kick(),
      onlineChanged: () => this.onlineChanged(),
      leaseEndsAtMs: () => this.leaseEndsAtMs,
    });
    const ended = session.run().finally(() => {
      if (this.sessions.get(register.registerId)?.session === session)
        this.sessions.delete(register.registerId);
    });
    this.sessions.set(register.registerId, { session, ended });
  }

  private async fetchAnswers(): Promise<void> {
    const waiting = [...this.all()].filter((session) => session.awaitsAnswer);
    if (waiting.length === 0) return;
    const answers = await this.ports.messages.answersFor(
      waiting.map((session) => session.register.registerId),
    );
    for (const answer of answers) this.sessions.get(answer.registerId)?.session.giveAnswer(answer);
  }

  private async fetchArchiveReads(): Promise<void> {
    const { archive } = this.ports;
    const free = [...this.all()].filter((session) => session.mayReadArchive);
    if (!archive || free.length === 0) return;
    for (const request of await archive.waitingFor(free.map((session) => session.register.registerId)))
      this.sessions.get(request.registerId)?.session.readArchive(request);
  }

  private async fetchTasks(): Promise<void> {
    const { tasks } = this.ports;
    const free = [...this.all()].filter((session) => session.mayTakeTask);
    if (!tasks || free.length === 0) return;
    for (const task of await tasks.waitingFor(free.map((session) => session.register.registerId)))
      this.sessions.get(task.register.registerId)?.session.giveTask(task);
  }

  private async fetchCommands(): Promise<void> {
    const { commands } = this.ports;
    const free = [...this.all()].filter((session) => session.mayTakeCommand);
    if (!commands || free.length === 0) return;
    for (const command of await commands.waitingFor(free.map((session) => session.register.registerId)))
      this.sessions.get(command.register.registerId)?.session.giveCommand(command);
  }

  /** Registers whose wire somebody looks at tell their traffic; the others keep nothing. */
  private async tellTraces(): Promise<void> {
    const { traces } = this.ports;
    if (!traces || this.sessions.size === 0) return;
    const active = new Map(
      (await traces.active([...this.sessions.keys()])).map(({ registerId, leftMs }) => [registerId, leftMs]),
    );
    for (const registerId of new Set([...active.keys(), ...this.traced])) {
      const session = this.sessions.get(registerId)?.session;
      const { lines } = session?.takeTrace() ?? { lines: [] };
      session?.traceFor(active.get(registerId) ?? 0);
      if (lines.length > 0) await traces.put(registerId, lines);
    }
    this.traced = [...active.keys()];
  }

  /** What the night foretold of these registers' FNs. */
  private async readForecasts(): Promise<void> {
    const ids = [...this.sessions.keys()];
    if (!this.ports.planning || ids.length === 0) return;
    const rows = await this.ports.planning.documentsPerDay(ids);
    this.claimer.perDay = new Map(rows.map(({ registerId, perDay }) => [registerId, perDay]));
  }

  private async saveStatus(): Promise<void> {
    await this.ports.registers.saveStatus([...this.all()].map((session) => session.status()));
  }

  private async saveReadings(): Promise<void> {
    await this.ports.readings?.save(
      [...this.all()].map((session) => ({
        registerId: session.register.registerId,
        values: session.snapshotReadings(),
      })),
    );
  }

  /** A register that went silent or came back is told sooner than the others: somebody may be waiting for it. */
  private async saveChangedStatus(): Promise<void> {
    const changed: RegisterStatus[] = [];
    for (const session of this.all()) {
      const { registerId } = session.register;
      const isOnline = session.view.online;
      if (this.toldOnline.get(registerId) === isOnline) continue;
      this.toldOnline.set(registerId, isOnline);
      changed.push(session.status());
    }
    await this.ports.registers.saveStatus(changed, true);
  }

  /** A dead switch takes hundreds within milliseconds: they are told of together, and at once. */
  private onlineChanged(): void {
    if (!this.isTelling || this.abort.signal.aborted) return;
    this.gathering ??= this.ports.clock.setTimer(gatherMs, () => {
      this.gathering = undefined;
      if (this.abort.signal.aborted) return;
      void this.saveChangedStatus().catch((error: Error) =>
        this.ports.log.warn(
          { err: error.message },
          'registers that went silent or came back are not told of yet',
        ),
      );
    });
  }
}
