/** Fiscal registers as the farm uses them: one contract, the ATOL device behind it, and the wires. */
export * from './device';
