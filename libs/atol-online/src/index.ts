/** Shapes of the ATOL Online receipt protocol (v4, v5) that several processes send: report, callback, errors, dates. */
export * from './dates';
export * from './errors';
export * from './marks';
export * from './report';
