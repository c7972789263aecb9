import { FarmError, isClientFault, isDeviceRefusal } from '@kkt/contracts';
import type { FiscalDevice } from '@kkt/kkt-driver';
import type { OpenIntent, RegisterCommand } from '@kkt/storage';
import { untilStored } from '../database-wait';
import { toLocal } from '../local-time';
import type { DispatchPorts } from '../ports';
import type { Duties } from './duties';
import type { RegisterView } from './view';

type Facts = Record<string, unknown>;

/** Documents that one order may read: each costs a second of the register's time. */
const mostDocuments = 20;

const refuse = (code: `CLIENT-${string}`, message: string): never => {
  throw new FarmError(code, message);
};

/** What a session lends to the orders of engineers. */
export interface CommandHost {
  /** Asks the FN again what became of the open or stuck intent, and settles it when the FN is clear. */
  reconcile(intent: OpenIntent): Promise<Facts>;
}

/**
 * Carries out what an engineer orders from the console: one order at a time, between sales, each begun once. Documents are
 * made under intents as every other, so an order that was lost on the way is settled by the next session.
 */
export class CommandDuty {
  private order: RegisterCommand | undefined;

  constructor(
    private readonly ports: DispatchPorts,
    private readonly view: RegisterView,
    private readonly device: FiscalDevice,
    private readonly duties: Duties,
    private readonly host: CommandHost,
    private readonly signal: AbortSignal,
  ) {}

  get isFree(): boolean {
    return this.order === undefined;
  }

  get due(): boolean {
    return this.order !== undefined;
  }

  give(order: RegisterCommand): boolean {
    if (this.order) return false;
    this.order = order;
    this.view.update(order.register);
    return true;
  }

  /** The session breaks off: the row tells whether the order was begun. */
  forget(): void {
    this.order = undefined;
  }

  /** Rejects when the link is in trouble or when the order was to make it anew. */
  async step(): Promise<void> {
    const { order } = this;
    if (!order) return;
    const { commands, log, clock } = this.ports;
    if (!(await commands?.begin(order.id))) return this.forget();
    const about = { registerId: order.register.registerId, serial: order.register.serial, kind: order.kind };
    const begunMs = clock.monotonicMs();
    try {
      const result = { ...(await this.run(order)), tookMs: Math.round(clock.monotonicMs() - begunMs) };
      await this.store('outcome of an order', (store) => store.finish(order.id, { result }));
      log.info({ ...about, order: order.id }, 'an engineer’s order is carried out');
    } catch (error) {
      const reason = error instanceof FarmError ? error.code : 'SYS-COMMAND';
      const text = error instanceof Error ? error.message : String(error);
      log.warn({ ...about, order: order.id, err: text }, 'an engineer’s order was not carried out');
      await this.store('refusal of an order', (store) =>
        store.finish(order.id, { reason, result: { text } }),
      );
      if (!isDeviceRefusal(error) && !isClientFault(error)) throw error;
    } finally {
      this.forget();
    }
    if (order.kind === 'reconnect')
      throw new FarmError('SYS-RECONNECT', 'An engineer asked to make the link anew', about);
  }

  private run(order: RegisterCommand): Promise<Facts> {
    switch (order.kind) {
      case 'ping':
        return this.ping();
      case 'identify':
        return this.identify();
      case 'sync_clock':
        return this.syncClock();
      case 'open_shift':
        return this.openShift();
      case 'close_shift':
        return this.closeShift();
      case 'settlement_report':
        return this.settlement();
      case 'reconnect':
        return Promise.resolve({ isBroken: true });
      case 'read_documents':
        return this.readDocuments(order.request as { from: number; to: number });
      case 'reconcile':
        return this.reconcile();
    }
  }

  private async ping(): Promise<Facts> {
    const { serial, modelName, firmware, fnNumber } = await this.device.identity();
    const clockAt = await this.device.clock();
    if (fnNumber === '') return { serial, modelName, firmware, fnNumber, clockAt };
    const { phase, lastFdNumber, shiftOpen, openDocument } = await this.device.fnState();
    return {
      serial,
      modelName,
      firmware,
      fnNumber,
      clockAt,
      phase,
      lastFd: lastFdNumber,
      shiftOpen,
      openDocument,
    };
  }

  private async identify(): Promise<Facts> {
    if (!this.device.identify) refuse('CLIENT-UNSUPPORTED', 'This device has no command to beep');
    await this.device.identify?.();
    return { isCalled: true };
  }

  private async syncClock(): Promise<Facts> {
    const { clock, settings } = this.ports;
    const before = await this.device.clock();
    const now = toLocal(clock.nowMs(), settings.deviceUtcOffsetMin);
    const { lastDocumentAt } = await this.device.fnState();
    if (lastDocumentAt && now < lastDocumentAt)
      refuse('CLIENT-CLOCK', `The last document is of ${lastDocumentAt}: the clock may not go behind it`);
    await this.device.setClock(now);
    this.view.clockOffsetMs = 0;
    return { before, after: now };
  }

  private async openShift(): Promise<Facts> {
    await this.ready();
    if (this.view.shiftOpen) refuse('CLIENT-SHIFT', 'The shift is open already');
    await this.duties.openShift();
    return { fdNumber: this.view.lastFd, shiftNumber: this.view.shift?.number ?? null };
  }

  private async closeShift(): Promise<Facts> {
    await this.ready();
    if (!this.view.shiftOpen) refuse('CLIENT-SHIFT', 'The shift is closed already');
    const shiftNumber = this.view.shift?.number ?? null;
    await this.duties.closeShift();
    return { fdNumber: this.view.lastFd, shiftNumber };
  }

  private async settlement(): Promise<Facts> {
    await this.ready();
    await this.duties.report('settlement', () => this.device.settlementReport());
    return { fdNumber: this.view.lastFd };
  }

  private async readDocuments({ from, to }: { from: number; to: number }): Promise<Facts> {
    const { fnNumber, lastFdNumber } = await this.device.fnState();
    const end = Math.min(to, lastFdNumber, from + mostDocuments - 1);
    const documents: Facts[] = [];
    for (let fdNumber = from; fdNumber <= end; fdNumber += 1) {
      const proof = await this.device.document(fdNumber);
      if (!proof) {
        documents.push({ fdNumber, isMissing: true });
        continue;
      }
      const { form, at, fiscalSign, totalKop, shiftNumber, tlvHex } = proof;
      documents.push({ fdNumber, form, at, fiscalSign, totalKop, shiftNumber, tlvHex });
    }
    return { fnNumber, lastFd: lastFdNumber, documents };
  }

  private async reconcile(): Promise<Facts> {
    const intent = await this.ports.store.openIntent(this.view.register.registerId);
    if (!intent) return { outcome: 'nothing_open' };
    return this.host.reconcile(intent);
  }

  /** A fiscal report is made only by a register that is in service, agrees with the database and owes no answer. */
  private async ready(): Promise<void> {
    const { view } = this;
    const { state } = view.register;
    if (view.stuck) refuse('CLIENT-STATE', 'An intent is undecided: reconcile it first');
    if (state !== 'ready' && state !== 'paused')
      refuse('CLIENT-STATE', `The register is ${state}; it must be ready or paused`);
    await this.duties.refresh();
    if (view.state?.phase !== 3) refuse('CLIENT-STATE', 'The FN is not in its fiscal phase');
  }

  private store(
    what: string,
    run: (commands: NonNullable<DispatchPorts['commands']>) => Promise<void>,
  ): Promise<void> {
    const { commands } = this.ports;
    return commands ? untilStored(this.ports, what, () => run(commands), this.signal) : Promise.resolve();
  }
}
