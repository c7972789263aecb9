import type { Dice } from './dice';
import type { SimFarm } from './farm';

/** A trouble that a run may meet. */
export interface FaultKind {
  name: string;
  /** Rows of the fault table that it stands for: see `tools/faults/fault-table.ts`. */
  numbers: readonly number[];
  /**
   * What no machine can decide: a receipt may stay in doubt for a person. Not among `all`, must be asked for by name.
   */
  needsPerson?: boolean;
  /** Makes it happen; returns what takes it back when the run's time is over before it ends by itself. */
  strike: (farm: SimFarm, dice: Dice) => (() => void) | void;
}
