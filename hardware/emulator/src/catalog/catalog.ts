import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FarmError } from '@kkt/contracts';
import { parse } from 'yaml';
import type { z } from 'zod';
import { fnModelSchema, type FnModel } from './fn-model';
import { kktModelSchema, type KktModel } from './kkt-model';

/** The repository's own model files, `hardware/models`, found from the sources as from a build in `dist/`. */
export const MODELS_DIR = join(repositoryRoot(), 'hardware/models');

function repositoryRoot(): string {
  let dir = __dirname;
  while (!existsSync(join(dir, 'hardware/models/kkt')) && dir !== dirname(dir)) dir = dirname(dir);
  return dir;
}

export interface HardwareCatalog {
  kkt(id: string): KktModel;
  fn(id: string): FnModel;
  readonly kktModels: readonly KktModel[];
  readonly fnModels: readonly FnModel[];
}

/**
 * Reads `kkt/*.yaml` and `fn/*.yaml` of a models folder.
 * @throws FarmError `SYS-MODEL-FILE` naming the file and the field when a file is wrong
 */
export function loadCatalog(modelsDir: string = MODELS_DIR): HardwareCatalog {
  const kktModels = readModels(join(modelsDir, 'kkt'), kktModelSchema);
  const fnModels = readModels(join(modelsDir, 'fn'), fnModelSchema);
  return {
    kktModels,
    fnModels,
    kkt: (id) => named(kktModels, id, 'KKT'),
    fn: (id) => named(fnModels, id, 'FN'),
  };
}

function readModels<T extends { id: string }>(dir: string, schema: z.ZodType<T>): T[] {
  const files = readdirSync(dir)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  const models = files.map((file) => {
    const result = schema.safeParse(parse(readFileSync(join(dir, file), 'utf8')));
    if (result.success) return result.data;
    const issue = result.error.issues[0];
    throw new FarmError('SYS-MODEL-FILE', 'A model file is wrong', {
      file: join(dir, file),
      field: issue?.path.join('.'),
      problem: issue?.message,
    });
  });
  const ids = models.map((model) => model.id);
  const repeated = ids.find((id, at) => ids.indexOf(id) !== at);
  if (repeated) throw new FarmError('SYS-MODEL-FILE', 'Two model files have one id', { dir, id: repeated });
  return models;
}

function named<T extends { id: string }>(models: readonly T[], id: string, what: string): T {
  const found = models.find((model) => model.id === id);
  if (!found) throw new FarmError('SYS-MODEL-UNKNOWN', `No such ${what} model`, { id });
  return found;
}
