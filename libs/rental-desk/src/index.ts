/** What the farm does for clients who rent registers: money by card, the billing run, papers, orders, ends of rentals. */
export * from './auto-top-up-desk';
export * from './auto-top-up-news';
export * from './billing';
export * from './billing-run';
export * from './card-desk';
export * from './card-refund-desk';
export * from './paper-desk';
export * from './ports';
export * from './rental-ends';
export * from './rental-return';
export * from './order-desk';
export * from './order-run';
export * from './drive-desk';
export * from './contract-desk';
