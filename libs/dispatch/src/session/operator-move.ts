import { isDeviceRefusal } from '@kkt/contracts';
import type { FiscalDevice } from '@kkt/kkt-driver';
import { untilStored } from '../database-wait';
import type { DispatchPorts } from '../ports';
import type { OfdPump } from './ofd-pump';
import type { RegisterView } from './view';

/** Form 11: report of a change of registration. */
const changeReport = 11;

/** What a move needs of the register's duties. */
export interface MoveSteps {
  closeShift(): Promise<void>;
  /** Makes the report of the change under an intent. */
  report(): Promise<void>;
}

/**
 * Carries out a change of operator: the shift is closed, all that waits goes to the old operator, the register is given
 * to the new one, and the FN gets its report of the change, which is the first document the new operator sees. Each step
 * is found again after a crash from the row and the FN alone.
 */
export class OperatorMover {
  constructor(
    private readonly ports: DispatchPorts,
    private readonly view: RegisterView,
    private readonly device: FiscalDevice,
    private readonly pump: OfdPump,
    private readonly steps: MoveSteps,
    private readonly signal: AbortSignal,
  ) {}

  /** Makes the next step; false when something must be waited for. */
  async step(): Promise<boolean> {
    const { view } = this;
    const move = view.register.operatorChange;
    if (!move || !this.ports.operators) return false;
    if (view.shiftOpen) {
      await this.steps.closeShift();
      return true;
    }
    return move.state === 'draining' ? this.drain(move.id) : this.register(move.id, move.fdBefore);
  }

  private async drain(changeId: string): Promise<boolean> {
    const { view } = this;
    if (this.pump.unsent > 0) return false;
    // The pump counts; only the FN knows.
    view.queue = await this.device.ofdQueue();
    this.pump.unsent = view.queue.unsent;
    if (view.queue.unsent > 0) return false;
    const isSwitched = await this.stored('move to another operator', (operators) =>
      operators.switchOver(changeId, view.fnNumber, view.lastFd),
    );
    if (!isSwitched) return false;
    const move = view.register.operatorChange;
    if (move)
      view.update({
        ...view.register,
        operatorChange: { ...move, state: 'registering', fdBefore: view.lastFd },
      });
    return true;
  }

  private async register(changeId: string, fdBefore: number | null): Promise<boolean> {
    const { view } = this;
    if (fdBefore === null) return false;
    if (!(await this.hasReport(fdBefore))) {
      try {
        await this.steps.report();
      } catch (error) {
        if (isDeviceRefusal(error)) {
          await this.stored('note of a move', (operators) =>
            operators.noteChange(changeId, `ФН не принял отчёт об изменении регистрации: ${error.code}`),
          );
        }
        throw error;
      }
    }
    await this.stored('end of a move', (operators) => operators.changeDone(changeId));
    view.update({ ...view.register, operatorChange: null });
    view.stale = true;
    const { registerId, serial } = view.register;
    this.ports.log.info({ registerId, serial, fnNumber: view.fnNumber }, 'register is with another operator');
    return true;
  }

  /** A process that died after the report finds it in the FN. */
  private async hasReport(fdBefore: number): Promise<boolean> {
    if (this.view.lastFd <= fdBefore) return false;
    const proof = await this.device.document(fdBefore + 1);
    return proof?.form === changeReport;
  }

  private stored<T>(
    what: string,
    write: (operators: NonNullable<DispatchPorts['operators']>) => Promise<T>,
  ): Promise<T> {
    const { operators } = this.ports;
    return untilStored(this.ports, what, () => write(operators!), this.signal);
  }
}
