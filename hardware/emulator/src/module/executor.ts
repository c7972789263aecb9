import { decodeTask, encodeDeviceError } from '@kkt/atol-protocol';
import { FarmError, type Clock, type Log, type Timer } from '@kkt/contracts';
import type { FaultBox } from '../faults/fault-box';
import { FnRefusal } from '../fn/refusal';
import type { CommandHandler } from './command-handler';
import { handlerByCode } from './commands';
import type { KktDevice } from './kkt-device';
import { workName, type Pace } from './pace';
import { DEVICE_ERROR, DeviceRefusal, deviceRefusalOf } from './refusal';

export interface TaskOutcome {
  ok: boolean;
  answer: Buffer;
  /** The command did it and the host is not told; `lost`: nor does the task buffer remember. */
  silence?: 'kept' | 'lost';
}

/** What the module around the executor does at the points of a task. */
export interface TaskPoints {
  /** False: power or link went, nothing more happens with this task. */
  beforeCommit(work: string): boolean;
  afterCommit(work: string): boolean;
}

/** Commands answered while a report is being made behind the answer. */
const WHILE_REPORTING: ReadonlySet<string> = new Set([
  'stateCode',
  'status',
  'deviceType',
  'versions',
  'lastError',
]);
/** 3.2 and 7.1, 2.2: what 45 shows meanwhile. */
const REPORT_SUBMODE = 2;
const CLEARING_MODE = 7;
const CLEARING_SUBMODE = 1;
/** Part of a report's time spent in 3.2 (2.2) before the FN's commit; the rest is 7.1. */
const NO_PASSWORD = 0;

/**
 * Executes one task at a time: wait, do, make durable, wait, answer. The doing is synchronous, so a task has either
 * happened whole or not at all whenever power goes.
 */
export class Executor {
  private timer: Timer | undefined;
  /** Grows when power goes: what was begun before must not go on. */
  private life = 0;
  private working = false;
  /** Outcome of the task in hand, once it has done its work and before it is told. */
  private reached: TaskOutcome | undefined;

  constructor(
    private readonly device: KktDevice,
    private readonly clock: Clock,
    private readonly faults: FaultBox,
    private readonly points: TaskPoints,
    private readonly log: Log,
    public pace: Pace,
  ) {}

  get isBusy(): boolean {
    return this.working;
  }

  /**
   * Power went: the task in hand is over, whatever it has done so far stays done. Returns how the task ended, for a
   * buffer that outlives the cut: its own outcome when it had one, else "previous operation unfinished".
   */
  cut(): TaskOutcome | undefined {
    const ended = this.working ? (this.reached ?? refusal(DEVICE_ERROR.operationUnfinished)) : undefined;
    this.reached = undefined;
    this.life += 1;
    this.timer?.cancel();
    this.timer = undefined;
    this.working = false;
    return ended;
  }

  /** `task` is password and command as both transports carry it; `done` is not called when power went meanwhile. */
  run(task: Buffer, done: (outcome: TaskOutcome) => void): void {
    const { life } = this;
    const parsed = this.parse(task);
    if ('answer' in parsed) return done(parsed);
    const { handler, request } = parsed;
    const work = workName(handler.name, request);
    const time = this.pace.timeOf(work);
    this.working = true;
    this.after(time.beforeMs, life, () => {
      if (
        this.faults.take(
          'loseAnswerBeforeCommit',
          (fault) => fault.command === undefined || fault.command === work,
        )
      ) {
        this.working = false;
        return done({ ok: true, answer: Buffer.alloc(0), silence: 'lost' });
      }
      if (!this.points.beforeCommit(work) || life !== this.life) return;
      const documents = this.documents;
      const reporting = this.device.background !== undefined;
      let outcome = this.execute(handler, request);
      const behind = this.device.model.quirks.reportsInBackground && this.pace.receiptMs > 0;
      if (this.device.background && !reporting && !behind) {
        outcome = this.commitReport(request) ?? outcome;
        this.device.background = undefined;
      }
      this.reached = outcome;
      const committed = this.documents !== documents;
      if (committed && (!this.points.afterCommit(work) || life !== this.life)) return;
      if (
        !committed &&
        outcome.ok &&
        this.isPointOf(work) &&
        (!this.points.afterCommit(work) || life !== this.life)
      )
        return;
      const lose = this.faults.take('loseAnswerAfterCommit', (fault) =>
        fault.command === undefined ? committed : fault.command === work,
      );
      this.whenDurable(() =>
        this.after(time.afterMs, life, () => {
          this.working = false;
          this.reached = undefined;
          if (this.device.background && !reporting) this.makeReport(work, request);
          done(lose ? { ...outcome, silence: lose.result } : outcome);
        }),
      );
    });
  }

  /** A fault names this command although it makes no document. */
  private isPointOf(work: string): boolean {
    return this.faults
      .list()
      .some(({ fault }) => 'at' in fault && fault.at === 'afterCommit' && fault.command === work);
  }

  private get documents(): number {
    return this.device.fn?.drive.state.lastFd ?? 0;
  }

