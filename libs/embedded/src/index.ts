/**
 * The servers the farm needs, started from npm packages alone: PostgreSQL 18 and a Redis-compatible engine.
 * Used by `npm start` and by the tests; production points DATABASE_URL and REDIS_URL at servers of its own.
 */
export * from './folder-lock';
export * from './ports';
export * from './postgres';
export * from './process-identity';
export * from './redis';
