import { TaskBuffer, type TaskReply, type TaskRequest } from '@kkt/atol-protocol';
import { silentLog, type Clock, type Log, type Random, type Timer } from '@kkt/contracts';
import type { KktModel } from '../catalog/kkt-model';
import { FaultBox, type ActiveFault } from '../faults/fault-box';
import { faultSpecSchema, type Fault, type FaultSpec } from '../faults/fault-spec';
import type { FiscalDrive } from '../fn/fiscal-drive';
import { Executor } from './executor';
import { actAsForeignHost } from './foreign-host';
import type { HostLink, HostSession } from './host-link';
import { KktDevice } from './kkt-device';
import type { KktMemory } from './kkt-memory';
import type { Pace } from './pace';
import { SessionV2 } from './session-v2';
import { SessionV3 } from './session-v3';
import { StandingFaults } from './standing-faults';

/** Where factory-fresh FNs come from when an experiment swaps one. */
export type FnShelf = (modelId: string | undefined) => FiscalDrive;

export interface ModuleOptions {
  serial: string;
  model: KktModel;
  fn?: FiscalDrive;
  memory: KktMemory;
  clock: Clock;
  random: Random;
  pace: Pace;
  log?: Log;
  transport?: 'v3' | 'v2';
  utcOffsetMs?: number;
  /** A task that takes no time is answered in the reply to its Add (A3, A4), not in a packet of its own. */
  directResults?: boolean;
  shelf?: FnShelf;
  /** Another FN is in the slot for good. */
  onFnChange?: (fnNumber: string) => void;
}

/** Moscow time: how modules leave the factory. */
const FACTORY_UTC_OFFSET_MS = 3 * 3_600_000;

/** State of the wire and the supply, for those who hold the port. */
export type ModuleEvent = 'powerOn' | 'powerOff' | 'unplugged' | 'plugged' | 'portTaken' | 'portFree';

/**
 * A printerless fiscal module: device, FN, task buffer, link. A port (`ports/`) connects hosts to it, one at a time;
 * a simulation does the same in memory. Everything waits on the injected clock.
 */
export class KktModule {
  readonly device: KktDevice;
  readonly faults: FaultBox;
  readonly executor: Executor;
  readonly clock: Clock;
  private buffer: TaskBuffer;
  private session: { host: HostSession; link: HostLink } | undefined;
  private powered = true;
  private plugged = true;
  /** Ticket of the task being executed. */
  private inHand: number | undefined;
  /** Task whose result is given as the reply to its Add: see `directResults`. */
  private direct: { tid: number; reply?: TaskReply } | undefined;
  private booting: Timer | undefined;
  private readonly standing: StandingFaults;
  private readonly listeners = new Set<(event: ModuleEvent) => void>();
  private readonly log: Log;

  constructor(readonly options: ModuleOptions) {
    this.clock = options.clock;
    this.log = options.log ?? silentLog;
    this.faults = new FaultBox(options.random);
    this.device = new KktDevice({
      serial: options.serial,
      model: options.model,
      memory: options.memory,
      clock: options.clock,
      utcOffsetMs: options.utcOffsetMs ?? FACTORY_UTC_OFFSET_MS,
    });
    this.device.insertFn(options.fn);
    this.buffer = this.freshBuffer();
    this.standing = new StandingFaults({
      clock: this.clock,
      fn: () => this.fn,
      changeFn: (drive) => this.changeFn(drive),
      freshFn: () => this.freshFn(undefined),
      portTaken: () => {
        this.hangUp();
        this.emit('portTaken');
      },
      portFree: () => this.emit('portFree'),
      heal: (name) => this.healName(name),
    });
    const points = {
      beforeCommit: (work: string) => this.reach('beforeCommit', work),
      afterCommit: (work: string) => this.reach('afterCommit', work),
    };
    this.executor = new Executor(this.device, this.clock, this.faults, points, this.log, options.pace);
  }

  get serial(): string {
    return this.options.serial;
  }

  /** The FN in the slot. */
  get fn(): FiscalDrive | undefined {
    return this.device.fn?.drive;
  }

  get isPowered(): boolean {
    return this.powered;
  }

  /** A host can reach it: power, cable, booted. */
  get isReachable(): boolean {
    return this.powered && this.plugged && !this.booting;
  }

  /** Another host has the port. */
  get isTaken(): boolean {
    return this.faults.find('portTaken') !== undefined;
  }

  get isPlugged(): boolean {
    return this.plugged;
  }

  get isBusy(): boolean {
    return this.executor.isBusy;
  }

