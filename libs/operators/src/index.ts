/** What the farm tells operators of fiscal data about its registers. */
export * from './operator-registry';
export * from './tax-state';
