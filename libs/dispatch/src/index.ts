/** The driver's logic without frameworks: leases, sessions, claims, proofs. Runs on injected time, so it can be simulated. */
export * from './engine';
export * from './local-time';
export * from './ports';
export * from './settings';
export { decideOutcome, type Outcome } from './session/outcome';
export { ffdComparer } from './ffd-comparer';
