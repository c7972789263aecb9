import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { FarmError } from '@kkt/contracts';
import { isNetwork, newApiKey } from '@kkt/security';
import { ApiKeyStore, type ApiKeyRow, CabinetReadStore, type Sql } from '@kkt/storage';
import type { ApiKeyView, MadeApiKey } from '@kkt/web-contract';
import { moment, momentOrNull, notFound } from '@kkt/web-server';
import { type CabinetParts, PARTS } from '../parts';
import { type Caller, CallerOf, sightOf } from '../session/session.guard';
import { noteOf } from '../session/audit-note';

/** What a key of the own API may be allowed to do. */
const scopes = [
  'receipt:write',
  'receipt:read',
  'report:read',
  'key:manage',
  'payment:write',
  'payment:read',
  'payment:manage',
] as const;

class KeyDto {
  @IsString()
  @Matches(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,59}$/u, { message: 'название — буквы, цифры, пробелы' })
  name!: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(scopes.length)
  @IsIn(scopes, { each: true })
  scopes!: string[];

  /** Only this group of registers. */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  group?: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(3_660)
  lifetimeDays?: number;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  allowedFrom?: string[];
}

class RotateDto {
  /** How long the present key works on. */
  @IsInt()
  @Min(0)
  @Max(720)
  oldLivesHours!: number;
}

class KeyParams {
  @Matches(/^[0-9a-z]{8}$/)
  id!: string;
}

const viewOf = (row: ApiKeyRow): ApiKeyView => ({
  id: row.id,
  prefix: `fk_live_${row.id}_…`,
  name: row.name,
  scopes: row.scopes,
  groupCode: row.groupCode,
  allowedFrom: row.allowedFrom,
  createdAt: moment(row.createdAt),
  expiresAt: momentOrNull(row.expiresAt),
  revokedAt: momentOrNull(row.revokedAt),
  lastUsedAt: momentOrNull(row.lastUsedAt),
  lastUsedFrom: row.lastUsedFrom,
});

/** Keys of the own API. A key of all groups belongs to those who hold the right in the whole company. */
@Controller('api/keys')
export class KeysController {
  private readonly store: ApiKeyStore;

  constructor(
    @Inject(PARTS) private readonly parts: CabinetParts,
    @Inject(CabinetReadStore) private readonly cabinet: CabinetReadStore,
  ) {
    this.store = new ApiKeyStore(parts.database);
  }

  @Get()
  async list(@CallerOf() caller: Caller): Promise<ApiKeyView[]> {
    if (!caller.access.canSomewhere('integration:read')) caller.access.must('integration:read');
    const mine = await this.reach(caller, 'integration:read');
    return (await this.store.ofClient(caller.clientId)).filter(mine).map(viewOf);
  }

  /** The text of the key is shown here and never again. */
  @Post()
  async make(@CallerOf() caller: Caller, @Body() body: KeyDto): Promise<MadeApiKey> {
    const mine = await this.reach(caller, 'integration:write');
    if (!mine({ groupCode: body.group ?? null }))
      throw new FarmError('CLIENT-FORBIDDEN', 'Недостаточно прав: integration:write', { field: 'group' });
    const strange = body.allowedFrom?.find((one) => !isNetwork(one));
    if (strange !== undefined)
      throw new FarmError('CLIENT-NETWORK', `${strange} — не сеть вида 203.0.113.0/24`, {
        field: 'allowedFrom',
      });
    const key = newApiKey();
    await this.parts.database.transaction(async (sql) => {
      await this.add(sql, {
        id: key.id,
        keyHash: key.hash,
        clientId: caller.clientId,
        name: body.name.trim(),
        scopes: [...new Set(body.scopes)],
        groupCode: body.group ?? null,
        allowedFrom: body.allowedFrom ?? [],
        ...(body.lifetimeDays !== undefined && { lifetimeDays: body.lifetimeDays }),
      });
      await noteOf(sql, caller, 'api-key.make', key.id, {
        name: body.name,
        scopes: body.scopes.join(' '),
      });
    });
    return { id: key.id, key: key.text };
  }

  /** A successor with the same rights; the present key works on for a while. */
  @Post(':id/rotate')
  async rotate(
    @CallerOf() caller: Caller,
    @Param() { id }: KeyParams,
    @Body() { oldLivesHours }: RotateDto,
  ): Promise<MadeApiKey> {
    const row = await this.own(caller, id);
    const key = newApiKey();
    await this.parts.database.transaction(async (sql) => {
      await this.add(sql, {
        id: key.id,
        keyHash: key.hash,
        clientId: caller.clientId,
        name: row.name,
        scopes: row.scopes,
        groupCode: row.groupCode,
        allowedFrom: row.allowedFrom,
      });
      await new ApiKeyStore(sql).endSoon(caller.clientId, id, oldLivesHours);
      await noteOf(sql, caller, 'api-key.rotate', id, { successor: key.id, oldLivesHours });
    });
    return { id: key.id, key: key.text };
  }

  @Delete(':id')
  @HttpCode(204)
  async revoke(@CallerOf() caller: Caller, @Param() { id }: KeyParams): Promise<void> {
    await this.own(caller, id);
    await this.parts.database.transaction(async (sql) => {
      if (!(await new ApiKeyStore(sql).revoke(caller.clientId, id))) throw notFound('key');
      await noteOf(sql, caller, 'api-key.revoke', id, {});
    });
  }

  private async add(sql: Sql, row: Parameters<ApiKeyStore['add']>[0]): Promise<void> {
    try {
      await new ApiKeyStore(sql).add(row);
    } catch (error) {
      if (error instanceof FarmError && error.code === 'CLIENT-KEYS-FULL')
        throw new FarmError('CLIENT-KEYS-FULL', 'С этим названием действуют уже два ключа, отзовите один', {
          field: 'name',
        });
      if (error instanceof FarmError && error.code === 'CLIENT-GROUP')
        throw new FarmError('CLIENT-GROUP', 'Такой группы касс нет', { field: 'group' });
      throw error;
    }
  }

  private async own(caller: Caller, id: string): Promise<ApiKeyRow> {
    const mine = await this.reach(caller, 'integration:write');
    const row = (await this.store.ofClient(caller.clientId)).find((one) => one.id === id);
    if (!row || row.revokedAt || !mine(row)) throw notFound('key');
    return row;
  }

  /** Which keys the caller reaches with a right: all of them, or those bound to groups of his. */
  private async reach(
    caller: Caller,
    right: 'integration:read' | 'integration:write',
  ): Promise<(key: { groupCode: string | null }) => boolean> {
    const sight = sightOf(caller, right);
    if (sight.groupIds === null) return () => true;
    const codes = new Set((await this.cabinet.groups(sight)).map(({ code }) => code));
    return ({ groupCode }) => groupCode !== null && codes.has(groupCode);
  }
}
