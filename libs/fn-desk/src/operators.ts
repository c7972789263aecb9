import type { KnownOperator } from '@kkt/fn-life';
import type { Sql } from '@kkt/storage';

/** Operators of the directory, and those that groups of registers are with already. */
export const knownOperators = (sql: Sql): Promise<KnownOperator[]> =>
  sql.query<KnownOperator>(
    'select inn, name from operators union select distinct ofd_inn, ofd_name from register_groups',
  );
