import type { Sql } from '../sql';

/** Which secret of a client signs its callbacks. */
export interface CallbackGeneration {
  /** 1 until it is changed for the first time. */
  current: number;
  /** The previous one signs as well, until this moment. */
  previousUntil: Date | null;
}

/** Of a client that never changed its secret. */
const first: CallbackGeneration = { current: 1, previousUntil: null };

/** Generations of clients' callback secrets; the secrets themselves are derived and never stored. */
export class CallbackSecretStore {
  constructor(private readonly sql: Sql) {}

  async of(clientId: string): Promise<CallbackGeneration> {
    const [found] = await this.ofEach([clientId]);
    return found ?? first;
  }

  /** Those of several clients by one statement, in the order asked. */
  async ofEach(clientIds: readonly string[]): Promise<CallbackGeneration[]> {
    const rows = await this.sql.query<CallbackGeneration & { clientId: string }>(
      `select client_id as "clientId", generation as current,
              case when previous_until > farm_now() then previous_until end as "previousUntil"
       from callback_secrets where client_id = any(array(select unnest($1::uuid[])))`,
      [[...new Set(clientIds)]],
      'callback_secrets_of',
    );
    const byClient = new Map(rows.map(({ clientId, ...generation }) => [clientId, generation]));
    return clientIds.map((clientId) => byClient.get(clientId) ?? first);
  }

  /** Begins the next generation; the one before it signs for so many hours more. */
  async rotate(clientId: string, hours: number): Promise<CallbackGeneration> {
    await this.sql.query(
      `insert into callback_secrets (client_id, generation, previous_until)
       values ($1, 2, farm_now() + make_interval(hours => $2))
       on conflict (client_id) do update set generation = callback_secrets.generation + 1,
         previous_until = excluded.previous_until, changed_at = farm_now()`,
      [clientId, hours],
    );
    return this.of(clientId);
  }
}
