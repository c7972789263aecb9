import { failPoint, FarmError, isDeviceRefusal } from '@kkt/contracts';
import type { FiscalDevice, FnState, RegistrationData } from '@kkt/kkt-driver';
import type { IntentKind } from '@kkt/storage';
import { untilStored } from '../database-wait';
import { fromLocal, toLocal } from '../local-time';
import type { DispatchPorts } from '../ports';
import type { OfdPump } from './ofd-pump';
import { OperatorMover } from './operator-move';
import type { Prover } from './prover';
import type { RegisterView } from './view';

const DAY_MS = 86_400_000;
const MAX_READINGS = 5;
/** Tag 1205: the operator is another one. */
const OPERATOR_CHANGED = 0x2;

function markReport(kind: IntentKind, at: 'intended' | 'answered' | 'proven'): void {
  if (kind === 'open_shift') failPoint(`open-shift-${at}`);
  else if (kind === 'close_shift') failPoint(`close-shift-${at}`);
}

/** What a register must do besides selling: registration, shifts, clock, readings. */
export class Duties {
  private readonly mover: OperatorMover;

  constructor(
    private readonly ports: DispatchPorts,
    private readonly view: RegisterView,
    private readonly device: FiscalDevice,
    private readonly prover: Prover,
    private readonly pump: OfdPump,
    private readonly signal: AbortSignal,
  ) {
    const steps = { closeShift: () => this.closeShift(), report: () => this.reportOperator() };
    this.mover = new OperatorMover(ports, view, device, pump, steps, signal);
  }

  /** Does the one most urgent duty; false when there is none. */
  async next(): Promise<boolean> {
    const { view } = this;
    const { clock, settings } = this.ports;
    const { state } = view.register;
    // A register whose FN is being changed does what its workflow asks, and nothing by itself.
    if (view.stuck || state === 'swap') return false;
    if (view.stale || clock.monotonicMs() - view.checkedAtMs >= settings.checkEveryMs) {
      await this.refresh();
      return true;
    }
    if (state === 'registering' && view.state?.phase === 1) {
      await this.registerFn();
      return true;
    }
    if (state === 'registering' && view.state?.phase === 3) {
      await this.becomeReady();
      return true;
    }
    if (state !== 'ready' && state !== 'paused') return false;
    if (view.register.operatorChange) return this.mover.step();
    if (state !== 'ready') return false;
    if (this.shiftCloseDue()) {
      await this.closeShift();
      return true;
    }
    if (view.shiftWanted && !view.shiftOpen && view.eligible(this.ports)) {
      await this.openShift();
      return true;
    }
    return false;
  }

  /** Reads everything that decisions lean on. */
  async refresh(): Promise<void> {
    const { view, device } = this;
    view.state = await this.steadyState();
    view.lastFd = view.state.lastFdNumber;
    if (view.state.phase === 3 || view.state.phase === 7) {
      view.shift = await device.shift();
      view.queue = await device.ofdQueue();
      this.pump.unsent = view.queue.unsent;
      view.lifeRead(await device.fnLife());
    }
    await this.checkClock();
    view.stale = false;
    view.factsRead(this.ports);
    view.checkedAtMs = this.ports.clock.monotonicMs();
  }

  /** True when the FN neither sold nor was asked for long: it may have died at rest. */
  lookDue(): boolean {
    const { view } = this;
    const { clock, settings } = this.ports;
    return !view.stuck && view.register.state !== 'swap' && view.fnSilentMs(clock) >= settings.fnLookEveryMs;
  }

  /**
   * One command whose answer needs the FN, so that its death is told of before the next receipt finds it out.
   * @throws FarmError what the device or the FN answered: the session ends and says why
   */
  async look(): Promise<void> {
    await this.device.fnState();
    this.view.lookedAtMs = this.ports.clock.monotonicMs();
  }

