import { numberAt, objectAt, textAt } from './fields';
import type { JsonTask, TaskState } from './web-server';

/** Where an FN stands: its number and its last document. */
export interface FnPosition {
  fnNumber: string;
  lastFd: number;
}

/** Tasks that say where the FN stands. As a request they also take a key without doing anything. */
export const POSITION_TASKS: readonly JsonTask[] = [{ type: 'getFnInfo' }, { type: 'getFnStatus' }];

/** The answer to `POSITION_TASKS`. @throws FarmError `WIRE-MALFORMED` */
export function positionOf(states: readonly TaskState[]): FnPosition {
  return {
    fnNumber: textAt(objectAt(states[0]?.result ?? {}, 'fnInfo'), 'serial'),
    lastFd: numberAt(objectAt(states[1]?.result ?? {}, 'fnStatus'), 'fiscalDocumentNumber'),
  };
}

export const isSame = (one: FnPosition, other: FnPosition): boolean =>
  one.fnNumber === other.fnNumber && one.lastFd === other.lastFd;
