import { FarmError, isClientFault, isDeviceRefusal, type ReceiptContent } from '@kkt/contracts';
import type { FiscalDevice, RegistrationData } from '@kkt/kkt-driver';
import type { Assignment, RegisterTask, TaskFacts } from '@kkt/storage';
import { untilStored } from '../database-wait';
import type { DispatchPorts } from '../ports';
import type { Duties } from './duties';
import { fnProblem } from './fn-watch';
import type { OfdPump } from './ofd-pump';
import type { RegisterView } from './view';

/** How often something that must come by itself (delivery) is looked at. */
const lookEveryMs = 500;
const closedPhases: readonly number[] = [7, 15];

type Outcome = { facts: TaskFacts; isDone: boolean };

const done = (facts: TaskFacts): Outcome => ({ facts, isDone: true });

/** What stands in the way, for the person who runs the workflow. */
const refuse = (code: `CLIENT-${string}`, message: string): never => {
  throw new FarmError(code, message);
};

/**
 * Does what workflows want of the device: drain, close the shift and the FN, look at the slot, register, prove by a
 * receipt, go back to work. Each kind first asks the FN what is there already, so that a task whose outcome was lost is
 * adopted and never done twice; each document is made under an intent, as every other.
 */
export class FnDuty {
  private task: RegisterTask | undefined;
  private restUntilMs = -Infinity;
  private told = '';

  constructor(
    private readonly ports: DispatchPorts,
    private readonly view: RegisterView,
    private readonly device: FiscalDevice,
    private readonly duties: Duties,
    private readonly pump: OfdPump,
    private readonly sell: (job: Assignment) => Promise<void>,
    private readonly signal: AbortSignal,
  ) {}

  get isFree(): boolean {
    return this.task === undefined;
  }

  /** Takes a task together with the register's facts as they are stored now. */
  give(task: RegisterTask): boolean {
    if (this.task) return false;
    this.task = task;
    this.view.update(task.register);
    return true;
  }

  due(): boolean {
    return this.task !== undefined && this.ports.clock.monotonicMs() >= this.restUntilMs;
  }

  /** Waits for a session that begins anew: the row is still there. */
  forget(): void {
    this.task = undefined;
    this.told = '';
    this.restUntilMs = -Infinity;
  }

  /** Rejects only when the link or the lease is in trouble, or when the slot holds another FN than the session knows. */
  async step(): Promise<void> {
    const { task } = this;
    if (!task) return;
    let outcome: Outcome;
    try {
      outcome = await this.run(task);
    } catch (error) {
      if (!isDeviceRefusal(error) && !isClientFault(error)) {
        this.forget();
        throw error;
      }
      this.ports.log.warn({ ...this.about(task), err: error.code }, 'a task of a workflow was refused');
      await this.store('refusal of a task', (tasks) =>
        tasks.finish(task.id, { reason: error.code, facts: { text: error.message } }),
      );
      this.forget();
      return;
    }
    if (!outcome.isDone) return this.wait(task, outcome.facts);
    await this.store('outcome of a task', (tasks) => tasks.finish(task.id, { facts: outcome.facts }));
    this.ports.log.info({ ...this.about(task), ...outcome.facts }, 'a task of a workflow is done');
    this.forget();
    // The session was begun with another FN in the slot, or none: what it knows is of no use.
    if (task.kind === 'identify' && outcome.facts.fnNumber !== this.view.fnNumber)
      throw new FarmError('SYS-FN-CHANGED', 'The slot holds another FN than before', outcome.facts);
  }

  private async wait(task: RegisterTask, facts: TaskFacts): Promise<void> {
    this.restUntilMs = this.ports.clock.monotonicMs() + lookEveryMs;
    const said = JSON.stringify(facts);
    if (said !== this.told) await this.store('progress of a task', (tasks) => tasks.progress(task.id, facts));
    this.told = said;
    // Its row is read anew for the next look: it may have been withdrawn.
    this.task = undefined;
  }

  private run(task: RegisterTask): Promise<Outcome> {
    switch (task.kind) {
      case 'drain':
        return this.drain(task);
      case 'close_shift':
        return this.closeShift(task);
      case 'deliver':
        return this.deliver(task);
      case 'close_fn':
        return this.closeFn(task);
      case 'identify':
        return this.identify();
      case 'register':
        return this.register(task);
      case 'test_receipt':
        return this.testReceipt(task);
      case 'return':
        return this.goBack(task);
      case 'read_report':
        return this.readReport(task);
      case 'open_shift':
        return this.openShift(task);
      case 'end_shift':
        return this.endShift(task);
      case 'settlement':
        return this.settlementReport(task);
    }
  }

