import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FarmError } from '@kkt/contracts';
import { mergeEnvironments, readEnvFile, type Environment } from './env-file';
import { roles, type Role, type Settings } from './roles';
import { variables, type Variable, type VariableName } from './variables';

/** Exit code for wrong settings (EX_CONFIG of sysexits.h): a supervisor need not try again. */
export const configExitCode = 78;

/** Every wrong variable at once, so that one run is enough to put them right. */
export class ConfigError extends FarmError {
  constructor(
    role: Role,
    readonly faults: readonly string[],
  ) {
    super(
      'SYS-CONFIG',
      `Settings of ${role} are wrong:\n${faults.map((fault) => `  - ${fault}`).join('\n')}\n`,
      {
        role,
      },
    );
    this.name = 'ConfigError';
  }
}

/** Where npm start tells tools beside it what it made (database address, key); readable by its user only. */
export const farmEnvFile = (dataDir: string): string => join(dataDir, 'run', 'farm.env');

/** The process environment, then `.env`, then what a running farm has written (its supervisor writes, never reads). */
function wholeEnvironment(role: Role): Environment {
  const stated = mergeEnvironments(process.env, readEnvFile('.env'));
  if (role === 'farm') return stated;
  const dataDir = stated.DATA_DIR ?? variables.DATA_DIR.standard ?? '';
  return mergeEnvironments(stated, readEnvFile(farmEnvFile(dataDir)));
}

type Found = { value: string; source: string } | undefined;

function textOf(name: VariableName, environment: Environment, faults: string[]): Found {
  const definition: Variable<unknown> = variables[name];
  const direct = environment[name];
  if (direct) return { value: direct, source: name };
  const file = definition.secret ? environment[`${name}_FILE`] : undefined;
  if (file) {
    try {
      return { value: readFileSync(file, 'utf8').trim(), source: `${name}_FILE` };
    } catch (error) {
      faults.push(
        `${name}_FILE: ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`,
      );
      return undefined;
    }
  }
  return definition.standard === undefined ? undefined : { value: definition.standard, source: name };
}

function valueOf(name: VariableName, found: { value: string; source: string }, faults: string[]): unknown {
  const definition: Variable<unknown> = variables[name];
  const result = definition.schema.safeParse(found.value);
  if (result.success) return result.data;
  const told = definition.secret ? '' : ` (it is ${JSON.stringify(found.value)})`;
  faults.push(`${found.source}: ${result.error.issues[0]?.message ?? 'is not valid'}${told}`);
  return undefined;
}

/** Two doors of one farm cannot share a port; said before the second one fails to listen. */
function clashingPorts(read: ReadonlyMap<VariableName, unknown>): string[] {
  const byPort = new Map<number, VariableName>();
  const faults: string[] = [];
  for (const [name, value] of read) {
    if (!name.endsWith('_PORT') || typeof value !== 'number') continue;
    const other = byPort.get(value);
    if (other) faults.push(`${name}: ${value} is the port of ${other} too`);
    else byPort.set(value, name);
  }
  return faults;
}

/**
 * Reads and checks the settings of a role.
 * @param environment for tests; the process environment, `.env` and the running farm's file otherwise
 * @throws ConfigError naming every wrong or missing variable
 */
export function readSettings<R extends Role>(
  role: R,
  environment: Environment = wholeEnvironment(role),
): Settings<R> {
  const faults: string[] = [];
  const read = new Map<VariableName, unknown>();
  const settings: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(roles[role])) {
    const { variable, optional } = setting;
    const before = faults.length;
    const orElse = 'orElse' in setting ? setting.orElse : undefined;
    const name = orElse && !textOf(variable, environment, faults) ? orElse : variable;
    const found = textOf(name, environment, faults);
    if (found) read.set(name, (settings[key] = valueOf(name, found, faults)));
    else if (faults.length === before && !optional)
      faults.push(
        `${name}: must be set${name === 'SECRET_KEY' || name.endsWith('_URL') ? ' (a running npm start sets it for its own)' : ''}`,
      );
    else settings[key] = undefined;
  }
  faults.push(...clashingPorts(read));
  if (faults.length > 0) throw new ConfigError(role, faults);
  return Object.freeze(settings) as Settings<R>;
}

/** For `main.ts`: as `readSettings`, but wrong settings end the process with code 78 and a plain list. */
export function loadSettings<R extends Role>(role: R): Settings<R> {
  try {
    return readSettings(role);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(configExitCode);
  }
}
