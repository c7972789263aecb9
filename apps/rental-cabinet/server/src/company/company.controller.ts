import { randomBytes } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  ValidateNested,
} from 'class-validator';
import { normalEmail } from '@kkt/accounts';
import { type Access, type CompanyRole, companyRoles, rights } from '@kkt/company';
import { FarmError } from '@kkt/contracts';
import { notify } from '@kkt/notifications';
import { tokenHash } from '@kkt/security';
import { AuditStore, type AuditValue, CompanyStore, type Sql } from '@kkt/storage';
import type { CompanyView } from '@kkt/web-contract';
import { moment, momentOrNull, notFound } from '@kkt/web-server';
import { type CabinetParts, PARTS } from '../parts';
import { type Caller, CallerOf } from '../session/session.guard';

const nodeKinds = ['brand', 'region', 'shop'] as const;
const invitationDays = 7;

class NodeDto {
  @IsUUID()
  parentId!: string;

  @IsIn(nodeKinds)
  kind!: (typeof nodeKinds)[number];

  @IsString()
  @Length(1, 200)
  name!: string;

  @IsOptional()
  @IsString()
  @Length(0, 256)
  site?: string;

  @IsOptional()
  @IsString()
  @Length(0, 256)
  address?: string;
}

class ChangeNodeDto {
  @IsString()
  @Length(1, 200)
  name!: string;

  @IsOptional()
  @IsString()
  @Length(0, 256)
  site?: string;

  @IsOptional()
  @IsString()
  @Length(0, 256)
  address?: string;
}

class MoveDto {
  @IsUUID()
  parentId!: string;
}

class GrantDto {
  @IsUUID()
  nodeId!: string;

  @IsIn(companyRoles)
  role!: CompanyRole;
}

class RightsDto {
  @IsIn([...companyRoles, 'member'])
  role!: CompanyRole | 'member';

  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => GrantDto)
  grants!: GrantDto[];
}

class InviteDto extends GrantDto {
  @IsString()
  @Length(5, 254)
  email!: string;
}

class IdParam {
  @IsUUID()
  id!: string;
}

/** The company of the session: its tree, its people, who may do what where. */
@Controller('api/company')
export class CompanyController {
  constructor(@Inject(PARTS) private readonly parts: CabinetParts) {}

  @Get()
  async read(@CallerOf() caller: Caller): Promise<CompanyView> {
    const store = new CompanyStore(this.parts.database);
    const mayInvite = caller.access.canEverywhere('people:write');
    const [nodes, people, invitations] = await Promise.all([
      store.nodes(caller.clientId),
      mayInvite ? store.people(caller.clientId) : [],
      mayInvite ? store.invitations(caller.clientId) : [],
    ]);
    return {
      // A person sees the way from the company to what he may read, and nothing beside it.
      nodes: nodes.filter(({ id }) => isVisible(caller.access, id)),
      people: people.map((person) => ({ ...person, lastLoginAt: momentOrNull(person.lastLoginAt) })),
      invitations: invitations.map((one) => ({
        id: one.id,
        email: one.email,
        role: one.role,
        nodeId: one.nodeId,
        createdAt: moment(one.createdAt),
        expiresAt: moment(one.expiresAt),
        state: one.acceptedAt
          ? ('accepted' as const)
          : one.revokedAt
            ? ('revoked' as const)
            : one.expiresAt.getTime() <= this.parts.clock.nowMs()
              ? ('expired' as const)
              : ('open' as const),
      })),
      rights: rights.filter((right) => caller.access.canSomewhere(right)),
      roles: companyRoles.filter((role) => caller.access.canGive(role, caller.access.rootId)),
    };
  }

  @Post('nodes')
  async addNode(@CallerOf() caller: Caller, @Body() node: NodeDto): Promise<{ id: string }> {
    this.must(caller, 'structure:write', node.parentId);
    return this.doing(caller, 'node.add', async (sql) => {
      const made = await new CompanyStore(sql).addNode(caller.clientId, node);
      return { result: { id: made.id }, objectId: made.id, after: { name: made.name, kind: made.kind } };
    });
  }

  @Put('nodes/:id')
  @HttpCode(204)
  async changeNode(
    @CallerOf() caller: Caller,
    @Param() { id }: IdParam,
    @Body() change: ChangeNodeDto,
  ): Promise<void> {
    this.must(caller, 'structure:write', id);
    await this.doing(caller, 'node.change', async (sql) => {
      const { name, site = null, address = null } = change;
      await new CompanyStore(sql).changeNode(caller.clientId, id, { name, site, address });
      return { result: undefined, objectId: id, after: { name, site, address } };
    });
  }

  @Put('nodes/:id/parent')
  @HttpCode(204)
  async moveNode(
    @CallerOf() caller: Caller,
    @Param() { id }: IdParam,
    @Body() { parentId }: MoveDto,
  ): Promise<void> {
    this.must(caller, 'structure:write', id);
    this.must(caller, 'structure:write', parentId);
    await this.doing(caller, 'node.move', async (sql) => {
      await new CompanyStore(sql).moveNode(caller.clientId, id, parentId);
      return { result: undefined, objectId: id, after: { parentId } };
    });
  }

