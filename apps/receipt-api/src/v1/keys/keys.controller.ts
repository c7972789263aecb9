import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { FarmError } from '@kkt/contracts';
import { newApiKey } from '@kkt/security';
import type { ApiKeyRow } from '@kkt/storage';
import { ApiKeyGuard, Caller, Needs } from '../access/api-key.guard';
import type { Principal } from '../access/scopes';
import { mustBe } from '../dto/check-dto';
import { notFound, Problem } from '../http/problem';
import { OwnApi } from '../own-api';
import { type KeyListView, type KeyView, type NewKeyView, RotateBody } from './views';

const usualHours = 24;

const view = (row: ApiKeyRow, caller: Principal): KeyView => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  group: row.groupCode,
  created_at: row.createdAt.toISOString(),
  expires_at: row.expiresAt?.toISOString() ?? null,
  revoked_at: row.revokedAt?.toISOString() ?? null,
  last_used_at: row.lastUsedAt?.toISOString() ?? null,
  last_used_from: row.lastUsedFrom,
  current: row.id === caller.keyId,
});

/** Keys of the client: a bound key sees and touches itself and its like only. */
@Controller('v1/keys')
@UseGuards(ApiKeyGuard)
export class KeysController {
  constructor(private readonly api: OwnApi) {}

  private async own(caller: Principal): Promise<ApiKeyRow[]> {
    const rows = await this.api.keyStore.ofClient(caller.clientId);
    return rows.filter((row) => caller.groupCode === null || row.groupCode === caller.groupCode);
  }

  @Get()
  @Needs('key:manage')
  @Header('cache-control', 'no-store')
  async list(@Caller() caller: Principal): Promise<KeyListView> {
    return { items: (await this.own(caller)).map((row) => view(row, caller)) };
  }

  /** Makes the successor of the key that asks; both work until the old one's end. */
  @Post('current::rotate')
  @HttpCode(201)
  @Needs('key:manage')
  @Header('cache-control', 'no-store')
  async rotate(@Body() sent: unknown, @Caller() caller: Principal): Promise<NewKeyView> {
    const body = mustBe(RotateBody, sent ?? {});
    const hours = body.old_lives_hours ?? usualHours;
    const key = newApiKey();
    try {
      await this.api.keyStore.add({
        id: key.id,
        keyHash: key.hash,
        clientId: caller.clientId,
        name: caller.keyName,
        scopes: caller.scopes,
        groupCode: caller.groupCode,
      });
    } catch (error) {
      if (error instanceof FarmError && error.code === 'CLIENT-KEYS-FULL')
        throw new Problem('keys-full', {
          detail: 'Отзовите один из ключей этого имени',
          detail_en: 'Revoke one of the keys of this name',
        });
      throw error;
    }
    await this.api.keyStore.endSoon(caller.clientId, caller.keyId, hours);
    this.api.log.info({ event: 'key-rotated', keyId: caller.keyId, successor: key.id }, 'API key rotated');
    const endsAt = new Date(this.api.clock.nowMs() + hours * 3_600_000);
    return { key: key.text, id: key.id, old_ends_at: endsAt.toISOString() };
  }

  @Delete(':id')
  @HttpCode(204)
  @Needs('key:manage')
  async revoke(@Param('id') id: string, @Caller() caller: Principal): Promise<void> {
    const known = (await this.own(caller)).some((row) => row.id === id);
    if (!known || !(await this.api.keyStore.revoke(caller.clientId, id))) throw notFound();
    this.api.log.info({ event: 'key-revoked', keyId: id, by: caller.keyId }, 'API key revoked');
  }
}
