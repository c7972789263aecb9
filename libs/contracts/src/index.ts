/** Words shared by every part of the farm: errors, time, receipts. No dependencies. */
export * from './errors';
export * from './fail-points';
export * from './runtime';
export * from './system';
export * from './receipt';
