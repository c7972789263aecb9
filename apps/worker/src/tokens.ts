import type { Settings } from '@kkt/config';

/** Nest injection tokens of this application. */
export const WORKER_SETTINGS = Symbol('WorkerSettings');
export const DATABASE = Symbol('Database');
export const LOG = Symbol('Log');

export type WorkerSettings = Settings<'worker'>;
