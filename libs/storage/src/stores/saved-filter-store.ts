import { isUniqueViolation, type Sql } from '../sql';
import { FarmError } from '@kkt/contracts';

/** A search that a person gave a name. */
export interface SavedFilter {
  id: string;
  name: string;
  /** The search as the address of the page writes it, without the question mark. */
  query: string;
}

const mostOfOne = 30;

/** Searches that people keep, each for himself in one company. */
export class SavedFilterStore {
  constructor(private readonly sql: Sql) {}

  async list(clientId: string, personId: string): Promise<SavedFilter[]> {
    return this.sql.query<SavedFilter>(
      `select id, name, query from saved_filters where client_id = $1 and person_id = $2 order by lower(name)`,
      [clientId, personId],
    );
  }

  /** @throws FarmError CLIENT-FILTER when the name is taken or there are too many */
  async add(clientId: string, personId: string, filter: SavedFilter): Promise<void> {
    try {
      const rows = await this.sql.query(
        `insert into saved_filters (id, client_id, person_id, name, query)
         select $1, $2, $3, $4, $5
         where (select count(*) from saved_filters where client_id = $2 and person_id = $3) < ${mostOfOne} returning id`,
        [filter.id, clientId, personId, filter.name, filter.query],
      );
      if (rows.length === 0)
        throw new FarmError('CLIENT-FILTER', `Сохранить можно ${mostOfOne} фильтров, удалите ненужные`, {
          field: 'name',
        });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new FarmError('CLIENT-FILTER', 'Фильтр с таким названием уже есть', { field: 'name' });
    }
  }

  /** False when there is none. */
  async remove(clientId: string, personId: string, id: string): Promise<boolean> {
    const rows = await this.sql.query(
      'delete from saved_filters where client_id = $1 and person_id = $2 and id = $3 returning id',
      [clientId, personId, id],
    );
    return rows.length > 0;
  }
}
