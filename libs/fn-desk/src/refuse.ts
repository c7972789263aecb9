import { FarmError } from '@kkt/contracts';
import type { Objection } from '@kkt/fn-life';

/** Tells the caller why not. */
export function refuse({ code, text }: Objection): never {
  throw new FarmError(code, text);
}

export function refuseIf(objection: Objection | undefined): void {
  if (objection) refuse(objection);
}