  /** Said twice alike: intents begin at these numbers, and the line's checksum of one byte lets damage through now and then. */
  private async steadyState(): Promise<FnState> {
    let state = await this.device.fnState();
    for (let reading = 1; reading <= MAX_READINGS; reading += 1) {
      const again = await this.device.fnState();
      if (JSON.stringify(again) === JSON.stringify(state)) return again;
      state = again;
    }
    const { serial } = this.view.register;
    throw new FarmError('WIRE-UNSTEADY', 'The FN’s answers do not repeat: the line is bad', { serial });
  }

  /** The FN and the database must agree on the last document; if not, nobody sells here until a person looked. */
  async compareWithDatabase(): Promise<void> {
    const { view } = this;
    if (view.stuck || !view.state || view.state.phase === 0 || view.state.phase === 1) return;
    if (view.register.state === 'stock' || view.register.state === 'stopped') return;
    const known = await this.ports.store.lastKnownFd(view.state.fnNumber);
    if (known === view.lastFd) return;
    const why =
      known < view.lastFd
        ? `в ФН есть документы после ${known}, которых нет в базе`
        : `в базе есть документы после ${view.lastFd}, которых нет в ФН`;
    await this.prover.freeze('fn_differs_from_database', why, {
      fnNumber: view.fnNumber,
      lastInFn: view.lastFd,
      lastInDatabase: known,
    });
    throw new FarmError('DOUBT-LEDGER', why, {
      fnNumber: view.fnNumber,
      lastInFn: view.lastFd,
      lastInDatabase: known,
    });
  }

  private async checkClock(): Promise<void> {
    const { clock, settings, log } = this.ports;
    const { view } = this;
    const offsetMs = fromLocal(await this.device.clock(), settings.deviceUtcOffsetMin) - clock.nowMs();
    view.clockOffsetMs = Math.round(offsetMs);
    if (Math.abs(offsetMs) <= settings.clockToleranceMs) return;
    const now = toLocal(clock.nowMs(), settings.deviceUtcOffsetMin);
    if (view.state?.lastDocumentAt && now < view.state.lastDocumentAt) {
      log.warn(
        { serial: view.register.serial, offsetMs },
        'device clock cannot be set before its last document',
      );
      return;
    }
    try {
      await this.device.setClock(now);
      view.clockOffsetMs = 0;
      log.info({ serial: view.register.serial, offsetMs }, 'device clock set');
    } catch (error) {
      if (!isDeviceRefusal(error)) throw error;
      log.warn(
        { serial: view.register.serial, offsetMs, err: error.code },
        'device refused to set its clock',
      );
    }
  }

  private shiftCloseDue(): boolean {
    const { view } = this;
    const { clock, settings } = this.ports;
    if (!view.shiftOpen || !view.shift) return false;
    const expiresAt = view.shift.expiresAt;
    if (!expiresAt) return false;
    const leftMs = fromLocal(expiresAt, settings.deviceUtcOffsetMin) - clock.nowMs();
    const spreadMs = ((view.register.registerId * 7919) % 1000) * (settings.shiftCloseSpreadMs / 1000);
    if (DAY_MS - leftMs >= settings.shiftCloseAfterMs + spreadMs) return true;
    // An FN that is about to leave service must not be left with an open shift.
    const obstacle = view.obstacle(this.ports);
    return obstacle === 'fn_expired' || obstacle === 'fn_full';
  }

  async openShift(): Promise<void> {
    await this.report('open_shift', () => this.device.openShift());
    this.view.shiftWanted = false;
    this.view.shift = await this.device.shift();
  }

  async closeShift(): Promise<void> {
    await this.report('close_shift', () => this.device.closeShift());
    this.view.shift = await this.device.shift();
    // Closing a shift is the quiet moment to read the FN's limits again.
    this.view.stale = true;
  }

  private async registerFn(): Promise<void> {
    const data = this.registrationData();
    await this.report('registration', () => this.device.register(data));
    await this.refresh();
  }

