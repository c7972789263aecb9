/** Secrets and strangers: passwords, tokens, signatures, what logs may say, which addresses may be called. */
export * from './limiter';
export * from './passwords';
export * from './tokens';
export * from './redaction';
export * from './public-address';
export * from './callback-url';
