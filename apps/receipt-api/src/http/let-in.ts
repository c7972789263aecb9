import type { ServerResponse } from 'node:http';
import type { FloodGate } from '../access/flood-gate';

/** Counts a request in until its answer is written or its connection is gone; false: too many of this token are under way. */
export function letIn(gate: FloodGate, token: string, response: ServerResponse): boolean {
  if (!gate.enter(token)) return false;
  response.once('close', () => gate.leave(token));
  return true;
}