  /** By now no receipt is in hand and none can be given: the register is out of dispatch in the database. */
  private async drain(task: RegisterTask): Promise<Outcome> {
    this.mustBeOut();
    if ((task.request as { isBroken?: boolean }).isBroken) return done({ isBroken: true });
    await this.look(task);
    const { view } = this;
    return done({ lastFd: view.lastFd, shiftOpen: view.shiftOpen, unsent: this.pump.unsent });
  }

  private async closeShift(task: RegisterTask): Promise<Outcome> {
    this.mustBeOut();
    await this.look(task);
    const { view } = this;
    const wasOpen = view.shiftOpen;
    if (wasOpen) await this.duties.closeShift();
    return done({ lastFd: view.lastFd, shiftNumber: view.shift?.number ?? 0, wasOpen });
  }

  /** A person wants the shift open now. One that is open already is what he wants. */
  private async openShift(task: RegisterTask): Promise<Outcome> {
    await this.look(task);
    const { view } = this;
    const wasOpen = view.shiftOpen;
    if (!wasOpen) await this.duties.openShift();
    return done({ lastFd: view.lastFd, shiftNumber: view.shift?.number ?? 0, wasOpen });
  }

  /** A person wants the shift closed, between two sales; the next sale opens another. */
  private async endShift(task: RegisterTask): Promise<Outcome> {
    await this.look(task);
    const { view } = this;
    const wasOpen = view.shiftOpen;
    if (wasOpen) await this.duties.closeShift();
    return done({ lastFd: view.lastFd, shiftNumber: view.shift?.number ?? 0, wasOpen });
  }

  /** Report on the state of settlements. Made again after a crash: it tells a state and moves nothing. */
  private async settlementReport(task: RegisterTask): Promise<Outcome> {
    await this.look(task);
    const { view } = this;
    const before = view.lastFd;
    await this.duties.report('settlement', () => this.device.settlementReport());
    await this.duties.refresh();
    return done(await this.proofOf(before + 1, [21]));
  }

  private async deliver(task: RegisterTask): Promise<Outcome> {
    await this.look(task);
    const phase = this.view.state?.phase ?? 0;
    const unsent = phase === 15 ? 0 : this.pump.unsent;
    if (unsent > 0) return { isDone: false, facts: { note: 'documents_undelivered', unsent } };
    return done({ unsent, phase, lastFd: this.view.lastFd });
  }

  private async closeFn(task: RegisterTask): Promise<Outcome> {
    this.mustBeOut();
    await this.look(task);
    const { view } = this;
    const { rnm } = view.register;
    if (!closedPhases.includes(view.state?.phase ?? 0)) {
      if (view.shiftOpen) refuse('CLIENT-SHIFT-OPEN', 'The shift is open');
      if (this.pump.unsent > 0) refuse('CLIENT-UNSENT', 'Documents wait for the operator');
      await this.duties.report('close_fn', () => this.device.closeFn({ rnm: rnm ?? '' }));
      await this.duties.refresh();
    }
    return done(await this.proofOf(view.lastFd, [6]));
  }

  /** Who is in the slot, by its own word; an empty number when nobody is. */
  private async identify(): Promise<Outcome> {
    const { serial, modelName, fnNumber } = await this.device.identity();
    if (fnNumber === '') return done({ serial, modelName, fnNumber });
    const { phase, lastFdNumber } = await this.device.fnState();
    const { validUntil, registrationsLeft, documentsLeft } = await this.device.fnLife();
    const make = await this.device.fnMake?.();
    return done({
      serial,
      modelName,
      fnNumber,
      phase,
      lastFd: lastFdNumber,
      validUntil,
      registrationsLeft,
      documentsLeft: documentsLeft ?? null,
      execution: make?.execution ?? null,
      version: make?.version ?? null,
    });
  }

  private async register(task: RegisterTask): Promise<Outcome> {
    this.mustBeOut();
    await this.look(task);
    const { view } = this;
    const { data, fdBefore } = task.request as { data: RegistrationData; fdBefore: number };
    const made = view.lastFd - fdBefore;
    if (made !== 0 && made !== 1)
      refuse('CLIENT-FN-NOT-NEW', `The FN is at document ${view.lastFd}, ${fdBefore} was expected`);
    if (made === 0) {
      if (view.shiftOpen) refuse('CLIENT-SHIFT-OPEN', 'The shift is open');
      await this.duties.report('registration', () => this.device.register(data));
      await this.duties.refresh();
    }
    const life = view.life ?? (await this.device.fnLife());
    const proof = await this.proofOf(fdBefore + 1, [1, 11]);
    return done({ ...proof, validUntil: life.validUntil, registrationsLeft: life.registrationsLeft });
  }

