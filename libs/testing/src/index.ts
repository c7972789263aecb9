/** What tests share. Never imported by production code. */
export * from './test-database';
export * from './virtual-clock';
