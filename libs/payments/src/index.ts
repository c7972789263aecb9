/** Payments of shops told by their providers: who may be believed, what moved, which receipts are owed. */
export * from './core/types';
export * from './core/amounts';
export * from './core/split';
export * from './core/basket';
export * from './core/decide';
export * from './core/mapped-order';
export * from './providers';
export { type ConnectionCheck, createPayments, type PaymentOptions, type Payments } from './desk/create-desk';
export type { PaymentDesk, Taken } from './desk/payment-desk';
export type { PaymentReconciler } from './desk/reconciler';
export { factsOfConnection, sealSecrets } from './desk/connections';
export type { ProviderClient } from './clients/client';
