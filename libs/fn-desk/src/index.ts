/** The desk of fiscal drives over the database: ledger, workflows, registration, renewal. No framework. */
export * from './fn-models';
export * from './ledger-desk';
export * from './operator-announcer';
export * from './operator-move-desk';
export * from './operator-term-watch';
export * from './operators';
export * from './ports';
export * from './workflow-desk';
export * from './workflow-machine';
export * from './drive-ends';
export * from './external-watch';
export * from './fn-watch-duties';
export * from './registration-desk';
export * from './renewal-desk';
export * from './views';