  @Delete('nodes/:id')
  @HttpCode(204)
  async removeNode(@CallerOf() caller: Caller, @Param() { id }: IdParam): Promise<void> {
    this.must(caller, 'structure:write', id);
    await this.doing(caller, 'node.remove', async (sql) => {
      await new CompanyStore(sql).removeNode(caller.clientId, id);
      return { result: undefined, objectId: id };
    });
  }

  /** Sets what a person may do; holds from his next request on. */
  @Put('people/:id')
  @HttpCode(204)
  async setRights(
    @CallerOf() caller: Caller,
    @Param() { id }: IdParam,
    @Body() body: RightsDto,
  ): Promise<void> {
    caller.access.must('people:write');
    const given = [
      ...body.grants,
      ...(body.role === 'member' ? [] : [{ nodeId: caller.access.rootId, role: body.role }]),
    ];
    for (const { role, nodeId } of given) this.mustGive(caller, role, nodeId);
    await this.doing(caller, 'person.rights', async (sql) => {
      await new CompanyStore(sql).setRights(caller.clientId, id, body.role, body.grants, caller.personId);
      const grants = body.grants.map(({ nodeId, role }) => ({ nodeId, role }));
      return { result: undefined, objectId: id, after: { role: body.role, grants } };
    });
  }

  @Delete('people/:id')
  @HttpCode(204)
  async shutOut(@CallerOf() caller: Caller, @Param() { id }: IdParam): Promise<void> {
    caller.access.must('people:write');
    await this.doing(caller, 'person.shut-out', async (sql) => {
      await new CompanyStore(sql).shutOut(caller.clientId, id);
      return { result: undefined, objectId: id };
    });
  }

  @Post('invitations')
  async invite(@CallerOf() caller: Caller, @Body() body: InviteDto): Promise<{ id: string }> {
    this.mustGive(caller, body.role, body.nodeId);
    const email = normalEmail(body.email);
    const id = this.parts.ids.uuid();
    const code = randomBytes(32).toString('base64url');
    return this.doing(caller, 'invitation.send', async (sql) => {
      await new CompanyStore(sql).invite({
        id,
        clientId: caller.clientId,
        nodeId: body.nodeId,
        role: body.role,
        email,
        codeHash: tokenHash(code),
        invitedBy: caller.personId,
        validS: invitationDays * 86_400,
      });
      await notify(sql, {
        kind: 'account.invited',
        params: {
          company: caller.clientName,
          inviter: caller.name,
          link: `${this.parts.cabinetUrl}/invitation#${code}`,
          days: invitationDays,
        },
        to: { kind: 'address', id: email },
        channel: 'email',
        event: `invitation:${id}`,
        clientId: caller.clientId,
      });
      return { result: { id }, objectId: id, after: { email, role: body.role, nodeId: body.nodeId } };
    });
  }

  @Delete('invitations/:id')
  @HttpCode(204)
  async revoke(@CallerOf() caller: Caller, @Param() { id }: IdParam): Promise<void> {
    caller.access.must('people:write');
    await this.doing(caller, 'invitation.revoke', async (sql) => {
      if (!(await new CompanyStore(sql).revokeInvitation(caller.clientId, id))) throw notFound('invitation');
      return { result: undefined, objectId: id };
    });
  }

  /** A node of another company and one without the right are told apart only by those who may read it. */
  private must(caller: Caller, right: 'structure:write', nodeId: string): void {
    if (!isVisible(caller.access, nodeId)) throw notFound('node');
    caller.access.must(right, nodeId);
  }

  private mustGive(caller: Caller, role: CompanyRole, nodeId: string): void {
    caller.access.must('people:write');
    if (!isVisible(caller.access, nodeId)) throw notFound('node');
    if (!caller.access.canGive(role, nodeId))
      throw new FarmError('CLIENT-FORBIDDEN', 'Нельзя дать больше прав, чем есть у вас', { field: 'role' });
  }

  private doing<T>(
    caller: Caller,
    action: string,
    run: (sql: Sql) => Promise<{ result: T; objectId: string; after?: AuditValue }>,
  ): Promise<T> {
    return this.parts.database.transaction(async (sql) => {
      const { result, objectId, after } = await run(sql);
      await AuditStore.write(sql, {
        actorKind: 'person',
        actorId: caller.personId,
        actorName: caller.name,
        clientId: caller.clientId,
        action,
        objectKind: action.split('.', 1)[0] ?? action,
        objectId,
        ...(after === undefined ? {} : { after }),
      });
      return result;
    });
  }
}

/** What a person may read receipts or registers of, and the way down to it. */
const isVisible = (access: Access, nodeId: string): boolean =>
  access.hasBelow('registers:read', nodeId) || access.can('registers:read', nodeId);
