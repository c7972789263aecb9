/**
 * Shapes of the JSON between the web applications' servers and browsers. Types only: nothing of this file runs.
 * Moments are ISO texts in UTC; `local` times are the register's wall clock without a zone; sums are kopecks.
 */
export * from './common';
export * from './console';
export * from './console-alerts';
export * from './console-register';
export * from './console-demo';
export * from './console-rack';
export * from './console-desk';
export * from './console-capacity';
export * from './console-walls';
export * from './account';
export * from './cabinet';
export * from './external';
export * from './fn-life';
export * from './cabinet-analytics';
export * from './cabinet-integration';
export * from './cabinet-receipts';
export * from './support';
export * from './money';
