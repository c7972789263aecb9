/** PostgreSQL, the truth of the farm: connections, migrations, and one store per kind of decision. */
export * from './sql';
export * from './migrate';
