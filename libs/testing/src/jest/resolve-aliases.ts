import Module from 'node:module';
import { join } from 'node:path';

/**
 * Jest maps `@kkt/…` for tests but not for the global set-up, which it loads as a plain module.
 * Importing this file first gives the set-up the same names.
 */
type Resolve = (request: string, ...rest: unknown[]) => string;

const loader = Module as unknown as { _resolveFilename: Resolve };
const original = loader._resolveFilename;
const libs = join(__dirname, '..', '..', '..');

loader._resolveFilename = (request, ...rest) => {
  const lib = /^@kkt\/([a-z0-9-]+)$/.exec(request)?.[1];
  return original.call(Module, lib ? join(libs, lib, 'src', 'index.ts') : request, ...rest);
};
