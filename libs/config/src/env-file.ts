import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** Variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a file of `NAME=value` lines (the syntax of `node --env-file`); a missing file holds nothing. */
export function readEnvFile(file: string): Environment {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  return parseEnv(text) as Environment;
}

/** Later sources fill only what earlier ones leave unset; an empty value counts as unset. */
export function mergeEnvironments(...sources: readonly Environment[]): Environment {
  const merged: Record<string, string> = {};
  for (const source of sources)
    for (const [name, value] of Object.entries(source))
      if (value !== undefined && value !== '' && !(name in merged)) merged[name] = value;
  return merged;
}