  /** Form 11 with the operator the register is moving to. */
  private async reportOperator(): Promise<void> {
    const move = this.view.register.operatorChange;
    const data = this.registrationData();
    await this.report('registration', () =>
      this.device.register({
        ...data,
        kind: 'parameters',
        reasons: OPERATOR_CHANGED,
        ofdInn: move?.toInn ?? data.ofdInn,
        ofdName: move?.toName ?? data.ofdName,
      }),
    );
  }

  private async becomeReady(): Promise<void> {
    const { view } = this;
    const { registerId, serial } = view.register;
    const life = view.life ?? (await this.device.fnLife());
    await untilStored(
      this.ports,
      'registered FN',
      async () => {
        await this.ports.registers.fnInstalled({
          registerId,
          fnNumber: view.fnNumber,
          validUntil: life.validUntil,
          registrationsLeft: life.registrationsLeft,
        });
        await this.ports.registers.move(registerId, ['registering'], 'ready', null);
      },
      this.signal,
    );
    view.update({ ...view.register, state: 'ready' });
    this.ports.log.info({ registerId, serial, fnNumber: view.fnNumber }, 'register is ready');
  }

  private registrationData(): RegistrationData {
    const { group, rnm, ffd, machineNumber, serial } = this.view.register;
    if (!group || !rnm || !ffd)
      throw new FarmError('SYS-REGISTER-FACTS', 'The register has no registration data', { serial });
    return {
      kind: 'new',
      ffd,
      inn: group.inn,
      rnm,
      userName: group.userName,
      taxSystems: group.taxSystems,
      address: group.address,
      place: group.paymentAddress,
      ofdInn: group.ofdInn,
      ofdName: group.ofdName,
      senderEmail: group.senderEmail ?? undefined,
      fnsSite: group.fnsSite,
      automaticMode: false,
      machineNumber: machineNumber ?? undefined,
      internetOnly: true,
      services: false,
      excise: false,
      marking: ffd === 4,
      cashier: { name: 'Администратор' },
    };
  }

  /** Makes a report document under an intent, and stores the FN's proof of it. */
  async report(kind: Exclude<IntentKind, 'receipt'>, run: () => Promise<void>): Promise<void> {
    const { view } = this;
    const { registerId, fence, serial } = view.register;
    const base = { kind, fnNumber: view.fnNumber, fdBefore: view.lastFd, content: null };
    const id = await this.ports.store.intend({ ...base, registerId, fence, owner: this.ports.owner });
    if (!id)
      throw new FarmError('SYS-LEASE-ENDED', 'The lease was lost before the intent could be stored', {
        serial,
      });
    let failure: unknown;
    markReport(kind, 'intended');
    try {
      await run();
    } catch (error) {
      failure = error;
    }
    markReport(kind, 'answered');
    const outcome = await this.prover.ask(base).catch((error: unknown) => {
      // Also an FN that refuses to answer: the intent is open, so this session may do nothing more but recover.
      const err = error instanceof Error ? error.message : String(error);
      throw new FarmError('DOUBT-UNPROVEN', `The FN does not tell what became of ${kind}: ${err}`, {
        serial,
      });
    });
    view.lastFd = outcome.lastFd;
    if (outcome.is === 'strange') await this.prover.stop({ id, kind, receiptId: null }, outcome.why);
    else if (outcome.is === 'made') {
      markReport(kind, 'proven');
      await this.prover.store({ id, receiptId: null }, outcome.proof, failure !== undefined);
      view.documentMade();
      this.pump.documentMade();
    } else {
      const note = failure instanceof FarmError ? failure.code : 'absent_in_fn';
      await untilStored(
        this.ports,
        'void intent',
        () => this.ports.store.voidIntent(id, note, { then: 'requeue', reason: note }),
        this.signal,
      );
      throw (
        failure ??
        new FarmError(
          'DOUBT-NOT-RECORDED',
          `The device reported success of ${kind}, its FN has no document`,
          { serial },
        )
      );
    }
  }
}
