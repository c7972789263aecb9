import { notifyOf } from '../change-feed';
import type { Sql } from '../sql';

export interface AlertInput {
  /** Stable machine word: `receipt_in_doubt`, `wrong_fn`, `fn_ahead_of_database`… */
  class: string;
  objectKind: 'register' | 'group' | 'receipt' | 'driver' | 'operator' | 'farm';
  objectId: string | number;
  /** 1 is the highest. */
  severity: 1 | 2 | 3 | 4;
  /** One sentence in Russian for the duty engineer. */
  text: string;
  facts?: Record<string, string | number | boolean | null>;
}

export interface OpenAlert extends Required<Omit<AlertInput, 'objectId'>> {
  id: string;
  objectId: string;
  openedAt: Date;
  times: number;
}

/** Open troubles, one row per (class, object): raising again only counts. */
export class AlertStore {
  constructor(private readonly sql: Sql) {}

  async raise(alert: AlertInput): Promise<void> {
    await this.sql.query(
      `with raised as (
       insert into alerts (class, object_kind, object_id, severity, text, facts)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (class, object_kind, object_id) where closed_at is null
       do update set seen_at = farm_now(), times = alerts.times + 1, text = excluded.text, facts = excluded.facts,
                     severity = least(alerts.severity, excluded.severity)
       returning (xmax = 0) as is_new)
       select ${notifyOf('alerts')} from raised where is_new`,
      [
        alert.class,
        alert.objectKind,
        String(alert.objectId),
        alert.severity,
        alert.text,
        JSON.stringify(alert.facts ?? {}),
      ],
    );
  }

  /** Closes the open alert of this class and object, if there is one. */
  async close(
    alertClass: string,
    objectKind: AlertInput['objectKind'],
    objectId: string | number,
  ): Promise<void> {
    await this.sql.query(
      `with closed as (
         update alerts set closed_at = farm_now()
         where class = $1 and object_kind = $2 and object_id = $3 and closed_at is null returning id)
       select ${notifyOf('alerts')} from closed`,
      [alertClass, objectKind, String(objectId)],
    );
  }

  async open(): Promise<OpenAlert[]> {
    return this.sql.query<OpenAlert>(
      `select id, class, object_kind as "objectKind", object_id as "objectId", severity, text, facts,
              opened_at as "openedAt", times
       from alerts where closed_at is null order by severity, opened_at`,
    );
  }
}
