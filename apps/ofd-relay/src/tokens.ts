import type { Settings } from '@kkt/config';

/** Nest injection tokens of this application. */
export const RELAY_SETTINGS = Symbol('RelaySettings');
export const DATABASE = Symbol('Database');
export const LOG = Symbol('Log');

export type RelayAppSettings = Settings<'ofd-relay'>;
