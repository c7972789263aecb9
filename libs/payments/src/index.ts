/** Payments of shops told by their providers: who may be believed, what moved, which receipts are owed. */
export * from './core/types';
export * from './core/amounts';
export * from './core/split';
export * from './core/basket';
export * from './core/decide';
export * from './providers';
export { isNetwork } from './wire/networks';
