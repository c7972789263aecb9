import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultKinds } from '../sim/fault-kinds';
import type { Covering, Fault } from './fault-table';

/** What stands for one fault. */
export interface Coverage {
  fault: Fault;
  /** Kinds of the simulation that carry its number. */
  simulated: string[];
  /** Tests named in the table that are not there any more. */
  gone: Covering[];
  /** Neither cover nor reason. */
  isBare: boolean;
}

/** `root`: the repository's folder. */
export function coverageOf(fault: Fault, root: string): Coverage {
  const simulated = faultKinds
    .filter(({ numbers }) => numbers.includes(fault.number))
    .map(({ name }) => name);
  const gone = fault.tests.filter(({ file, title }) => {
    const path = join(root, file);
    return !existsSync(path) || !readFileSync(path, 'utf8').includes(title);
  });
  return { fault, simulated, gone, isBare: simulated.length + fault.tests.length === 0 && !fault.reason };
}
