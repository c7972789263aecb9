/** Payments by card to the farm itself: what a bank is asked, and the adapter of the gateway most banks run. */
export * from './acquirer';
export * from './rbs-acquirer';
