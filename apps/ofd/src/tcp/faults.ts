import { FarmError } from '@kkt/contracts';

/**
 * Ways the operator can misbehave on demand: for tests and for showing that nothing is lost.
 * - `refuse`      the port is closed: connections are refused by the system
 * - `reset`       connections are accepted and reset at once
 * - `hang`        a message is read and neither stored nor answered
 * - `lose-answer` the document is stored, the answer never leaves
 * - `cut-answer`  the document is stored, half of the answer leaves, then a reset
 * - `drip`        the answer leaves byte by byte, `delayMs` apart
 * - `garbage`     the document is stored, chance bytes of the answer's length leave
 * - `wrong-fd`    the document is stored, the answer names the next FD number
 * - `delay`       the answer leaves `delayMs` later
 */
export const FAULT_MODES = [
  'refuse',
  'reset',
  'hang',
  'lose-answer',
  'cut-answer',
  'drip',
  'garbage',
  'wrong-fd',
  'delay',
] as const;

export type FaultMode = (typeof FAULT_MODES)[number];

export interface Fault {
  mode: FaultMode;
  /** How many messages (or connections) it strikes; without it, until taken back. */
  times?: number;
  /** Only messages of this FN; connection faults strike all. */
  fnNumber?: string;
  delayMs?: number;
}

const CONNECTION_MODES: readonly FaultMode[] = ['refuse', 'reset'];

/** Holds the fault in force. Nothing happens until someone sets one. */
export class FaultSwitch {
  private fault: Fault | undefined;
  private listeners: ((fault: Fault | undefined) => void)[] = [];

  /** Disabled, `set` refuses: production has no way to misbehave. */
  constructor(readonly enabled: boolean) {}

  get current(): Fault | undefined {
    return this.fault && { ...this.fault };
  }

  set(fault: Fault | undefined): void {
    if (!this.enabled) throw new FarmError('CLIENT-FAULTS-OFF', 'Faults are switched off');
    this.fault = fault && { ...fault };
    this.tell();
  }

  onChange(listener: (fault: Fault | undefined) => void): void {
    this.listeners.push(listener);
  }

  /** The fault that strikes a new connection, if any. */
  forConnection(): Fault | undefined {
    return this.fault && CONNECTION_MODES.includes(this.fault.mode) ? this.strike() : undefined;
  }

  /** The fault that strikes a message of this FN, if any. */
  forMessage(fnNumber: string): Fault | undefined {
    if (!this.fault || CONNECTION_MODES.includes(this.fault.mode)) return undefined;
    if (this.fault.fnNumber && this.fault.fnNumber !== fnNumber) return undefined;
    return this.strike();
  }

  private strike(): Fault | undefined {
    const fault = this.current;
    if (this.fault?.times !== undefined) {
      this.fault.times -= 1;
      if (this.fault.times <= 0) {
        this.fault = undefined;
        this.tell();
      }
    }
    return fault;
  }

  private tell(): void {
    for (const listener of this.listeners) listener(this.current);
  }
}