  private parse(task: Buffer): TaskOutcome | { handler: CommandHandler; request: Buffer } {
    let password: number;
    let request: Buffer;
    try {
      ({ password, body: request } = decodeTask(task));
    } catch {
      return refusal(DEVICE_ERROR.badFormat);
    }
    const handler = handlerByCode(request[0] ?? 0);
    if (!handler) return this.refuse(request, new DeviceRefusal(DEVICE_ERROR.badCommand, 'unknown command'));
    if (password !== NO_PASSWORD) {
      return this.refuse(request, new DeviceRefusal(DEVICE_ERROR.badPassword, 'access password'));
    }
    return { handler, request };
  }

  private execute(handler: CommandHandler, request: Buffer): TaskOutcome {
    const { device } = this;
    try {
      if (device.background && !WHILE_REPORTING.has(handler.name)) {
        throw new DeviceRefusal(DEVICE_ERROR.wrongMode, 'a report is being made');
      }
      if (handler.modes && !handler.modes.includes(device.mode)) {
        throw new DeviceRefusal(DEVICE_ERROR.wrongMode, `mode ${device.mode}`);
      }
      return { ok: true, answer: handler.run(device, tolerant(request)) };
    } catch (error) {
      return this.refuse(request, error);
    }
  }

  private refuse(request: Buffer, error: unknown): TaskOutcome {
    const said = this.asRefusal(request, error);
    this.device.lastError = {
      command: request[0] ?? 0,
      code: said.code,
      ext: said.ext,
      extended: said.extended,
    };
    return refusal(said.code, said.ext);
  }

  private asRefusal(request: Buffer, error: unknown): DeviceRefusal {
    if (error instanceof DeviceRefusal) return error;
    if (error instanceof FnRefusal) return deviceRefusalOf(error);
    if (error instanceof FarmError && error.code === 'WIRE-MALFORMED') {
      return new DeviceRefusal(DEVICE_ERROR.badLength, error.message);
    }
    if (
      error instanceof FarmError &&
      (error.code.startsWith('CLIENT-TLV') || error.code === 'SYS-UNENCODABLE')
    ) {
      return new DeviceRefusal(DEVICE_ERROR.badFormat, error.message);
    }
    this.log.error(
      { serial: this.device.options.serial, request: request.toString('hex'), error },
      'command failed',
    );
    return new DeviceRefusal(DEVICE_ERROR.badCommand, 'inner fault');
  }

  /** The report goes on behind its answer: 3.2 until the commit, 7.1 until the end. */
  private makeReport(work: string, request: Buffer): void {
    const { device, life } = this;
    const { beforeMs, afterMs } = this.pace.timeOf(work);
    device.submode = REPORT_SUBMODE;
    this.after(beforeMs, life, () => {
      if (!this.points.beforeCommit(work) || life !== this.life) return;
      const { mode } = device;
      this.commitReport(request);
      if (!this.points.afterCommit(work) || life !== this.life) return;
      if (work === 'closeShift') {
        device.mode = CLEARING_MODE;
        device.submode = CLEARING_SUBMODE;
      }
      this.whenDurable(() =>
        this.after(afterMs, life, () => {
          device.background = undefined;
          device.mode = mode;
          device.submode = 0;
        }),
      );
    });
  }

  /** Makes the report's document, if it has one; the refusal when the FN says no. */
  private commitReport(request: Buffer): TaskOutcome | undefined {
    const { background } = this.device;
    try {
      if (background === 'shiftClose') this.device.makeReport('shiftClose', (drive) => drive.finishShift());
      if (background === 'settlement')
        this.device.makeReport('settlement', (drive) => drive.finishSettlement());
      return undefined;
    } catch (error) {
      return this.refuse(request, error);
    }
  }

  private whenDurable(then: () => void): void {
    const drive = this.device.fn?.drive;
    if (!drive) return then();
    drive.flush(then);
  }

  private after(delayMs: number, life: number, then: () => void): void {
    const slow = this.faults.isEmpty ? undefined : this.faults.find('slow');
    const waitMs = slow ? delayMs * slow.factor : delayMs;
    if (waitMs <= 0) {
      if (life === this.life) then();
      return;
    }
    this.timer = this.clock.setTimer(waitMs, () => {
      if (life === this.life) then();
    });
  }
}

const refusal = (code: number, ext = 0): TaskOutcome => ({ ok: false, answer: encodeDeviceError(code, ext) });

const END_ITEM = 0xeb;
/** Fixed part of EB before the two reserved bytes: command, flags, 7+5+7 sums, tax 1+7, section, subject, method, 1+7. */
const END_ITEM_FIXED = 40;

/** One client leaves out the two reserved bytes of EB: then text stands there, which never begins with a zero byte. */
function tolerant(request: Buffer): Buffer {
  if (request[0] !== END_ITEM || request.length < END_ITEM_FIXED || request[END_ITEM_FIXED] === 0)
    return request;
  return Buffer.concat([
    request.subarray(0, END_ITEM_FIXED),
    Buffer.alloc(2),
    request.subarray(END_ITEM_FIXED),
  ]);
}
