import type { FaultKind } from './fault-kind';
import { farmFaults } from './faults-farm';
import { moduleFaults } from './faults-module';
import { processFaults } from './faults-process';

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
