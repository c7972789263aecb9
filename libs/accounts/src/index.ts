/** Accounts of people: sign-up, confirmations, recovery, second factor. Doors are elsewhere. */
export * from './account-desk';
export * from './confirmation';
export * from './contacts';
export * from './password-rules';
export * from './totp';
