import type { Sql } from '../sql';
import type { ClientSight } from './cabinet-read-store';

export interface SeenGroupLoad {
  code: string;
  registers: number;
  receipts7d: number;
  peakPerMinute: number;
}

/** What a client's registers did in the last seven days. */
export interface ClientLoad {
  receipts7d: number;
  busiestDayReceipts: number;
  peakPerMinute: number;
  paceMs: number | null;
  registers: number;
  groups: SeenGroupLoad[];
}

interface MinuteRow {
  code: string;
  registers: number;
  receipts: number;
  peak: number;
  busiestDay: number;
}

const week = `r.state = 'done' and r.accepted_at > farm_now() - interval '7 days'`;
/** Receipts whose time is looked at, the newest of each group. */
const paceSample = 200;

/** The load of a client, for the calculator. */
export class LoadReadStore {
  constructor(private readonly sql: Sql) {}

  async load({ clientId, groupIds }: ClientSight): Promise<ClientLoad> {
    const groups = await this.sql.query<MinuteRow>(
      `select g.code, park.n as registers, coalesce(busy.receipts, 0)::integer as receipts,
              coalesce(busy.peak, 0)::integer as peak, coalesce(busy.day, 0)::integer as "busiestDay"
       from register_groups g
       cross join lateral (select count(*)::integer as n from registers k
                           where k.group_id = g.id and k.state <> 'closed') park
       left join lateral (
         select sum(n) as receipts, max(n) as peak, max(day_n) as day from (
           select count(*) as n, sum(count(*)) over (partition by date_trunc('day', date_trunc('minute', r.accepted_at))) as day_n
           from receipts r where r.group_id = g.id and ${week} group by date_trunc('minute', r.accepted_at)) m
       ) busy on true
       where g.client_id = $1 and ($2::integer[] is null or g.id = any ($2)) order by g.code`,
      [clientId, groupIds],
    );
    const pace = await this.sql.query<{ ms: number | null }>(
      `select percentile_cont(0.5) within group (order by extract(epoch from one.finished_at - one.started_at) * 1000)::float8 as ms
       from register_groups g cross join lateral (
         select r.finished_at, r.started_at from receipts r
         where r.group_id = g.id and ${week} and r.started_at is not null
         order by r.accepted_at desc limit ${paceSample}) one
       where g.client_id = $1 and ($2::integer[] is null or g.id = any ($2))`,
      [clientId, groupIds],
    );
    const sum = (of: (row: MinuteRow) => number): number => groups.reduce((all, row) => all + of(row), 0);
    const ms = pace[0]?.ms ?? null;
    return {
      receipts7d: sum(({ receipts }) => receipts),
      busiestDayReceipts: sum(({ busiestDay }) => busiestDay),
      peakPerMinute: sum(({ peak }) => peak),
      paceMs: ms === null ? null : Math.max(1, Math.round(ms)),
      registers: sum(({ registers }) => registers),
      groups: groups.map(({ code, registers, receipts, peak }) => ({
        code,
        registers,
        receipts7d: receipts,
        peakPerMinute: peak,
      })),
    };
  }
}
