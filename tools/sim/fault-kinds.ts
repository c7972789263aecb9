import type { Dice } from './dice';
import type { SimFarm } from './farm';
import { farmFaults } from './faults-farm';
import { moduleFaults } from './faults-module';
import { processFaults } from './faults-process';

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

export const faultKinds: readonly FaultKind[] = [...processFaults, ...farmFaults, ...moduleFaults];

/** Names for `--faults`: `all`, `none`, or numbers and names divided by commas. */
export function faultNames(text: string): string[] {
  if (text === 'none') return [];
  const wanted = text.split(',').map((part) => part.trim());
  const chosen = faultKinds.filter(
    ({ name, numbers, needsPerson }) =>
      (wanted.includes('all') && !needsPerson) ||
      wanted.includes(name) ||
      numbers.some((number) => wanted.includes(String(number))),
  );
  if (chosen.length === 0) throw new RangeError(`no fault is called ${text}`);
  return chosen.map(({ name }) => name);
}
