/** Money between the farm and its clients: tariffs, prices, rentals, the ledger, bank statements. Pure. */
export * from './bank-statement';
export * from './billing-desk';
export * from './books';
export * from './days';
export * from './ledger';
export * from './money-moves';
export * from './promo';
export * from './quote';
export * from './rental';
export * from './stop-forecast';
export * from './tariffs';
