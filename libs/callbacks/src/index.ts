/** Result callbacks to shops: which address may be called, how a call is made and signed, when it is repeated. */
export * from './deliverer';
export * from './post';
export * from './schedule';
export * from './signature';