  private async testReceipt(task: RegisterTask): Promise<Outcome> {
    this.mustBeOut();
    const { receiptId, content } = task.request as { receiptId: string; content: ReceiptContent };
    const { tasks } = this.ports;
    let found = await tasks?.testReceipt(receiptId);
    if (!found) {
      await this.look(task);
      const { view } = this;
      if (!view.shiftOpen) await this.duties.openShift();
      const { registerId, fence } = view.register;
      const facts = { fnNumber: view.fnNumber, fdBefore: view.lastFd, receiptId, content };
      const intentId = await tasks?.intendTestReceipt({
        owner: this.ports.owner,
        registerId,
        fence,
        ...facts,
      });
      if (!intentId)
        throw new FarmError('SYS-LEASE-ENDED', 'The lease was lost before the intent could be stored', {
          registerId,
        });
      const externalId = `test-${receiptId}`;
      await this.sell({ registerId, intentId, externalId, attempts: 32_767, ...facts });
      found = await tasks?.testReceipt(receiptId);
    }
    if (found?.state !== 'done' || found.fdNumber === null)
      return refuse('CLIENT-TEST-RECEIPT', found?.errorText ?? 'The test receipt was not registered');
    return done(await this.proofOf(found.fdNumber, [3]));
  }

  private async goBack(task: RegisterTask): Promise<Outcome> {
    const { view } = this;
    const { registerId } = view.register;
    if (view.register.state !== 'ready') {
      this.mustBeOut();
      await this.look(task);
      const { clock, settings } = this.ports;
      const problem = view.state && fnProblem({ ...view, state: view.state }, clock.nowMs(), settings);
      if (problem) refuse('CLIENT-FN-PROBLEM', problem);
      await untilStored(
        this.ports,
        'return to dispatch',
        () => this.ports.registers.move(registerId, ['swap'], 'ready', null),
        this.signal,
      );
      view.update({ ...view.register, state: 'ready' });
    }
    return done({ fnNumber: view.fnNumber, lastFd: view.lastFd });
  }

  /** Reads a report again from the FN: what we keep must be what it keeps. */
  private async readReport(task: RegisterTask): Promise<Outcome> {
    const { fdNumber } = task.request as { fdNumber: number };
    const proof = await this.device.document(fdNumber);
    if (!proof) return refuse('CLIENT-NO-DOCUMENT', `The FN has no document ${fdNumber}`);
    const { fnNumber, form, at, fiscalSign, tlvHex } = proof;
    return done({ fnNumber, fdNumber, form, at, fiscalSign, tlvHex });
  }

  private mustBeOut(): void {
    const { state } = this.view.register;
    if (state !== 'swap')
      refuse('CLIENT-REGISTER-STATE', `The register is ${state}: it was not taken out of dispatch`);
  }

  /** Reads the FN and makes sure that it is the one that is meant. */
  private async look(task: RegisterTask): Promise<void> {
    const { fnNumber } = await this.device.fnState();
    if (task.fnNumber !== null && fnNumber !== task.fnNumber)
      refuse('CLIENT-WRONG-FN', `FN ${fnNumber} is in the slot, ${task.fnNumber} is meant`);
    if (this.view.state && this.view.state.fnNumber !== fnNumber)
      throw new FarmError('SYS-FN-CHANGED', 'The slot holds another FN than before', { fnNumber });
    await this.duties.refresh();
  }

  private async proofOf(fdNumber: number, forms: readonly number[]): Promise<TaskFacts> {
    const proof = await this.device.document(fdNumber);
    if (!proof || !forms.includes(proof.form))
      throw new FarmError('CLIENT-NO-PROOF', `Document ${fdNumber} of the FN is not the one that was made`, {
        fdNumber,
        form: proof?.form,
      });
    const { fnNumber, form, at, fiscalSign } = proof;
    return { fnNumber, fdNumber, form, at, fiscalSign };
  }

  private store(
    what: string,
    run: (tasks: NonNullable<DispatchPorts['tasks']>) => Promise<void>,
  ): Promise<void> {
    const { tasks } = this.ports;
    return tasks ? untilStored(this.ports, what, () => run(tasks), this.signal) : Promise.resolve();
  }

  private about(task: RegisterTask) {
    const { registerId, serial } = this.view.register;
    return { registerId, serial, task: task.id, kind: task.kind };
  }
}
