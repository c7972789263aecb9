import { downBy, type Element, type Plant, type PlantReport, type SwitchNode } from '@kkt/topology';
import type { Database, Sql } from '../sql';

export interface DownElement extends Element {
  dc: string;
  since: Date;
}

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
    const assemblies = await this.sql.query<{
      dc: string;
      rack: string;
      number: number;
      switch_a: string | null;
      port_a: number | null;
      switch_b: string | null;
      port_b: number | null;
      feed_a: string | null;
      feed_b: string | null;
    }>('select * from assemblies order by dc, rack, number');
    const dcs = [...new Set([...feeds, ...switches, ...assemblies].map(({ dc }) => dc))];
    return dcs.map((dc) => ({
      dc,
      feeds: feeds.filter((row) => row.dc === dc).map(({ code }) => code),
      switches: switches.filter((row) => row.dc === dc).map(({ dc: _, ...node }) => node),
      assemblies: assemblies
        .filter((row) => row.dc === dc)
        .map((row) => ({
          rack: row.rack,
          number: row.number,
          uplinks: {
            ...(row.switch_a && { a: { switch: row.switch_a, port: row.port_a ?? 0 } }),
            ...(row.switch_b && { b: { switch: row.switch_b, port: row.port_b ?? 0 } }),
          },
          feeds: { ...(row.feed_a && { a: row.feed_a }), ...(row.feed_b && { b: row.feed_b }) },
        })),
    }));
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
         gone as (delete from plant_down d where d.dc = $1 and not exists (select 1 from said s where s.kind = d.kind and s.code = d.code))
         insert into plant_down (dc, kind, code) select $1, kind, code from said on conflict do nothing`,
        [report.dc, JSON.stringify(down)],
        'plant_down',
      );
    });
  }
}
