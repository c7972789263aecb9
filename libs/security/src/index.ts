/** Secrets and strangers: passwords, tokens, signatures, which addresses may be called. */
export * from './limiter';
export * from './passwords';
export * from './tokens';
export * from './contacts';
export * from './public-address';
export * from './callback-url';
export * from './networks';
export * from './api-keys';
export * from './sealing';
export * from './receipt-link';
export * from './streebog';
