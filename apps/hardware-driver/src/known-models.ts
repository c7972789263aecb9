import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ModelList, readModelList } from '@kkt/kkt-driver';

const file = join(__dirname, '..', '..', '..', 'hardware', 'models', 'kkt-codes.yaml');

/** The models whose codes are known: what the inventory says of a module is compared by them. */
export const knownModels = (): ModelList => readModelList(readFileSync(file, 'utf8'));
