import type { Settings } from '@kkt/config';

/** Nest injection tokens of this application. */
export const DRIVER_SETTINGS = Symbol('DriverSettings');
export const DATABASE = Symbol('Database');
export const LOG = Symbol('Log');

export type DriverSettings = Settings<'hardware-driver'>;
