import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  Patch,
  Post,
  Req,
  UseGuards,
} from '@nestjs/common';
import { FarmError } from '@kkt/contracts';
import { isInNetworks, isNetwork, newApiKey } from '@kkt/security';
import type { ApiKeyRow } from '@kkt/storage';
import { ApiKeyGuard, Caller, Needs } from '../access/api-key.guard';
import type { Principal } from '../access/scopes';
import { mustBe } from '../dto/check-dto';
import { type FieldProblem, notFound, Problem } from '../http/problem';
import type { HttpRequest } from '../http/types';
import { OwnApi } from '../own-api';
import {
  KeyBody,
  KeyChangeBody,
  type KeyListView,
  type KeyView,
  type MadeKeyView,
  type NewKeyView,
  RotateBody,
} from './views';

const usualHours = 24;

const view = (row: ApiKeyRow, caller: Principal): KeyView => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  group: row.groupCode,
  allowed_from: row.allowedFrom,
  created_at: row.createdAt.toISOString(),
  expires_at: row.expiresAt?.toISOString() ?? null,
  revoked_at: row.revokedAt?.toISOString() ?? null,
  last_used_at: row.lastUsedAt?.toISOString() ?? null,
  last_used_from: row.lastUsedFrom,
  current: row.id === caller.keyId,
});

const wrong = (pointer: string, rule: string, detail: string, detail_en: string): Problem =>
  new Problem('request-invalid', {
    errors: [{ pointer, rule, tag: null, detail, detail_en } satisfies FieldProblem],
  });

/** What the store refuses, in words of this door. */
function keyProblem(error: unknown): unknown {
  if (!(error instanceof FarmError)) return error;
  if (error.code === 'CLIENT-KEYS-FULL')
    return new Problem('keys-full', {
      detail: 'Отзовите один из ключей этого имени',
      detail_en: 'Revoke one of the keys of this name',
    });
  if (error.code === 'CLIENT-GROUP')
    return wrong('/group', 'GroupUnknown', 'Такой группы касс нет', 'No such group of registers');
  return error;
}

function mustBeNetworks(networks: readonly string[] | undefined): string[] {
  const strange = networks?.findIndex((one) => !isNetwork(one)) ?? -1;
  if (strange >= 0)
    throw wrong(
      `/allowed_from/${strange}`,
      'PatternMismatch',
      'Нужна сеть вида 203.0.113.0/24',
      'Must be a network like 203.0.113.0/24',
    );
  return [...(networks ?? [])];
}

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

  /** Makes a key with no more rights than the one that asks. */
  @Post()
  @HttpCode(201)
  @Needs('key:manage')
  @Header('cache-control', 'no-store')
  async make(@Body() sent: unknown, @Caller() caller: Principal): Promise<MadeKeyView> {
    const body = mustBe(KeyBody, sent);
    const beyond = body.scopes.findIndex((scope) => !caller.scopes.includes(scope));
    if (beyond >= 0)
      throw wrong(
        `/scopes/${beyond}`,
        'ScopeBeyondOwn',
        'У вашего ключа нет этого права',
        'Your own key has no such right',
      );
    if (caller.groupCode !== null && (body.group ?? null) !== caller.groupCode)
      throw wrong('/group', 'GroupUnknown', 'Ключ привязан к другой группе', 'Your key is for another group');
    const key = newApiKey();
    try {
      await this.api.keyStore.add({
        id: key.id,
        keyHash: key.hash,
        clientId: caller.clientId,
        name: body.name,
        scopes: [...new Set(body.scopes)],
        groupCode: body.group ?? null,
        allowedFrom: mustBeNetworks(body.allowed_from),
        ...(body.lifetime_days && { lifetimeDays: body.lifetime_days }),
      });
    } catch (error) {
      throw keyProblem(error);
    }
    this.api.log.info({ event: 'key-made', keyId: key.id, by: caller.keyId }, 'API key made');
    return { key: key.text, id: key.id };
  }

  /** Changes where a key may be used from. */
  @Patch(':id')
  @Needs('key:manage')
  @Header('cache-control', 'no-store')
  async change(
    @Param('id') id: string,
    @Body() sent: unknown,
    @Req() request: HttpRequest,
    @Caller() caller: Principal,
  ): Promise<KeyView> {
    const networks = mustBeNetworks(mustBe(KeyChangeBody, sent).allowed_from);
    const known = (await this.own(caller)).some((row) => row.id === id);
    if (!known) throw notFound();
    if (id === caller.keyId && networks.length > 0 && !isInNetworks(request.ip, networks))
      throw wrong(
        '/allowed_from',
        'WouldLockOut',
        `С вашего адреса ${request.ip} ключ перестал бы работать`,
        `The key would not work from your address ${request.ip} any more`,
      );
    if (!(await this.api.keyStore.allowFrom(caller.clientId, id, networks))) throw notFound();
    this.api.log.info(
      { event: 'key-networks', keyId: id, by: caller.keyId },
      'networks of an API key changed',
    );
    const row = (await this.own(caller)).find((one) => one.id === id);
    if (!row) throw notFound();
    return view(row, caller);
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
        allowedFrom: caller.allowedFrom,
      });
    } catch (error) {
      throw keyProblem(error);
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
