/** Papers that the farm and a client exchange, as PDF: invoices, acts, reconciliation acts, contracts. */
export * from './contract';
export * from './papers';
export type { Buyer, Seller } from './parties';
export { fileName, sumInWords } from './words';
export { type DetachedSignature, readDetachedSignature } from './signature';
