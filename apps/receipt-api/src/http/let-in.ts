import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FloodGate } from '../access/flood-gate';
import type { Share } from '../access/turns';

/** A request at the gate. */
export interface Entering {
  token: string;
  share: Share;
  request: IncomingMessage;
  response: ServerResponse;
}

/** By the milliseconds that a request may take when its token uses all of its rate. */
const expectedMs = 40;

/** So many at once are enough for this rate; fewer than four would make a slow line feel the gate. */
export const shareFor = (requestsPerS: number): Share => ({
  perS: requestsPerS,
  places: Math.max(4, Math.ceil((requestsPerS * expectedMs) / 1_000)),
});

/** What only reads holds no place: an event stream stays open for hours, a large file goes as fast as its reader. */
const isReading = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

/**
 * Counts a request in until its answer is written or its connection is gone, and calls `go` when it is its turn, before
 * anything of its body is read. False: too many of this token are under way, and nothing will be called.
 */
export function letIn(
  gate: FloodGate,
  { token, share, request, response }: Entering,
  go: () => void,
): boolean {
  if (!gate.enter(token)) return false;
  response.once('close', () => {
    gate.turns.end(request);
    gate.leave(token);
  });
  if (isReading(request)) go();
  else gate.turns.take(request, token, share, go);
  return true;
}
