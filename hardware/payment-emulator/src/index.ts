/** Payment providers for tests and demonstrations: signed callbacks, and answers to questions. */
export * from './accounts';
export { Authority, certificate, type CertificateOptions } from './authority';
export { type Happening, stripeSigned } from './callbacks';
export { PaymentEmulator } from './payment-emulator';
