import type { Clock } from '@kkt/contracts';
import type { Fault, FaultName } from '../faults/fault-spec';
import type { FiscalDrive } from '../fn/fiscal-drive';
import type { FnCondition } from '../fn/rules';

/** What of a module a standing fault works on. */
export interface FaultyModule {
  readonly clock: Clock;
  fn(): FiscalDrive | undefined;
  /** Moves an FN into the slot; gives the one that was there. */
  changeFn(drive: FiscalDrive | undefined): FiscalDrive | undefined;
  freshFn(): FiscalDrive;
  portTaken(): void;
  portFree(): void;
  /** Removes the faults of a name. */
  heal(name: FaultName): void;
}

/** Faults that hold something in force from their coming to their removal. */
export class StandingFaults {
  /** The module's own FN while another one, or none, is in the slot. */
  private ownFn: FiscalDrive | undefined;

  constructor(private readonly on: FaultyModule) {}

  begin(fault: Fault): void {
    const drive = this.on.fn();
    switch (fault.name) {
      case 'hang':
        if (fault.at === 'idle' && fault.forMs !== undefined) {
          this.on.clock.setTimer(fault.forMs, () => this.on.heal('hang'));
        }
        return;
      case 'fnFull':
        if (drive) {
          const documents = drive.state.lastFd + fault.left + drive.model.closingReserve;
          drive.condition = { ...drive.condition, documents };
        }
        return;
      case 'fnExpired':
        if (drive) drive.condition = { ...drive.condition, expired: true };
        return;
      case 'fnFault':
        if (drive) drive.condition = { ...drive.condition, failed: true };
        return;
      case 'portTaken': {
        this.on.portTaken();
        const { forMs } = fault;
        if (forMs !== undefined) this.on.clock.setTimer(forMs, () => this.on.heal('portTaken'));
        return;
      }
      case 'swapFn':
        this.ownFn ??= this.on.changeFn(this.on.freshFn());
        return;
      case 'removeFn':
        this.ownFn ??= this.on.changeFn(undefined);
        return;
      default:
        return;
    }
  }

  end(fault: Fault): void {
    // The FN that was struck may have been taken out of the slot meanwhile, and will be put back.
    const lift = (condition: FnCondition): void => {
      for (const drive of [this.on.fn(), this.ownFn])
        if (drive) drive.condition = { ...drive.condition, ...condition };
    };
    switch (fault.name) {
      case 'portTaken':
        return this.on.portFree();
      case 'fnFull':
        return lift({ documents: undefined });
      case 'fnExpired':
        return lift({ expired: undefined });
      case 'fnFault':
        return lift({ failed: undefined });
      case 'swapFn':
      case 'removeFn': {
        const foreign = this.on.changeFn(this.ownFn);
        if (foreign !== this.ownFn) foreign?.close();
        this.ownFn = undefined;
        return;
      }
      default:
        return;
    }
  }

  dispose(): void {
    if (this.ownFn && this.ownFn !== this.on.fn()) this.ownFn.close();
  }
}
