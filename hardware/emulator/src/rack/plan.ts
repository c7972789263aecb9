import { readFileSync } from 'node:fs';
import { FarmError } from '@kkt/contracts';
import { parse } from 'yaml';
import { z } from 'zod';
import { placeOf, SLOTS_IN_ASSEMBLY, type Place } from './place';

/** How a module is reached, before ports are given out. */
export type Carrier = 'tcp' | 'pty';

/** One module to be made. */
export interface PlannedModule {
  place: Place;
  kktModel: string;
  fnModel: string;
  carrier: Carrier;
}

const assemblySchema = z.strictObject({
  number: z.number().int().min(1),
  kkt: z.string(),
  fn: z.string(),
  carrier: z.enum(['tcp', 'pty', 'mixed']).default('mixed'),
  /** Filled slots, from the first. */
  modules: z.number().int().min(1).max(SLOTS_IN_ASSEMBLY).default(SLOTS_IN_ASSEMBLY),
});

/** A rack description (`hardware/racks/*.yaml`). */
export const rackSchema = z.strictObject({
  dc: z.string().min(1),
  rack: z.number().int().min(1),
  assemblies: z.array(assemblySchema).min(1),
});

const carrierOf = (wanted: 'tcp' | 'pty' | 'mixed', index: number): Carrier =>
  wanted === 'mixed' ? (index % 2 === 0 ? 'tcp' : 'pty') : wanted;

/** @throws FarmError `SYS-RACK-FILE` naming the field when the file is wrong */
export function readRack(path: string): PlannedModule[] {
  const result = rackSchema.safeParse(parse(readFileSync(path, 'utf8')));
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new FarmError('SYS-RACK-FILE', 'A rack file is wrong', {
      path,
      field: issue?.path.join('.'),
      problem: issue?.message,
    });
  }
  const { dc, rack, assemblies } = result.data;
  return assemblies.flatMap((assembly) =>
    Array.from({ length: assembly.modules }, (_, index) => ({
      place: { dc, rack, assembly: assembly.number, slot: index + 1 },
      kktModel: assembly.kkt,
      fnModel: assembly.fn,
      carrier: carrierOf(assembly.carrier, index),
    })),
  );
}

/** So many modules of one kind, slot by slot. */
export function planModules(
  count: number,
  carrier: 'tcp' | 'pty' | 'mixed',
  { kktModel = 'atol-42fs', fnModel = 'fn-1.2-15', dc = 'dc1' } = {},
): PlannedModule[] {
  return Array.from({ length: count }, (_, index) => ({
    place: placeOf(index, dc),
    kktModel,
    fnModel,
    carrier: carrierOf(carrier, index),
  }));
}
