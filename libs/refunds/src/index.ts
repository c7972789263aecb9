/** Receipts built from registered ones: refunds exact to the kopeck, corrections that take back and that put right. */
export * from './deriver';
export * from './original';
export * from './plan-correction';
export * from './plan-refund';
export * from './problem';
