/** What a process tells the outside about itself: log, metrics, health, and its orderly end. */
export * from './correlation';
export * from './fail-point';
export * from './health';
export * from './log';
export * from './metrics';
export * from './nest-modules';
export * from './operations-server';
export * from './redaction';
export * from './shutdown';
