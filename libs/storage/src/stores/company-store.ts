import {
  Access,
  checkPlace,
  type CompanyRole,
  CompanyTree,
  type Grant,
  type NodeKind,
  type TreeNode,
} from '@kkt/company';
import { FarmError } from '@kkt/contracts';
import { isUniqueViolation, oneRow, type Sql } from '../sql';

/** A node with what its page shows. */
export interface CompanyNode extends TreeNode {
  site: string | null;
  address: string | null;
}

/** Someone who works in a company. */
export interface CompanyPerson {
  id: string;
  login: string;
  name: string;
  disabled: boolean;
  /** Rights in the whole company; `member`: only those of his grants. */
  role: CompanyRole | 'member';
  grants: Grant[];
  lastLoginAt: Date | null;
}

export interface Invitation {
  id: string;
  clientId: string;
  nodeId: string;
  role: CompanyRole;
  email: string;
  createdAt: Date;
  expiresAt: Date;
  acceptedAt: Date | null;
  revokedAt: Date | null;
}

const nodeColumns = 'id, parent_id as "parentId", kind, name, group_id as "groupId", site, address';
const invitationColumns = `id, client_id as "clientId", node_id as "nodeId", role, email, created_at as "createdAt",
  expires_at as "expiresAt", accepted_at as "acceptedAt", revoked_at as "revokedAt"`;

/** Companies of clients: their trees, people, invitations. Every method is bound to one client. */
export class CompanyStore {
  constructor(private readonly sql: Sql) {}

  async nodes(clientId: string): Promise<CompanyNode[]> {
    return this.sql.query<CompanyNode>(
      `select ${nodeColumns} from tree_nodes where client_id = $1 order by name, id`,
      [clientId],
      'tree_nodes_of_client',
    );
  }

  async tree(clientId: string): Promise<CompanyTree> {
    return new CompanyTree(await this.nodes(clientId));
  }

  /** What a person may do in a company now; undefined when he does not belong to it or is shut out. */
  async access(personId: string, clientId: string): Promise<Access | undefined> {
    const rows = await this.sql.query<{ role: CompanyRole | 'member'; grants: Grant[] }>(
      `select l.role, coalesce((select json_agg(json_build_object('nodeId', g.node_id, 'role', g.role))
                                from node_grants g where g.person_id = l.person_id and g.client_id = l.client_id),
                               '[]') as grants
       from client_people l join people p on p.id = l.person_id and not p.disabled
       where l.person_id = $1 and l.client_id = $2`,
      [personId, clientId],
      'company_access',
    );
    const found = rows[0];
    if (!found) return undefined;
    const tree = await this.tree(clientId);
    const whole: Grant[] = found.role === 'member' ? [] : [{ nodeId: tree.root.id, role: found.role }];
    return new Access(tree, [...whole, ...found.grants]);
  }

  /** @throws FarmError CLIENT-TREE when the place or the name is taken or not allowed */
  async addNode(
    clientId: string,
    node: {
      parentId: string;
      kind: Exclude<NodeKind, 'company' | 'group'>;
      name: string;
      site?: string;
      address?: string;
    },
  ): Promise<CompanyNode> {
    const parents = await this.sql.query<{ kind: NodeKind }>(
      'select kind from tree_nodes where id = $1 and client_id = $2 for share',
      [node.parentId, clientId],
    );
    const parent = parents[0];
    if (!parent) throw new FarmError('CLIENT-TREE', 'Такого узла нет', { field: 'parentId' });
    checkPlace(node.kind, parent.kind);
    return this.named(() =>
      this.sql.query<CompanyNode>(
        `insert into tree_nodes (client_id, parent_id, kind, name, site, address)
         values ($1, $2, $3, trim($4), $5, $6) returning ${nodeColumns}`,
        [clientId, node.parentId, node.kind, node.name, node.site ?? null, node.address ?? null],
      ),
    );
  }

  async changeNode(
    clientId: string,
    id: string,
    change: { name: string; site: string | null; address: string | null },
  ): Promise<CompanyNode> {
    return this.named(() =>
      this.sql.query<CompanyNode>(
        `update tree_nodes set name = trim($3), site = $4, address = $5 where id = $1 and client_id = $2
         returning ${nodeColumns}`,
        [id, clientId, change.name, change.site, change.address],
      ),
    );
  }

  /** Hangs a node below another. Use it on a transaction: the tree is locked until its end. */
  async moveNode(clientId: string, id: string, parentId: string): Promise<void> {
    await this.sql.query('select 1 from tree_nodes where client_id = $1 order by id for update', [clientId]);
    (await this.tree(clientId)).checkMove(id, parentId);
    await this.named(() =>
      this.sql.query<CompanyNode>(
        `update tree_nodes set parent_id = $3 where id = $1 and client_id = $2 returning ${nodeColumns}`,
        [id, clientId, parentId],
      ),
    );
  }

  /** Removes an empty node. Groups and the company itself stay. */
  async removeNode(clientId: string, id: string): Promise<void> {
    const removed = await this.sql.query(
      `delete from tree_nodes n where id = $1 and client_id = $2 and kind not in ('company', 'group')
         and not exists (select 1 from tree_nodes c where c.parent_id = n.id) returning id`,
      [id, clientId],
    );
    if (removed.length === 0)
      throw new FarmError('CLIENT-TREE', 'Удалить можно только пустой узел', { field: 'id' });
  }

  async people(clientId: string): Promise<CompanyPerson[]> {
    return this.sql.query<CompanyPerson>(
      `select p.id, p.login, p.name, p.disabled, l.role,
              coalesce((select json_agg(json_build_object('nodeId', g.node_id, 'role', g.role))
                        from node_grants g where g.person_id = p.id and g.client_id = $1), '[]') as grants,
              (select max(j.at) from login_journal j where j.who = p.id and j.outcome = 'ok') as "lastLoginAt"
       from client_people l join people p on p.id = l.person_id where l.client_id = $1 order by p.name, p.id`,
      [clientId],
    );
  }

