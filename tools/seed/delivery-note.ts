import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FarmError } from '@kkt/contracts';
import { parse } from 'yaml';
import { z } from 'zod';

const moduleSchema = z.object({
  place: z.object({
    dc: z.string(),
    rack: z.union([z.string(), z.number()]),
    assembly: z.number(),
    slot: z.number(),
  }),
  serial: z.string().regex(/^[0-9]{8,20}$/),
  model: z.object({ id: z.string(), code: z.number(), name: z.string() }),
  firmware: z.string(),
  ffd: z.union([z.literal(2), z.literal(3), z.literal(4)]),
  fnNumber: z.string().regex(/^[0-9]{16}$/),
  fnModel: z.string(),
  transport: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('tcp'), host: z.string(), port: z.number().int() }),
    z.object({ kind: z.literal('serial'), path: z.string(), baudRate: z.number().int().optional() }),
    z.object({ kind: z.literal('json'), url: z.string().regex(/^https?:\/\/[^/\s]+\/?$/) }),
  ]),
});

/** One delivered module with the FN inside it. */
export type DeliveredModule = z.infer<typeof moduleSchema>;

/** Reads the list of modules that stand in the racks, as the hardware's supplier (here: the emulator) wrote it. */
export async function readDeliveryNote(path: string): Promise<DeliveredModule[]> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new FarmError(
      'SYS-DELIVERY-NOTE',
      `Cannot read the list of modules ${path}: ${(error as Error).message}`,
    );
  }
  const result = z.object({ modules: z.array(moduleSchema).min(1) }).safeParse(parsed);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new FarmError('SYS-DELIVERY-NOTE', `${path}: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  return result.data.modules;
}

/** How many documents an FN of this model holds, by the catalogue of models. */
export async function fnCapacityDocuments(fnModel: string): Promise<number> {
  const path = join(__dirname, '..', '..', 'hardware', 'models', 'fn', `${fnModel}.yaml`);
  const model = z
    .object({ documents: z.number().int().positive() })
    .safeParse(parse(await readFile(path, 'utf8')));
  if (!model.success) throw new FarmError('SYS-FN-MODEL', `${path}: documents: must be a positive number`);
  return model.data.documents;
}
