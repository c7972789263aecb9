/** PostgreSQL, the truth of the farm: connections, migrations, and one store per kind of decision. */
export * from './sql';
export * from './group-commit';
export * from './migrate';
export * from './migrations';
export * from './stores/alert-store';
export * from './stores/callback-store';
export * from './stores/directory-store';
export * from './stores/dispatch-store';
export * from './stores/lease-store';
export * from './stores/receipt-store';
export * from './stores/register-store';
export * from './stores/relay-store';