  /**
   * Sets what a person may do: a role in the whole company, or roles at nodes.
   * @throws FarmError CLIENT-PEOPLE when it would leave the company without an owner
   */
  async setRights(
    clientId: string,
    personId: string,
    role: CompanyRole | 'member',
    grants: readonly Grant[],
    by: string,
  ): Promise<void> {
    await this.lockPeople(clientId);
    const changed = await this.sql.query(
      'update client_people set role = $3 where person_id = $1 and client_id = $2 returning person_id',
      [personId, clientId, role],
    );
    if (changed.length === 0)
      throw new FarmError('CLIENT-PEOPLE', 'Такого сотрудника нет', { field: 'personId' });
    await this.sql.query('delete from node_grants where person_id = $1 and client_id = $2', [
      personId,
      clientId,
    ]);
    for (const grant of grants)
      await this.sql.query(
        `insert into node_grants (person_id, client_id, node_id, role, granted_by) values ($1, $2, $3, $4, $5)`,
        [personId, clientId, grant.nodeId, grant.role, by],
      );
    await this.checkOwner(clientId);
  }

  /** Shuts a person out of a company at once: his rights and his sessions in it end. */
  async shutOut(clientId: string, personId: string): Promise<void> {
    await this.lockPeople(clientId);
    await this.sql.query('delete from client_people where person_id = $1 and client_id = $2', [
      personId,
      clientId,
    ]);
    await this.sql.query('delete from web_sessions where person_id = $1 and client_id = $2', [
      personId,
      clientId,
    ]);
    await this.checkOwner(clientId);
  }

  async invite(
    invitation: Pick<Invitation, 'id' | 'clientId' | 'nodeId' | 'role' | 'email'> & {
      codeHash: Buffer;
      invitedBy: string;
      validS: number;
    },
  ): Promise<Invitation> {
    const rows = await this.sql.query<Invitation>(
      `insert into invitations (id, client_id, node_id, role, email, code_hash, invited_by, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, farm_now() + make_interval(secs => $8)) returning ${invitationColumns}`,
      [
        invitation.id,
        invitation.clientId,
        invitation.nodeId,
        invitation.role,
        invitation.email,
        invitation.codeHash,
        invitation.invitedBy,
        invitation.validS,
      ],
    );
    return oneRow(rows, 'an invitation');
  }

  async invitations(clientId: string): Promise<Invitation[]> {
    return this.sql.query<Invitation>(
      `select ${invitationColumns} from invitations where client_id = $1 order by created_at desc limit 200`,
      [clientId],
    );
  }

  async revokeInvitation(clientId: string, id: string): Promise<boolean> {
    const rows = await this.sql.query(
      `update invitations set revoked_at = farm_now()
       where id = $1 and client_id = $2 and accepted_at is null and revoked_at is null returning id`,
      [id, clientId],
    );
    return rows.length === 1;
  }

  /** The invitation behind a code that can still be accepted. */
  async openInvitation(codeHash: Buffer): Promise<(Invitation & { companyName: string }) | undefined> {
    const rows = await this.sql.query<Invitation & { companyName: string }>(
      `select ${invitationColumns}, (select name from clients c where c.id = client_id) as "companyName"
       from invitations
       where code_hash = $1 and accepted_at is null and revoked_at is null and expires_at > farm_now()
       for update`,
      [codeHash],
    );
    return rows[0];
  }

  /** Makes a person part of the company with what the invitation gives. Use it on the transaction that opened it. */
  async accept(invitation: Invitation, personId: string): Promise<void> {
    const { clientId, nodeId, role } = invitation;
    const isWhole = (await this.tree(clientId)).root.id === nodeId;
    await this.sql.query(
      `insert into client_people (client_id, person_id, role) values ($1, $2, $3)
       on conflict (person_id, client_id) do update set role = case when $4 then excluded.role else client_people.role end`,
      [clientId, personId, isWhole ? role : 'member', isWhole],
    );
    if (!isWhole)
      await this.sql.query(
        `insert into node_grants (person_id, client_id, node_id, role) values ($1, $2, $3, $4)
         on conflict (person_id, node_id) do update set role = excluded.role, granted_at = farm_now()`,
        [personId, clientId, nodeId, role],
      );
    await this.sql.query('update invitations set accepted_at = farm_now(), accepted_by = $2 where id = $1', [
      invitation.id,
      personId,
    ]);
  }

  private async lockPeople(clientId: string): Promise<void> {
    await this.sql.query('select 1 from client_people where client_id = $1 order by person_id for update', [
      clientId,
    ]);
  }

  private async checkOwner(clientId: string): Promise<void> {
    const owners = await this.sql.query(
      `select 1 from client_people l join people p on p.id = l.person_id
       where l.client_id = $1 and l.role = 'owner' and not p.disabled limit 1`,
      [clientId],
    );
    if (owners.length === 0)
      throw new FarmError('CLIENT-PEOPLE', 'В компании должен остаться хотя бы один владелец', {
        field: 'role',
      });
  }

  private async named(run: () => Promise<CompanyNode[]>): Promise<CompanyNode> {
    const rows = await run().catch((error: unknown): never => {
      if (isUniqueViolation(error, 'tree_nodes_name'))
        throw new FarmError('CLIENT-TREE', 'Узел с таким названием здесь уже есть', { field: 'name' });
      throw error;
    });
    const node = rows[0];
    if (!node) throw new FarmError('CLIENT-TREE', 'Такого узла нет', { field: 'id' });
    return node;
  }
}
