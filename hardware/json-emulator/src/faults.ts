import { z } from 'zod';

const ms = z.number().int().min(0);
/** Type of a task; absent = any that makes a fiscal document. */
const task = z.string().min(1).optional();
const at = z.enum(['beforeCommit', 'afterCommit']);

/**
 * Faults on demand, each used up by the task it meets (but `delay`, which stays). `beforeCommit`: the task is being
 * executed and has not touched the FN; `afterCommit`: the FN has its document, nobody was told.
 */
export const doorFaultSchema = z.discriminatedUnion('name', [
  /** The request is read and forgotten; its HTTP answer never comes. */
  z.strictObject({ name: z.literal('loseAnswerBeforeCommit'), task }),
  /** The request is taken and executed, its HTTP answer never comes. `lost`: it is forgotten when it has ended. */
  z.strictObject({
    name: z.literal('loseAnswerAfterCommit'),
    task,
    result: z.enum(['kept', 'lost']).default('kept'),
  }),
  /** The request comes so much later, as if it had lain in a buffer on the way; whoever sent it has long gone. */
  z.strictObject({ name: z.literal('late'), task, byMs: ms }),
  /** The task ends with this number of the driver's list and does nothing. */
  z.strictObject({ name: z.literal('refuse'), task, code: z.number().int().positive() }),
  /** Every task takes so much longer. */
  z.strictObject({ name: z.literal('delay'), forMs: ms }),
  /** The server answers nothing for a time, then everything that came meanwhile. */
  z.strictObject({ name: z.literal('hang'), forMs: ms }),
  /** The network is gone for a time; tasks go on. */
  z.strictObject({ name: z.literal('unplug'), at, task, forMs: ms }),
  /** Host and register lose power. `lost`: the server forgets every request. */
  z.strictObject({
    name: z.literal('powerOff'),
    at,
    task,
    forMs: ms,
    requests: z.enum(['kept', 'lost']).default('kept'),
  }),
]);

export type DoorFault = z.infer<typeof doorFaultSchema>;
export type DoorFaultSpec = z.input<typeof doorFaultSchema>;
type Named<Name extends DoorFault['name']> = Extract<DoorFault, { name: Name }>;

/** Faults in force at one door. */
export class DoorFaults {
  private list: DoorFault[] = [];

  /** @throws ZodError when the description is wrong */
  add(spec: unknown): DoorFault {
    const fault = doorFaultSchema.parse(spec);
    this.list.push(fault);
    return fault;
  }

  clear(): void {
    this.list = [];
  }

  all(): readonly DoorFault[] {
    return this.list;
  }

  /** The first fault of this name that fits, without using it up. */
  find<Name extends DoorFault['name']>(
    name: Name,
    fits: (fault: Named<Name>) => boolean = always,
  ): Named<Name> | undefined {
    return this.list.find((fault): fault is Named<Name> => fault.name === name && fits(fault as Named<Name>));
  }

  /** The same, used up. */
  take<Name extends DoorFault['name']>(
    name: Name,
    fits?: (fault: Named<Name>) => boolean,
  ): Named<Name> | undefined {
    const found = this.find(name, fits);
    if (found) this.list = this.list.filter((fault) => fault !== found);
    return found;
  }
}

const always = (): boolean => true;
