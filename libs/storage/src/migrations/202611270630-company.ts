import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The tree of a client's company and who may do what in it. Every client has its root and every group of registers
 * its node from the moment it exists: triggers see to it, whoever inserts the row. Rights at the root are the role in
 * `client_people`; rights at a part of the tree are `node_grants`.
 */
export class Company1795761000000 implements MigrationInterface {
  readonly name = 'Company1795761000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table tree_nodes (
        id uuid primary key default gen_random_uuid(),
        client_id uuid not null references clients on delete cascade,
        parent_id uuid,
        kind text not null check (kind in ('company', 'brand', 'region', 'shop', 'group')),
        name text not null check (name = trim(name) and length(name) between 1 and 200),
        site text,
        address text,
        group_id integer references register_groups on delete cascade,
        created_at timestamptz not null default farm_now(),
        constraint tree_nodes_own unique (id, client_id),
        constraint tree_nodes_parent foreign key (parent_id, client_id) references tree_nodes (id, client_id),
        constraint tree_nodes_group unique (group_id),
        check ((kind = 'company') = (parent_id is null)),
        check ((kind = 'group') = (group_id is not null))
      );
      create unique index tree_nodes_root on tree_nodes (client_id) where parent_id is null;
      create unique index tree_nodes_name on tree_nodes (parent_id, lower(name)) where kind <> 'group';
      create index tree_nodes_client on tree_nodes (client_id);

      create function tree_root_of_client() returns trigger language plpgsql as $$
      begin
        insert into tree_nodes (client_id, kind, name)
        values (new.id, 'company', coalesce(nullif(trim(left(new.name, 200)), ''), new.inn));
        return null;
      end $$;
      create trigger tree_root_of_client after insert on clients for each row execute function tree_root_of_client();

      create function tree_node_of_group() returns trigger language plpgsql as $$
      begin
        insert into tree_nodes (client_id, parent_id, kind, name, group_id)
        select new.client_id, id, 'group', new.code, new.id
        from tree_nodes where client_id = new.client_id and parent_id is null;
        return null;
      end $$;
      create trigger tree_node_of_group after insert on register_groups
        for each row execute function tree_node_of_group();

      insert into tree_nodes (client_id, kind, name)
        select id, 'company', coalesce(nullif(trim(left(name, 200)), ''), inn) from clients;
      insert into tree_nodes (client_id, parent_id, kind, name, group_id)
        select g.client_id, n.id, 'group', g.code, g.id
        from register_groups g join tree_nodes n on n.client_id = g.client_id and n.parent_id is null;

      -- A member has no rights but those of his node_grants.
      alter table client_people drop constraint client_people_role_check;
      alter table client_people add constraint client_people_role_check
        check (role in ('owner', 'manager', 'accountant', 'developer', 'cashier', 'viewer', 'member'));

      create table node_grants (
        person_id uuid not null,
        client_id uuid not null,
        node_id uuid not null,
        role text not null check (role in ('owner', 'manager', 'accountant', 'developer', 'cashier', 'viewer')),
        granted_by uuid references people on delete set null,
        granted_at timestamptz not null default farm_now(),
        primary key (person_id, node_id),
        foreign key (person_id, client_id) references client_people (person_id, client_id) on delete cascade,
        foreign key (node_id, client_id) references tree_nodes (id, client_id) on delete cascade
      );
      create index node_grants_client on node_grants (client_id);

      -- An invitation is known by the SHA-256 of its code; the code itself is only in the letter.
      create table invitations (
        id uuid primary key,
        client_id uuid not null references clients on delete cascade,
        node_id uuid not null,
        role text not null check (role in ('owner', 'manager', 'accountant', 'developer', 'cashier', 'viewer')),
        email text not null,
        code_hash bytea not null unique,
        invited_by uuid references people on delete set null,
        created_at timestamptz not null default farm_now(),
        expires_at timestamptz not null,
        accepted_at timestamptz,
        accepted_by uuid references people on delete set null,
        revoked_at timestamptz,
        foreign key (node_id, client_id) references tree_nodes (id, client_id) on delete cascade,
        check (accepted_at is null or revoked_at is null)
      );
      create index invitations_client on invitations (client_id, created_at desc);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table invitations, node_grants;
      update client_people set role = 'viewer' where role in ('manager', 'cashier', 'member');
      alter table client_people drop constraint client_people_role_check;
      alter table client_people add constraint client_people_role_check
        check (role in ('owner', 'accountant', 'developer', 'viewer'));
      drop trigger tree_node_of_group on register_groups;
      drop trigger tree_root_of_client on clients;
      drop function tree_node_of_group, tree_root_of_client;
      drop table tree_nodes;
    `);
  }
}
