import { z } from 'zod';

const direction = z.enum(['in', 'out', 'both']).default('both');
const rate = z.number().min(0).max(1);
const ms = z.number().int().min(0);
/** Row name of the command table (`closeReceipt`), or of the FN command inside A4 (`putConfirmation`). */
const command = z.string().min(1).optional();
/** How often; absent = once for faults at a point, until removed for faults of the line. */
const times = z.number().int().positive().optional();

/**
 * Faults on demand. `in` is from the host to the module, `out` the other way.
 *
 * Points relative to a command: `beforeCommit` — the task was taken and has not touched the FN; `afterCommit` — the FN
 * has its document, no answer was sent. Without `command` a fault at `afterCommit` waits for the next task that makes
 * a document, one at `beforeCommit` for the next task whatever it is.
 */
export const faultSpecSchema = z.discriminatedUnion('name', [
  /** The task is forgotten before it did anything; silence. */
  z.strictObject({ name: z.literal('loseAnswerBeforeCommit'), command, times }),
  /** The task is done, its answer is not sent. `result`: what the task buffer says afterwards. */
  z.strictObject({
    name: z.literal('loseAnswerAfterCommit'),
    command,
    times,
    result: z.enum(['kept', 'lost']).default('kept'),
  }),
  /** Each byte has a bit turned over with this probability. */
  z.strictObject({ name: z.literal('bitFlip'), rate, direction, times }),
  /** Random bytes before a frame, with this probability per frame. */
  z.strictObject({
    name: z.literal('noise'),
    rate: rate.default(1),
    bytes: z.number().int().min(1).max(256).default(8),
    direction,
    times,
  }),
  /** Each byte is lost with this probability. */
  z.strictObject({ name: z.literal('dropBytes'), rate, direction, times }),
  /** Each byte comes twice with this probability. */
  z.strictObject({ name: z.literal('duplicateBytes'), rate, direction, times }),
  /** Everything the module says comes later. */
  z.strictObject({ name: z.literal('delay'), ms }),
  /** Work takes this many times longer; with instant pace nothing. */
  z.strictObject({ name: z.literal('slow'), factor: z.number().min(1).max(1000) }),
  /**
   * Bytes go in, nothing comes out. At a point of a task the firmware stops for good: the task never ends, and after
   * `forMs` (or healing) only Abort or a power cut gets the module going again.
   */
  z.strictObject({
    name: z.literal('hang'),
    at: z.enum(['idle', 'beforeCommit', 'afterCommit']).default('idle'),
    command,
    forMs: ms.optional(),
  }),
  /** Every Add answers B1 (v2: NAK to ENQ). */
  z.strictObject({ name: z.literal('busy'), times }),
  /** The frame before the last is sent once more ahead of the next one. */
  z.strictObject({ name: z.literal('staleReply'), times }),
  z.strictObject({
    name: z.literal('powerOff'),
    at: z.enum(['idle', 'beforeCommit', 'afterCommit']).default('idle'),
    command,
    /** Absent = until `power on`. */
    forMs: ms.optional(),
    taskMemory: z.enum(['lost', 'kept']).optional(),
    receipt: z.enum(['lost', 'kept']).optional(),
  }),
  /** The link is torn; the module goes on working. */
  z.strictObject({
    name: z.literal('unplug'),
    at: z.enum(['idle', 'beforeCommit', 'afterCommit']).default('idle'),
    command,
    forMs: ms.optional(),
  }),
  z.strictObject({ name: z.literal('replug') }),
  /** So many documents are left besides the reserve for closing. */
  z.strictObject({ name: z.literal('fnFull'), left: z.number().int().min(0).default(0) }),
  z.strictObject({ name: z.literal('fnExpired') }),
  /** Every FN command answers 03. */
  z.strictObject({ name: z.literal('fnFault') }),
  z.strictObject({ name: z.literal('clockJump'), byMs: z.number().int() }),
  /** Another FN sits in the slot until the fault is removed. */
  z.strictObject({ name: z.literal('swapFn') }),
  /** The FN is taken out until the fault is removed. */
  z.strictObject({ name: z.literal('removeFn') }),
  /** A factory-fresh FN takes the place of the old one for good. */
  z.strictObject({ name: z.literal('insertFn'), model: z.string().optional() }),
  /** Somebody else commands the module through another door. */
  z.strictObject({
    name: z.literal('foreignHost'),
    does: z.enum(['document', 'openReceipt', 'leaveMode', 'abort']),
    at: z.enum(['idle', 'beforeCommit', 'afterCommit']).default('idle'),
    command,
  }),
  /** Another host has the port: ours is hung up and not let in again (TCP: closed at once; serial: the name is gone). */
  z.strictObject({ name: z.literal('portTaken'), forMs: ms.optional() }),
]);

export type FaultSpec = z.input<typeof faultSpecSchema>;
export type Fault = z.output<typeof faultSpecSchema>;
export type FaultName = Fault['name'];

/** A fault that happens at a point of a task. */
export type PointFault = Extract<
  Fault,
  { at?: string } | { name: 'loseAnswerBeforeCommit' | 'loseAnswerAfterCommit' }
>;
