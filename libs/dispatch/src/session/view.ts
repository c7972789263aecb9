import type { Clock, FfdVersion } from '@kkt/contracts';
import { FarmError } from '@kkt/contracts';
import type { FnLife, FnState, OfdQueueState, ReceiptContext, ShiftState } from '@kkt/kkt-driver';
import type { RegisterStatus } from '@kkt/storage';
import { fromLocal } from '../local-time';
import type { DispatchPorts, LeasedRegister } from '../ports';
import { fnProblem } from './fn-watch';

/** A register of a group with a queue has its next receipt sooner than this. */
export const justSoldMs = 150;

/** What a session knows about its register; decisions about taking receipts are read off here. */
export class RegisterView {
  online = false;
  serving = false;
  stopping = false;
  stuck = false;
  /** Facts must be read again from the device before the next receipt. */
  stale = true;
  shiftWanted = false;
  problem: string | null = null;
  busyWith: string | undefined;
  lastFd = 0;
  receiptsDone = 0;
  state: FnState | undefined;
  life: FnLife | undefined;
  queue: OfdQueueState | undefined;
  shift: ShiftState | undefined;
  clockOffsetMs: number | null = null;
  checkedAtMs = -Infinity;
  /** When the FN was last asked whether it lives. */
  lookedAtMs = -Infinity;
  private restUntilMs = -Infinity;
  /** Left alone until facts change: the FN's queue for the operator as it was read first behind the refusal. */
  private left: { unsent?: number } | undefined;
  private lastReceiptAtMs = -Infinity;
  private madeSinceLife = 0;

  constructor(public register: LeasedRegister) {}

  update(register: LeasedRegister): void {
    const before = this.register;
    const isMoved = before.operatorChange !== null && register.operatorChange === null;
    if (register.state !== before.state || register.group?.id !== before.group?.id || isMoved)
      this.left = undefined;
    this.register = register;
  }

  get fnNumber(): string {
    return this.state?.fnNumber ?? '';
  }

  get shiftOpen(): boolean {
    return this.shift?.open ?? false;
  }

  /** The FN's limits with the documents made since they were read. */
  private get lifeNow(): FnLife | undefined {
    const { life } = this;
    if (!life || life.documentsLeft === undefined) return life;
    return { ...life, documentsLeft: life.documentsLeft - this.madeSinceLife };
  }

  /** Documents the FN still takes; undefined when it does not say. */
  get documentsLeft(): number | undefined {
    return this.lifeNow?.documentsLeft;
  }

  /** The device or its FN refuses to work, so that no session comes about: its own reason. */
  get refusing(): string | undefined {
    return !this.serving && this.problem?.startsWith('DEVICE-') ? this.problem : undefined;
  }

  /** Why no receipt may be given to this register now; undefined when one may. */
  obstacle(ports: Pick<DispatchPorts, 'clock' | 'settings'>): string | undefined {
    const { register } = this;
    if (register.state !== 'ready' || !register.group) return register.state;
    if (this.stuck) return 'in_doubt';
    if (register.operatorChange) return 'operator_change';
    if (this.refusing) return this.refusing;
    if (!this.state || this.stale) return 'checking';
    if (this.left) return this.problem ?? 'left';
    if (ports.clock.monotonicMs() < this.restUntilMs) return this.problem ?? 'resting';
    return fnProblem(
      { state: this.state, life: this.lifeNow, queue: this.queue },
      ports.clock.nowMs(),
      ports.settings,
    );
  }

  eligible(ports: Pick<DispatchPorts, 'clock' | 'settings'>): boolean {
    return !this.stopping && this.obstacle(ports) === undefined;
  }

  /** Leaves the register alone: for a while, or until its facts change. */
  rest(
    ports: Pick<DispatchPorts, 'clock' | 'settings'>,
    reason: string,
    how: 'pause' | 'leave-dispatch' | 'stop',
  ): void {
    this.problem = reason;
    if (how === 'pause') this.restUntilMs = ports.clock.monotonicMs() + ports.settings.reconnectMaxMs;
    else this.left = {};
  }

