import { FarmError, isDeviceRefusal, sleep } from '@kkt/contracts';
import type { FiscalDevice, TraceLine } from '@kkt/kkt-driver';
import type { ArchiveReadRequest, RegisterCommand, RegisterStatus, RegisterTask } from '@kkt/storage';
import type { MetricValues } from '@kkt/readings';
import type { Assignment, DispatchPorts, LeasedRegister, OfdAnswer, OpenIntent } from '../ports';
import { ArchiveDuty } from './archive-duty';
import { Attempts } from './attempts';
import { CommandDuty } from './command-duty';
import { Duties } from './duties';
import { FnDuty } from './fn-duty';
import { IdentityCheck } from './identity-check';
import { Mailbox } from './mailbox';
import { NoticePump } from './notice-pump';
import { OfdPump } from './ofd-pump';
import { Prover, type CompletionWriter } from './prover';
import { ReadingsDuty } from './readings-duty';
import { Sale } from './sale';
import { Settlement } from './settlement';
import { TextDuty } from './text-duty';
import { justSoldMs, RegisterView } from './view';

/** What a session needs from the driver that runs it. */
export interface SessionHost {
  writer: CompletionWriter;
  /** The session may take a receipt, or could after opening a shift. */
  ready(session: RegisterSession): void;
  /** Its register went silent or came back. */
  onlineChanged(): void;
  /** End of the lease by the monotonic clock, guard already taken off. */
  leaseEndsAtMs(): number;
}

/**
 * The life of one register under lease: connect, compare with the inventory, settle what was left open, then serve
 * receipts one at a time, with shift reports, clock and operator exchange in between. It alone talks to the module.
 */
export class RegisterSession {
  readonly view: RegisterView;
  /** Handed to a claim that is under way: no fiscal document may be made until `assign` or `unreserve`. */
  reserved = false;
  private readonly abort = new AbortController();
  private readonly mail: Mailbox;
  private readonly device: FiscalDevice;
  private readonly prover: Prover;
  private readonly pump: OfdPump;
  private readonly notices: NoticePump;
  private readonly identityCheck: IdentityCheck;
  private readonly duties: Duties;
  private readonly archive: ArchiveDuty;
  private readonly readings: ReadingsDuty;
  private readonly fnDuty: FnDuty;
  private readonly texts: TextDuty;
  private readonly attempts: Attempts;
  private readonly settlement: Settlement;
  private readonly sale: Sale;
  private readonly commands: CommandDuty;
  private job: Assignment | undefined;
  private recheck = false;
  /** The loop is asleep: nothing is under way with the device, so what the view says is true. */
  private atRest = false;

  constructor(
    private readonly ports: DispatchPorts,
    register: LeasedRegister,
    private readonly host: SessionHost,
  ) {
    this.view = new RegisterView(register);
    this.mail = new Mailbox(ports.clock);
    this.device = ports.device(register, () => this.assertLease());
    this.prover = new Prover(ports, register, this.device, host.writer, this.abort.signal);
    this.pump = new OfdPump(ports, register, this.device, this.abort.signal);
    this.notices = new NoticePump(
      ports,
      () => this.register,
      this.device,
      () => this.mail.poke(),
    );
    this.duties = new Duties(ports, this.view, this.device, this.prover, this.pump, this.abort.signal);
    this.identityCheck = new IdentityCheck(ports, this.view, this.device);
    this.archive = new ArchiveDuty(ports, this.device);
    this.readings = new ReadingsDuty(ports, this.view, this.device);
    this.fnDuty = new FnDuty(
      ports,
      this.view,
      this.device,
      this.duties,
      this.pump,
      (job) => this.sale.make(job),
      this.abort.signal,
    );
    this.attempts = new Attempts(ports, this.view, this.abort.signal);
    this.settlement = new Settlement(ports, this.view, this.prover, this.attempts, this.duties);
    this.texts = new TextDuty(ports, this.device, this.prover);
    const followers = { pump: this.pump, notices: this.notices, texts: this.texts };
    this.sale = new Sale(ports, this.view, this.device, this.prover, this.attempts, followers, () =>
      this.assertLease(),
    );
    this.commands = new CommandDuty(
      ports,
      this.view,
      this.device,
      this.duties,
      this.settlement,
      this.abort.signal,
    );
  }

  get register(): LeasedRegister {
    return this.view.register;
  }

  get groupId(): number | undefined {
    return this.register.group?.id;
  }

