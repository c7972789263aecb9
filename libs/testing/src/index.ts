/** What tests share. Never imported by production code. */
export {
  receiptContent,
  type ReceiptInput,
  type RegisterInput,
  type TestClient,
  type TestGroup,
  type TestRegister,
} from './farm-content';
export * from './farm-rows';
export * from './test-database';
export * from './until';
export * from './virtual-clock';
export * from './farm/farm-process';
export * from './farm/own-servers';
export * from './farm/test-farm';
export * from './farm/checker';
export * from './farm/shop';
export * from './farm/callback-sink';
export * from './farm/steps';
export * from './farm/kill-bench';
export * from './gost-signature';
