/** What is read about a register: the table of readings, their names outside, their document. */
export * from './document';
export * from './metric';
export * from './prometheus';
export * from './registry';
