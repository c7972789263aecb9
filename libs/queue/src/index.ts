/** Wake-ups and timers between processes, on Bull. The truth stays in PostgreSQL: losing Redis costs time only. */
export * from './wake-bus';
export * from './bull-wake-bus';
export * from './local-wake-bus';
export * from './queue-module';