  get hasHost(): boolean {
    return this.session !== undefined;
  }

  /** What the task buffer holds now. */
  get tasks(): readonly { tid: number; flags: number; state: string }[] {
    return this.buffer.entries();
  }

  onEvent(listener: (event: ModuleEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** A host comes; undefined when the module cannot be reached or talks to another host. */
  connect(link: HostLink): HostSession | undefined {
    if (!this.isReachable || this.session || this.isTaken) return undefined;
    const host = this.options.transport === 'v2' ? new SessionV2(this, link) : new SessionV3(this, link);
    this.session = { host, link };
    return host;
  }

  released(session: HostSession): void {
    if (this.session?.host === session) this.session = undefined;
  }

  handle(request: TaskRequest): TaskReply {
    if (request.type === 'add' && this.faults.take('busy')) return { status: 'overflow' };
    const reply = this.buffer.handle(request);
    const atOnce = this.options.directResults && request.type === 'add' && reply.status === 'inProgress';
    return atOnce ? this.answerAtOnce(request.tid, reply) : reply;
  }

  /** Begins the next task when none is being executed. */
  pump(): void {
    if (this.executor.isBusy) return;
    const next = this.buffer.next();
    if (!next) return;
    const { buffer } = this;
    this.inHand = next.ticket;
    this.executor.run(next.task, (outcome) => {
      this.inHand = undefined;
      const told = buffer.finish(next.ticket, outcome);
      if (outcome.silence === 'lost') buffer.handle({ type: 'ack', tid: next.tid });
      else if (told && !outcome.silence) this.tell(told);
      this.afterTask();
      this.pump();
    });
  }

  /** Transport v2: a command without the task buffer. */
  executeDirect(task: Buffer, done: (answer: Buffer | undefined) => void): void {
    this.executor.run(task, (outcome) => {
      done(outcome.silence ? undefined : outcome.answer);
      this.afterTask();
    });
  }

  powerOff(how: { taskMemory?: 'lost' | 'kept'; receipt?: 'lost' | 'kept'; forMs?: number } = {}): void {
    if (!this.powered) return;
    const { taskBuffer, quirks } = this.options.model;
    const keepTasks = how.taskMemory ? how.taskMemory === 'kept' : taskBuffer.survivesPowerOff;
    const keepReceipt = how.receipt ? how.receipt === 'kept' : quirks.receiptSurvivesPowerOff;
    this.powered = false;
    this.booting?.cancel();
    this.booting = undefined;
    const ended = this.executor.cut();
    if (!keepTasks) this.buffer = this.freshBuffer();
    else if (ended && this.inHand !== undefined) this.buffer.finish(this.inHand, ended);
    this.inHand = undefined;
    this.hangUp();
    this.device.powerOn(keepReceipt);
    this.emit('powerOff');
    if (how.forMs !== undefined) this.clock.setTimer(how.forMs, () => this.powerOn());
  }

  powerOn(): void {
    if (this.powered) return;
    this.powered = true;
    const ready = (): void => {
      this.booting = undefined;
      this.emit('powerOn');
      this.pump();
    };
    const { bootMs } = this.options.model;
    // With instant pace a module boots at once, as it does everything.
    if (bootMs === 0 || this.executor.pace.receiptMs === 0) ready();
    else this.booting = this.clock.setTimer(bootMs, ready);
  }

  unplug(forMs?: number): void {
    if (!this.plugged) return;
    this.plugged = false;
    this.hangUp();
    this.emit('unplugged');
    if (forMs !== undefined) this.clock.setTimer(forMs, () => this.replug());
  }

  replug(): void {
    if (this.plugged) return;
    this.plugged = true;
    this.emit('plugged');
  }

  /** Puts a fault in force, or does it at once when it is an event. Returns what to remove it by. */
  inject(spec: FaultSpec): ActiveFault {
    const fault = faultSpecSchema.parse(spec);
    const at = 'at' in fault ? fault.at : undefined;
    const added = this.faults.add(spec);
    if ((at === 'idle' && fault.name !== 'hang') || this.isEvent(fault)) {
      this.faults.remove(added.id);
      added.fired = 1;
      this.happen(fault);
    } else this.standing.begin(fault);
    return added;
  }

  /** Removes faults and takes back what they hold in force; all of them when no id is given. */
  heal(id?: number): number {
    const gone = this.faults.list().filter((entry) => id === undefined || entry.id === id);
    for (const entry of gone) {
      this.faults.remove(entry.id);
      this.standing.end(entry.fault);
    }
    return gone.length;
  }

  /** Releases files; the module is not used any more. */
  dispose(): void {
    this.executor.cut();
    this.booting?.cancel();
    this.hangUp();
    this.fn?.close();
    this.standing.dispose();
  }

  /** Moves an FN into the slot, or takes the one there out. */
  changeFn(drive: FiscalDrive | undefined): FiscalDrive | undefined {
    const before = this.fn;
    this.device.insertFn(drive);
    return before;
  }

  /** An engineer changes what is in the slot, with the power of the slot off. Returns what was in it. */
  exchangeFn(drive: FiscalDrive | undefined): FiscalDrive | undefined {
    const wasOn = this.powered;
    this.powerOff();
    const before = this.changeFn(drive);
    this.options.onFnChange?.(drive?.fnNumber ?? '');
    if (wasOn) this.powerOn();
    return before;
  }

  /** Executes the task now; when it is done without waiting, its result is the reply. */
  private answerAtOnce(tid: number, otherwise: TaskReply): TaskReply {
    const direct: { tid: number; reply?: TaskReply } = { tid };
    this.direct = direct;
    this.pump();
    this.direct = undefined;
    return direct.reply ?? otherwise;
  }

  private freshBuffer(): TaskBuffer {
    const { tasks, bytes } = this.options.model.taskBuffer;
    return new TaskBuffer({ maxTasks: tasks, maxBytes: bytes });
  }

  private tell(reply: TaskReply): void {
    if ((reply.status === 'asyncResult' || reply.status === 'asyncError') && reply.tid === this.direct?.tid) {
      const status = reply.status === 'asyncResult' ? 'result' : 'error';
      this.direct.reply = { status, answer: reply.answer };
      return;
    }
    const host = this.session?.host;
    if (host instanceof SessionV3) host.tell(reply);
  }

  private afterTask(): void {
    const request = this.device.powerRequest;
    this.device.powerRequest = undefined;
    if (request === 'off') this.powerOff();
    if (request === 'reboot') {
      this.powerOff();
      this.powerOn();
    }
  }

  private hangUp(): void {
    const { session } = this;
    this.session = undefined;
    session?.host.closed();
    session?.link.hangUp();
  }

  private emit(event: ModuleEvent): void {
    this.log.info({ serial: this.serial, event }, 'module');
    for (const listener of this.listeners) listener(event);
  }

  /** A task reached a point; false when it may not go on. */
  private reach(point: 'beforeCommit' | 'afterCommit', work: string): boolean {
    if (this.faults.isEmpty) return true;
    const here = (fault: { at: string; command?: string }): boolean =>
      fault.at === point && (fault.command === undefined || fault.command === work);
    const foreign = this.faults.take('foreignHost', here);
    if (foreign) this.happen(foreign);
    const unplug = this.faults.take('unplug', here);
    if (unplug) this.happen(unplug);
    const power = this.faults.take('powerOff', here);
    if (power) this.happen(power);
    const hang = this.faults.take('hang', here);
    if (hang) this.freeze(hang.forMs);
    return !power && !hang;
  }

  /** The firmware stops in the middle of a task, which therefore never ends. */
  private freeze(forMs: number | undefined): void {
    this.executor.cut();
    this.inHand = undefined;
    this.inject({ name: 'hang', forMs });
  }

  private isEvent({ name }: Fault): boolean {
    return name === 'clockJump' || name === 'insertFn' || name === 'replug';
  }

  private happen(fault: Fault): void {
    switch (fault.name) {
      case 'powerOff':
        return this.powerOff({ taskMemory: fault.taskMemory, receipt: fault.receipt, forMs: fault.forMs });
      case 'unplug':
        return this.unplug(fault.forMs);
      case 'replug':
        return this.replug();
      case 'clockJump':
        return this.device.setClock(this.device.now() + fault.byMs);
      case 'insertFn':
        this.changeFn(this.freshFn(fault.model))?.close();
        if (this.fn) this.options.onFnChange?.(this.fn.fnNumber);
        return;
      case 'foreignHost':
        if (fault.does === 'abort') this.buffer.handle({ type: 'abort' });
        else actAsForeignHost(this.device, fault.does);
        return;
      default:
        return;
    }
  }

  private healName(name: Fault['name']): void {
    for (const { id, fault } of [...this.faults.list()]) if (fault.name === name) this.heal(id);
  }

  private freshFn(model: string | undefined): FiscalDrive {
    const { shelf } = this.options;
    if (!shelf) throw new Error('this module has no shelf of spare FNs');
    return shelf(model);
  }
}
