/** Reconciliation: FN archive, our database and the operator, document by document. Finds; never changes fiscal data. */
export * from './actions';
export * from './compare';
export * from './csv';
export * from './facts';
export { defaultDriveCheckSettings, type DriveCheckSettings } from './drive-check';
export * from './farm-reconciler';
export * from './nightly';
export * from './operator-client';
export * from './reconciler';
