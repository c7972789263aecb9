import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { FarmError } from '@kkt/contracts';
import type { FnModelFacts } from '@kkt/fn-life';

const folder = join(__dirname, '..', '..', '..', 'hardware', 'models', 'fn');
const schema = z.object({
  id: z.string(),
  name: z.string(),
  ffd: z.number().int(),
  keyDays: z.number().int().positive(),
  documents: z.number().int().positive(),
  reregistrations: z.number().int().positive(),
});

/** Models of FNs by id: the data files of `hardware/models/fn`. */
export function loadFnModels(): ReadonlyMap<string, FnModelFacts> {
  const models = new Map<string, FnModelFacts>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
    const read = schema.safeParse(parse(readFileSync(join(folder, file), 'utf8')));
    if (!read.success)
      throw new FarmError(
        'SYS-FN-MODEL',
        `${file}: ${read.error.issues[0]?.path.join('.')}: ${read.error.issues[0]?.message}`,
      );
    models.set(read.data.id, read.data);
  }
  return models;
}
