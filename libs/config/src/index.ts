/**
 * The one reader of the environment. A process calls `loadSettings('<role>')` once, at its start, and passes
 * plain values on.
 */
export * from './env-example';
export { configExitCode, ConfigError, farmEnvFile, loadSettings, readSettings } from './settings';
export { roles, type Role, type Settings } from './roles';
export { variables, type VariableName } from './variables';
export { readEnvFile, type Environment } from './env-file';
