import type { Sql } from '../sql';
import { onlineNow } from './console-read-store';

/** One register as lists of engineers show it. */
export interface RegisterListRow {
  id: number;
  serial: string;
  model: string;
  place: Record<string, string | number>;
  /** The state of its row; `offline` and `attention` are told from the driver's word for one that is `ready`. */
  condition:
    'stopped' | 'offline' | 'attention' | 'swap' | 'paused' | 'registering' | 'works' | 'stock' | 'closed';
  stateReason: string | null;
  problem: string | null;
  clientName: string | null;
  groupCode: string | null;
  rnm: string | null;
  fnNumber: string | null;
  documentsLeft: number | null;
  /** `YYYY-MM-DD`. */
  validUntil: string | null;
  unsent: number | null;
  firstUnsentAt: Date | null;
  operatorName: string | null;
}

/** Everything given must fit. */
export interface RegisterListFilter {
  dc?: string;
  rack?: string;
  condition?: RegisterListRow['condition'];
  /** Part of the client's name, or its INN. */
  client?: string;
  group?: string;
  /** Part of the model's name. */
  model?: string;
  /** `host:port` of its operator. */
  operator?: string;
  /** Only registers with documents that the operator has not confirmed. */
  unsent?: boolean;
  /** Serial number, RNM or FN, or the end of one. */
  number?: string;
}

const condition = `case when k.state <> 'ready' then k.state when not ${onlineNow} then 'offline'
  when s.problem is null then 'works' else 'attention' end`;

/** Registers of the farm by what engineers look for, page by page. Reads only. */
export class RegisterListStore {
  constructor(private readonly sql: Sql) {}

  /** Rows in the order of their ids, those after `afterId`. */
  async list(filter: RegisterListFilter, limit: number, afterId = 0): Promise<RegisterListRow[]> {
    return this.sql.query<RegisterListRow>(
      `select k.id, k.serial, k.model, k.place, ${condition} as condition, k.state_reason as "stateReason", s.problem,
              c.name as "clientName", g.code as "groupCode", k.rnm, k.fn_number as "fnNumber",
              s.documents_left as "documentsLeft", to_char(f.valid_until, 'YYYY-MM-DD') as "validUntil", s.unsent,
              s.first_unsent_at as "firstUnsentAt", r.name as "operatorName"
       from registers k left join register_status s on s.register_id = k.id left join leases l on l.register_id = k.id
       left join register_groups g on g.id = k.group_id left join clients c on c.id = k.client_id
       left join fiscal_drives f on f.fn_number = k.fn_number left join register_operators r on r.register_id = k.id
       where k.id > $1 and ($3::text is null or k.place->>'dc' = $3) and ($4::text is null or k.place->>'rack' = $4)
         and ($5::text is null or ${condition} = $5)
         and ($6::text is null or c.inn = $6 or position(lower($6) in lower(c.name)) > 0)
         and ($7::text is null or g.code = $7) and ($8::text is null or position(lower($8) in lower(k.model)) > 0)
         and ($9::text is null or r.host || ':' || r.port = $9) and (not $10::boolean or coalesce(s.unsent, 0) > 0)
         and ($11::text is null or right(k.serial, length($11)) = $11 or right(k.rnm, length($11)) = $11
              or right(k.fn_number, length($11)) = $11)
       order by k.id limit $2`,
      [
        afterId,
        limit,
        filter.dc,
        filter.rack,
        filter.condition,
        filter.client,
        filter.group,
        filter.model,
        filter.operator,
        filter.unsent ?? false,
        filter.number,
      ],
      'console_register_list',
    );
  }
}
