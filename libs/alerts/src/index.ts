/** The watch over the farm: rules as data, a pure engine, whom to tell, and the turn that does it in PostgreSQL. */
export * from './engine';
export * from './escalation';
export * from './facts';
export * from './facts-reader';
export * from './roster';
export * from './rule';
export * from './rules-service';
export * from './status';
export * from './watch';
