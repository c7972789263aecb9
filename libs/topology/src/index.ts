/** Network and power of a hall: what hangs on what, and what a failure takes with it. Pure. */
export * from './plant';
