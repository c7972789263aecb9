/** KKT–operator exchange: session header, container, confirmation, answers, and a parser that survives a bad line. */
export * from './parsed';
export * from './session-header';
export * from './container';
export * from './message';
export * from './stream-parser';
export * from './confirmation';
export * from './operator-sign';
export * from './service-codes';
export * from './answer';
export * from './marking';
