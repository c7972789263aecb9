/** Decisions about receipts: money, VAT, the rules a receipt must keep, and the field table all doors share. Pure. */
export * from './money';
export * from './decimal-text';
export * from './splitting';
export * from './vat';
export * from './draft';
export * from './group-facts';
export { type Refusal, type RefusalRule } from './refusal';
export * from './accept-receipt';
export * from './fields';
export { bodySchema, type JsonSchema } from './fields/json-schema';
export * from './dates';
export { fiscalText } from './texts';