  /**
   * The FN's facts were read again. A register that was left after a refusal comes back when the FN itself names the
   * trouble, which then holds as long as the FN says so, or when the operator has taken documents since.
   */
  factsRead(ports: Pick<DispatchPorts, 'clock' | 'settings'>): void {
    if (!this.left || !this.state) return;
    const seen = { state: this.state, life: this.lifeNow, queue: this.queue };
    const unsent = this.queue?.unsent ?? 0;
    this.left.unsent ??= unsent;
    const isNamed = fnProblem(seen, ports.clock.nowMs(), ports.settings) !== undefined;
    if (!isNamed && unsent >= this.left.unsent) return;
    this.left = undefined;
    this.problem = null;
  }

  lifeRead(life: FnLife): void {
    this.life = life;
    this.madeSinceLife = 0;
  }

  documentMade(): void {
    this.madeSinceLife += 1;
  }

  receiptMade(clock: Clock): void {
    this.documentMade();
    this.receiptsDone += 1;
    this.lastReceiptAtMs = clock.monotonicMs();
    this.problem = null;
  }

  /** A receipt was made within the last second: more are likely to follow. */
  underLoad(clock: Clock): boolean {
    return clock.monotonicMs() - this.lastReceiptAtMs < 1_000;
  }

  /** How long nothing has shown that the FN lives: no receipt, no reading, no look. */
  fnSilentMs(clock: Clock): number {
    return clock.monotonicMs() - Math.max(this.lastReceiptAtMs, this.checkedAtMs, this.lookedAtMs);
  }

  /** A receipt has just been made: when others wait, one is on its way here. */
  justSold(clock: Clock): boolean {
    return clock.monotonicMs() - this.lastReceiptAtMs < justSoldMs;
  }

  receiptContext(): ReceiptContext {
    const { register } = this;
    if (!register.group || !register.rnm || !register.ffd) {
      throw new FarmError('SYS-REGISTER-FACTS', 'The register has no registration data', {
        serial: register.serial,
      });
    }
    return {
      ffd: register.ffd as FfdVersion,
      inn: register.group.inn,
      rnm: register.rnm,
      place: register.group.paymentAddress,
      address: register.group.address,
      fnsSite: register.group.fnsSite,
      ofdInn: register.group.ofdInn,
      senderEmail: register.group.senderEmail ?? undefined,
      taxSystems: register.group.taxSystems,
      machineNumber: register.machineNumber ?? undefined,
    };
  }

  status(ports: Pick<DispatchPorts, 'clock' | 'settings'>, unsent: number): RegisterStatus {
    const offset = ports.settings.deviceUtcOffsetMin;
    const moment = (local: string | undefined): string | null =>
      local ? new Date(fromLocal(local, offset)).toISOString() : null;
    const obstacle = this.online ? this.obstacle(ports) : undefined;
    return {
      registerId: this.register.registerId,
      online: this.online,
      problem:
        this.online && this.register.state === 'ready' && obstacle !== 'checking'
          ? (obstacle ?? null)
          : this.problem,
      fnNumber: this.state?.fnNumber ?? null,
      fnPhase: this.state?.phase ?? null,
      fnWarnings: this.state?.warnings ?? null,
      lastFd: this.state ? this.lastFd : null,
      documentsLeft: this.lifeNow?.documentsLeft ?? null,
      validUntil: this.life?.validUntil ?? null,
      shiftOpen: this.shift?.open ?? null,
      shiftNumber: this.shift?.number ?? null,
      shiftExpiresAt: this.shift?.open ? moment(this.shift.expiresAt) : null,
      unsent: this.state ? unsent : null,
      firstUnsentAt: unsent > 0 ? moment(this.queue?.firstAt) : null,
      clockOffsetMs: this.clockOffsetMs,
      receiptsDone: this.receiptsDone,
      registrationsLeft: this.life?.registrationsLeft ?? null,
    };
  }
}
