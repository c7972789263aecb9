import { FarmError } from '@kkt/contracts';
import { isUniqueViolation, type Sql } from '../sql';

/** A key of a client's program, without its secret. */
export interface ApiKeyRow {
  id: string;
  clientId: string;
  /** What the key is for; the two keys of one name replace each other. */
  name: string;
  scopes: string[];
  /** The only group the key may touch; null: all groups of the client. */
  groupCode: string | null;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
  /** Address the last use came from. */
  lastUsedFrom: string | null;
  /** Networks it may be used from (`10.0.0.0/8`); empty: from anywhere. */
  allowedFrom: string[];
}

export interface NewApiKeyRow {
  id: string;
  keyHash: Buffer;
  clientId: string;
  name: string;
  scopes: readonly string[];
  groupCode?: string | null;
  allowedFrom?: readonly string[];
  /** Days the key lives; absent: until it is revoked. */
  lifetimeDays?: number;
}

/** A use of a key, to be written when there is time. */
export interface ApiKeyUse {
  id: string;
  at: Date;
  from: string;
}

const columns = `k.id, k.client_id as "clientId", k.name, k.scopes, g.code as "groupCode", k.created_at as "createdAt",
  k.expires_at as "expiresAt", k.revoked_at as "revokedAt", k.last_used_at as "lastUsedAt",
  k.last_used_from as "lastUsedFrom", k.allowed_from::text[] as "allowedFrom"`;

/** Keys of the own API. At most two of one name and client are active at once: the database holds to it. */
export class ApiKeyStore {
  constructor(private readonly sql: Sql) {}

  /**
   * Stores a key. Throws `CLIENT-KEYS-FULL` when two keys of this name are active, `CLIENT-GROUP` when the group is
   * not the client's.
   */
  async add(key: NewApiKeyRow): Promise<ApiKeyRow> {
    // Two may come at once: the second one loses the slot and looks again.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      try {
        const made = await this.insert(key);
        if (made) return made;
        throw new FarmError('CLIENT-KEYS-FULL', 'Two keys of this name are active: revoke one first', {
          name: key.name,
        });
      } catch (error) {
        if (!isUniqueViolation(error, 'api_keys_two_active')) throw error;
      }
    }
    throw new FarmError('CLIENT-KEYS-FULL', 'Two keys of this name are active: revoke one first', {
      name: key.name,
    });
  }

  private async insert(key: NewApiKeyRow): Promise<ApiKeyRow | undefined> {
    if (key.groupCode) {
      const groups = await this.sql.query(
        'select 1 from register_groups where code = $1 and client_id = $2',
        [key.groupCode, key.clientId],
      );
      if (groups.length === 0)
        throw new FarmError('CLIENT-GROUP', 'No such group of this client', { group: key.groupCode });
    }
    // A key past its end gives its slot free.
    await this.sql.query(
      `update api_keys set revoked_at = expires_at
       where client_id = $1 and name = $2 and revoked_at is null and expires_at < farm_now()`,
      [key.clientId, key.name],
    );
    const rows = await this.sql.query<ApiKeyRow>(
      `with k as (
         insert into api_keys (id, client_id, name, slot, key_hash, scopes, group_id, expires_at, allowed_from)
         select $1, $2, $3, s.slot, $4, $5::text[], (select id from register_groups where code = $6),
                farm_now() + make_interval(days => $7), $8::text[]::inet[]
         from (values (1), (2)) s(slot)
         where not exists (select 1 from api_keys a where a.client_id = $2 and a.name = $3 and a.slot = s.slot
                                                    and a.revoked_at is null)
         order by s.slot limit 1
         returning *
       )
       select ${columns} from k left join register_groups g on g.id = k.group_id`,
      [
        key.id,
        key.clientId,
        key.name,
        key.keyHash,
        [...key.scopes],
        key.groupCode ?? null,
        key.lifetimeDays ?? null,
        [...(key.allowedFrom ?? [])],
      ],
    );
    return rows[0];
  }

  /** The key with this hash, whether it may still be used or not. */
  async byHash(keyHash: Buffer): Promise<ApiKeyRow | undefined> {
    const rows = await this.sql.query<ApiKeyRow>(
      `select ${columns} from api_keys k left join register_groups g on g.id = k.group_id where k.key_hash = $1`,
      [keyHash],
      'api_keys_by_hash',
    );
    return rows[0];
  }

  /** Keys of a client, the newest first. */
  async ofClient(clientId: string): Promise<ApiKeyRow[]> {
    return this.sql.query<ApiKeyRow>(
      `select ${columns} from api_keys k left join register_groups g on g.id = k.group_id
       where k.client_id = $1 order by k.created_at desc, k.id`,
      [clientId],
    );
  }

  /** Ends a key for good. False when the client has no such active key. */
  async revoke(clientId: string, id: string): Promise<boolean> {
    const rows = await this.sql.query(
      `update api_keys set revoked_at = farm_now() where client_id = $1 and id = $2 and revoked_at is null returning id`,
      [clientId, id],
    );
    return rows.length > 0;
  }

  /** Changes where an active key may be used from. False when the client has no such active key. */
  async allowFrom(clientId: string, id: string, networks: readonly string[]): Promise<boolean> {
    const rows = await this.sql.query(
      `update api_keys set allowed_from = $3::text[]::inet[]
       where client_id = $1 and id = $2 and revoked_at is null returning id`,
      [clientId, id, [...networks]],
    );
    return rows.length > 0;
  }

  /** Lets a key live at most so many hours more. */
  async endSoon(clientId: string, id: string, hours: number): Promise<void> {
    await this.sql.query(
      `update api_keys set expires_at = least(expires_at, farm_now() + make_interval(hours => $3))
       where client_id = $1 and id = $2 and revoked_at is null`,
      [clientId, id, hours],
    );
  }

  /** Notes when and from where keys were used last. */
  async noteUses(uses: readonly ApiKeyUse[]): Promise<void> {
    await this.sql.query(
      `update api_keys k set last_used_at = greatest(k.last_used_at, x.at), last_used_from = x.from
       from json_to_recordset($1::json) as x(id text, at timestamptz, "from" text) where k.id = x.id`,
      [JSON.stringify(uses)],
    );
  }
}
