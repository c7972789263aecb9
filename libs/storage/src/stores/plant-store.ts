import {
  type AssemblyLinks,
  downBy,
  type Element,
  type Plant,
  type PlantReport,
  type SwitchNode,
} from '@kkt/topology';
import { notifyOf } from '../change-feed';
import type { Database, Sql } from '../sql';

export interface DownElement extends Element {
  dc: string;
  since: Date;
}

interface AssemblyRow {
  dc: string;
  rack: string;
  number: number;
  switch_a: string | null;
  port_a: number | null;
  switch_b: string | null;
  port_b: number | null;
  feed_a: string | null;
  feed_b: string | null;
}

const linksOf = (row: AssemblyRow): AssemblyLinks => ({
  rack: row.rack,
  number: row.number,
  uplinks: {
    ...(row.switch_a && { a: { switch: row.switch_a, port: row.port_a ?? 0 } }),
    ...(row.switch_b && { b: { switch: row.switch_b, port: row.port_b ?? 0 } }),
  },
  feeds: { ...(row.feed_a && { a: row.feed_a }), ...(row.feed_b && { b: row.feed_b }) },
});

/** Network and power: as built, and as the monitor says they are. */
export class PlantStore {
  constructor(private readonly sql: Sql) {}

  /** The plants of all data centres. */
  async plants(): Promise<Plant[]> {
    // One after another: inside a transaction there is one connection.
    const feeds = await this.sql.query<{ dc: string; code: string }>(
      'select dc, code from power_feeds order by dc, code',
    );
    const switches = await this.sql.query<SwitchNode & { dc: string }>(
      'select dc, code, role, rack, uplinks, feeds from switches order by dc, code',
    );
    const assemblies = await this.sql.query<AssemblyRow>(
      'select * from assemblies order by dc, rack, number',
    );
    const dcs = [...new Set([...feeds, ...switches, ...assemblies].map(({ dc }) => dc))];
    return dcs.map((dc) => ({
      dc,
      feeds: feeds.filter((row) => row.dc === dc).map(({ code }) => code),
      switches: switches.filter((row) => row.dc === dc).map(({ dc: _, ...node }) => node),
      assemblies: assemblies.filter((row) => row.dc === dc).map(linksOf),
    }));
  }

  /** The plant of a data centre with the assemblies of one rack only; undefined when the rack is not in the inventory. */
  async rackPlant(dc: string, rack: string): Promise<Plant | undefined> {
    const assemblies = await this.sql.query<AssemblyRow>(
      'select * from assemblies where dc = $1 and rack = $2 order by number',
      [dc, rack],
      'plant_rack',
    );
    if (assemblies.length === 0) return undefined;
    const switches = await this.sql.query<SwitchNode>(
      `select code, role, rack, uplinks, feeds from switches where dc = $1 and (rack = $2 or rack is null) order by code`,
      [dc, rack],
      'plant_rack_switches',
    );
    const feeds = await this.sql.query<{ code: string }>(
      'select code from power_feeds where dc = $1 order by code',
      [dc],
    );
    return { dc, feeds: feeds.map(({ code }) => code), switches, assemblies: assemblies.map(linksOf) };
  }

  /** What is down, since when. */
  async down(): Promise<DownElement[]> {
    return this.sql.query<DownElement>(
      'select dc, kind, code, since from plant_down order by dc, kind, code',
    );
  }

  async reports(): Promise<{ report: PlantReport; seenAt: Date }[]> {
    return this.sql.query('select report, seen_at as "seenAt" from plant_reports order by dc');
  }

  /** Takes a report of the monitor: rows come and go with what is down; an unchanged one costs one write. */
  static async take(database: Database, report: PlantReport): Promise<void> {
    const down = downBy(report);
    await database.transaction(async (sql) => {
      await sql.query(
        `insert into plant_reports (dc, report) values ($1, $2)
         on conflict (dc) do update set report = excluded.report, seen_at = farm_now()`,
        [report.dc, JSON.stringify(report)],
        'plant_report',
      );
      await sql.query(
        `with said as (select * from json_to_recordset($2::json) as x(kind text, code text)),
         gone as (delete from plant_down d where d.dc = $1 and not exists (select 1 from said s where s.kind = d.kind and s.code = d.code)
                  returning 1 as one),
         came as (insert into plant_down (dc, kind, code) select $1, kind, code from said on conflict do nothing returning 1 as one),
         changed as (select one from gone union all select one from came)
         select ${notifyOf('plant')} from changed limit 1`,
        [report.dc, JSON.stringify(down)],
        'plant_down',
      );
    });
  }
}