  /** May be given a receipt now. */
  get available(): boolean {
    return this.free && this.view.shiftOpen;
  }

  /** Could take receipts after opening a shift. */
  get sleeping(): boolean {
    return this.free && !this.view.shiftOpen;
  }

  private get free(): boolean {
    return this.atRest && this.view.serving && !this.reserved && !this.job && this.view.eligible(this.ports);
  }

  get awaitsAnswer(): boolean {
    return this.pump.awaitsAnswer;
  }

  /** Asks a sleeping register to open its shift. */
  wakeUp(): void {
    this.view.shiftWanted = true;
    this.mail.poke();
  }

  assign(job: Assignment): void {
    this.reserved = false;
    this.job = job;
    // The session may have broken off while the claim was under way.
    if (this.view.serving) this.mail.poke();
    else void this.giveBack();
  }

  /** Nothing was given. `unsure`: the claim may have been stored although its answer was lost. */
  unreserve(unsure = false): void {
    this.reserved = false;
    this.recheck ||= unsure;
    this.mail.poke();
  }

  giveAnswer(answer: OfdAnswer): void {
    this.pump.giveAnswer(answer);
    this.mail.poke();
  }

  /** Could read its archive for somebody. */
  get mayReadArchive(): boolean {
    return this.view.serving && this.archive.isFree;
  }

  readArchive(request: ArchiveReadRequest): void {
    if (this.archive.give(request)) this.mail.poke();
  }

  /** Could do something for a workflow. */
  get mayTakeTask(): boolean {
    return this.view.serving && !this.view.stuck && this.fnDuty.isFree;
  }

  giveTask(task: RegisterTask): void {
    if (this.view.serving && this.fnDuty.give(task)) this.mail.poke();
  }

  /** Could carry out an order of an engineer; also a register that waits for a decision. */
  get mayTakeCommand(): boolean {
    return this.view.serving && this.commands.isFree;
  }

  giveCommand(command: RegisterCommand): void {
    if (this.view.serving && this.commands.give(command)) this.mail.poke();
  }

  /** Keeps the wire's traffic for so long; 0 stops it. */
  traceFor(ms: number): void {
    this.device.trace?.keepFor(ms);
  }

  /** The traffic kept since it was last asked for. */
  takeTrace(): { lines: TraceLine[]; lost: number } {
    return this.device.trace?.take() ?? { lines: [], lost: 0 };
  }

  /** New facts of the register from the inventory (state, group, registration). */
  update(register: LeasedRegister): void {
    this.view.update(register);
    this.mail.poke();
  }

  status(): RegisterStatus {
    return this.view.status(this.ports, this.pump.unsent);
  }

  /** The last readings, by the keys of the table of readings. */
  snapshotReadings(): MetricValues {
    return this.readings.snapshot();
  }

  /** Finishes the receipt in hand and ends. */
  stop(): void {
    this.view.stopping = true;
    this.mail.poke();
  }

  /** Ends at once: the lease is lost or the time for a clean stop is over. */
  kill(reason: string): void {
    this.view.stopping = true;
    this.abort.abort(new FarmError('SYS-SESSION-ENDED', reason));
    this.mail.poke();
  }

  /** Runs until stopped; never rejects. */
  async run(): Promise<void> {
    const { clock, log, random, settings } = this.ports;
    let delayMs = settings.reconnectMinMs;
    while (!this.view.stopping) {
      try {
        await this.device.connect(this.abort.signal);
        this.view.online = true;
        this.host.onlineChanged();
        await this.recover();
        delayMs = settings.reconnectMinMs;
        await this.serve();
      } catch (error) {
        if (this.abort.signal.aborted) break;
        this.view.problem = error instanceof FarmError ? error.code : 'SYS-SESSION';
        log.warn(
          {
            registerId: this.register.registerId,
            serial: this.register.serial,
            err: (error as Error).message,
          },
          'session broke off',
        );
      } finally {
        this.view.serving = false;
        this.view.busyWith = undefined;
        this.fnDuty.forget();
        this.commands.forget();
        await this.giveBack();
        this.view.online = false;
        this.host.onlineChanged();
        await this.device.disconnect().catch(() => undefined);
      }
      if (this.view.stopping) break;
      await sleep(clock, delayMs * (0.75 + random.next() / 2), this.abort.signal).catch(() => undefined);
      delayMs = Math.min(delayMs * 2, settings.reconnectMaxMs);
    }
  }

