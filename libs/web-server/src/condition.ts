import type { RegisterState } from '@kkt/storage';
import type { Condition } from '@kkt/web-contract';

/** From the worst to the best: a rack is as bad as its worst register. */
export const conditionRank: readonly Condition[] = [
  'stopped',
  'offline',
  'attention',
  'swap',
  'paused',
  'registering',
  'works',
  'stock',
  'closed',
];

/** One word for a register from its state and what its driver says. */
export function conditionOf(register: {
  state: RegisterState;
  online: boolean;
  /** Or whether there is one. */
  problem: string | boolean | null;
}): Condition {
  switch (register.state) {
    case 'ready':
      if (!register.online) return 'offline';
      return register.problem === null || register.problem === false ? 'works' : 'attention';
    case 'stopped':
    case 'paused':
    case 'swap':
    case 'registering':
    case 'stock':
    case 'closed':
      return register.state;
  }
}
