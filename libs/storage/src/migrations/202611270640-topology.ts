import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The hall: data centre, zones, racks, assemblies with their cables and feeds, switches; types apart from instances.
 * What cannot be (a thirteenth assembly, a forty-ninth slot, both cables in one switch) is refused by constraints with
 * names that say so.
 */
export class Topology1795761600000 implements MigrationInterface {
  readonly name = 'Topology1795761600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What a thing is, apart from the things themselves: changing a type changes no instance.
      create table hardware_types (
        kind text not null check (kind in ('rack', 'assembly', 'switch', 'kkt', 'fn')),
        code text not null,
        vendor text,
        name text not null,
        part_number text,
        attributes jsonb not null default '{}',
        spares integer not null default 0 check (spares >= 0),
        spares_minimum integer not null default 0 check (spares_minimum >= 0),
        primary key (kind, code)
      );

      create table data_centres (
        code text primary key,
        name text not null,
        address text,
        tier smallint constraint data_centres_tier check (tier between 1 and 4)
      );
      create table zones (
        dc text not null constraint zones_data_centre references data_centres on delete cascade,
        code text not null,
        name text not null,
        primary key (dc, code)
      );
      create table power_feeds (
        dc text not null constraint power_feeds_data_centre references data_centres on delete cascade,
        code text not null,
        name text,
        primary key (dc, code)
      );
      create table racks (
        dc text not null constraint racks_data_centre references data_centres on delete cascade,
        code text not null,
        zone text not null,
        -- The landlord's own name of the place.
        facility_id text,
        type text,
        primary key (dc, code),
        constraint racks_zone foreign key (dc, zone) references zones (dc, code)
      );
      create table switches (
        dc text not null constraint switches_data_centre references data_centres on delete cascade,
        code text not null,
        role text not null constraint switches_role check (role in ('access', 'core')),
        rack text,
        -- Switches of one stack are managed as one.
        stack text,
        type text,
        -- Codes of core switches and of power feeds.
        uplinks text[] not null default '{}',
        feeds text[] not null default '{}',
        primary key (dc, code),
        constraint switches_rack foreign key (dc, rack) references racks (dc, code)
      );
      create table assemblies (
        dc text not null,
        rack text not null,
        number smallint not null constraint assemblies_number_in_rack check (number between 1 and 12),
        type text,
        switch_a text,
        port_a smallint,
        switch_b text,
        port_b smallint,
        feed_a text,
        feed_b text,
        primary key (dc, rack, number),
        constraint assemblies_rack foreign key (dc, rack) references racks (dc, code) on delete cascade,
        constraint assemblies_switch_a foreign key (dc, switch_a) references switches (dc, code),
        constraint assemblies_switch_b foreign key (dc, switch_b) references switches (dc, code),
        constraint assemblies_feed_a foreign key (dc, feed_a) references power_feeds (dc, code),
        constraint assemblies_feed_b foreign key (dc, feed_b) references power_feeds (dc, code),
        constraint assemblies_port_a_once unique (dc, switch_a, port_a),
        constraint assemblies_port_b_once unique (dc, switch_b, port_b)
      );

      -- A module's place is in its row; these refuse places that no rack has.
      alter table registers
        add constraint registers_assembly_in_rack check ((place->>'assembly') is null or (place->>'assembly')::integer between 1 and 12),
        add constraint registers_slot_in_assembly check ((place->>'slot') is null or (place->>'slot')::integer between 1 and 48);
      create unique index registers_one_per_slot
        on registers ((place->>'dc'), (place->>'rack'), (place->>'assembly'), (place->>'slot'))
        where place ? 'slot' and state in ('registering', 'ready', 'paused', 'stopped');

      -- What the monitor of switches and power said last; only what is down has a row.
      create table plant_down (
        dc text not null,
        kind text not null check (kind in ('switch', 'link', 'port', 'feed')),
        code text not null,
        since timestamptz not null default farm_now(),
        primary key (dc, kind, code)
      );
      create table plant_reports (
        dc text primary key,
        report jsonb not null,
        seen_at timestamptz not null default farm_now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table plant_reports, plant_down, assemblies, switches, racks, power_feeds, zones, data_centres, hardware_types;
      drop index registers_one_per_slot;
      alter table registers drop constraint registers_assembly_in_rack, drop constraint registers_slot_in_assembly;
    `);
  }
}