  private assertLease(): void {
    if (this.abort.signal.aborted || this.ports.clock.monotonicMs() >= this.host.leaseEndsAtMs()) {
      throw new FarmError('SYS-LEASE-ENDED', 'The lease has ended: nothing more is written to the module', {
        serial: this.register.serial,
      });
    }
  }

  /** Before anything is written: the right module, the right FN, nothing left open, no unexplained document. */
  private async recover(): Promise<void> {
    const identity = await this.identityCheck.pass();
    const intent = await this.ports.store.openIntent(this.register.registerId);
    const isOther = this.register.state === 'swap' && identity.fnNumber !== this.register.fnNumber;
    if (isOther && intent?.fnNumber !== identity.fnNumber)
      return this.serveOtherFn(identity.fnNumber, intent);
    if (intent?.state === 'open') await this.settlement.settle(intent);
    this.view.stuck = intent?.state === 'stuck';
    this.recheck = false;
    await this.duties.refresh();
    await this.duties.compareWithDatabase();
    const { fnNumber, queue, lastFd } = this.view;
    if (queue) await this.pump.catchUp(fnNumber, queue, lastFd);
    this.notices.reset();
    await this.texts.begin(fnNumber);
    if (this.view.state?.openDocument && !this.view.stuck) {
      await this.device.cancelDocument();
      await this.duties.refresh();
    }
  }

  /** The FN is being changed and the slot is empty or holds another one: only the workflow's tasks are done. */
  private serveOtherFn(fnNumber: string, intent: OpenIntent | undefined): void {
    if (intent) {
      const context = { fnNumber, intended: intent.fnNumber };
      throw new FarmError('DOUBT-FN-AWAY', 'The FN of the intent is not in the slot', context);
    }
    this.view.state = undefined;
    this.view.life = undefined;
    this.view.shift = undefined;
    this.view.queue = undefined;
    this.view.lastFd = 0;
    this.pump.reset();
    this.texts.reset();
    this.recheck = false;
    this.view.stuck = false;
  }

  private async serve(): Promise<void> {
    const { clock, settings } = this.ports;
    this.view.problem = null;
    this.view.serving = true;
    let lost: Error | undefined;
    void this.device.lost.then((error) => {
      lost = error;
      this.mail.poke();
    });
    while (!this.view.stopping || this.job) {
      if (lost) throw lost;
      this.assertLease();
      if (this.job) {
        const job = this.job;
        this.job = undefined;
        await this.sale.make(job);
        continue;
      }
      if (!this.reserved && this.commands.due) {
        await this.commands.step();
        continue;
      }
      if (this.recheck) throw new FarmError('SYS-RECHECK', 'A claim may have been stored without an answer');
      if (!this.reserved && (await this.dutyDone())) continue;
      if (!this.reserved && this.fnDuty.due()) {
        await this.fnDuty.step();
        continue;
      }
      if (!this.reserved && this.duties.lookDue()) await this.duties.look();
      if (this.pump.due(this.reserved || this.view.justSold(clock))) {
        await this.pump.step();
        continue;
      }
      if (!this.reserved && this.notices.due(this.view.justSold(clock))) {
        await this.notices.step();
        continue;
      }
      if (!this.reserved && this.texts.due(this.view.underLoad(clock))) {
        await this.texts.step();
        continue;
      }
      const reading = this.reserved ? undefined : this.readings.next(this.view.underLoad(clock));
      if (reading) await this.readings.step(reading);
      const readMore = !this.reserved && this.archive.due(this.view.underLoad(clock));
      if (readMore) await this.archive.step();
      this.atRest = true;
      if (this.available || this.sleeping) this.host.ready(this);
      // After a part of the archive the register is offered to receipts before the next one.
      if (readMore || reading) await this.mail.wait(settings.archivePauseMs);
      else await this.mail.wait(this.pump.due(false) ? justSoldMs : settings.statusEveryMs);
      this.atRest = false;
    }
  }

  /** A duty that the device refuses is tried again later; it does not end the session. */
  private async dutyDone(): Promise<boolean> {
    try {
      return await this.duties.next();
    } catch (error) {
      if (!isDeviceRefusal(error)) throw error;
      this.ports.log.warn(
        { registerId: this.register.registerId, err: error.message },
        'duty refused by the device',
      );
      this.view.rest(this.ports, error.code, 'pause');
      this.view.shiftWanted = false;
      return false;
    }
  }

  private async giveBack(): Promise<void> {
    const { job } = this;
    this.job = undefined;
    if (job) await this.attempts.giveBackUntouched(job);
  }
}
