import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import {
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Max,
  Min,
} from 'class-validator';
import { callbackEventId, secretsInUse, showCallbackSecret } from '@kkt/callbacks';
import {
  AuditStore,
  type CallbackGeneration,
  CabinetReadStore,
  CallbackSecretStore,
  CallbackStore,
  IntegrationStore,
} from '@kkt/storage';
import type {
  CallbackJournalView,
  CallbackLogRow,
  CallbackSecretView,
  GroupSettingsView,
  RequestLogRow,
} from '@kkt/web-contract';
import { moment, momentOrNull, notFound } from '@kkt/web-server';
import { type CabinetParts, PARTS } from '../parts';
import { type Caller, CallerOf, sightOf } from '../session/session.guard';

class LogQuery {
  @IsOptional()
  @IsIn(['pending', 'delivered', 'gave_up'])
  state?: 'pending' | 'delivered' | 'gave_up';
}

class RotateDto {
  /** The secret of now signs beside the new one for so many hours. */
  @IsInt()
  @Min(0)
  @Max(720)
  previousLivesHours!: number;
}

class ReceiptParams {
  @IsUUID()
  receiptId!: string;
}

class GroupParams {
  @IsString()
  @Length(1, 64)
  code!: string;
}

class GroupSettingsDto {
  /** Where the shop's letters say they come from (tag 1117); null clears it. */
  @IsOptional()
  @IsEmail()
  @Length(5, 64)
  senderEmail?: string | null;

  /** Whether buyers are written to with the link to their receipt. */
  @IsBoolean()
  buyerLetters!: boolean;
}

const rows = 100;

/** What the shop is told, how it can be sure that it was us, and what it sent that was wrong. */
@Controller('api')
export class CallbacksController {
  private readonly callbacks: CallbackStore;
  private readonly secrets: CallbackSecretStore;
  private readonly store: IntegrationStore;

  constructor(
    @Inject(PARTS) private readonly parts: CabinetParts,
    @Inject(CabinetReadStore) private readonly cabinet: CabinetReadStore,
  ) {
    this.callbacks = new CallbackStore(parts.database);
    this.secrets = new CallbackSecretStore(parts.database);
    this.store = new IntegrationStore(parts.database);
  }

  /** Secrets belong to the whole company. */
  @Get('callbacks/secret')
  async secret(@CallerOf() caller: Caller): Promise<CallbackSecretView> {
    caller.access.must('integration:write');
    return this.secretView(caller, await this.secrets.of(caller.clientId));
  }

  @Post('callbacks/secret/rotate')
  @HttpCode(200)
  async rotate(
    @CallerOf() caller: Caller,
    @Body() { previousLivesHours }: RotateDto,
  ): Promise<CallbackSecretView> {
    caller.access.must('integration:write');
    const generation = await this.parts.database.transaction(async (sql) => {
      const next = await new CallbackSecretStore(sql).rotate(caller.clientId, previousLivesHours);
      await AuditStore.write(sql, {
        actorKind: 'person',
        actorId: caller.personId,
        actorName: caller.name,
        clientId: caller.clientId,
        action: 'callback-secret.rotate',
        objectKind: 'callback-secret',
        objectId: String(next.current),
        after: { previousLivesHours },
      });
      return next;
    });
    return this.secretView(caller, generation);
  }

  /** The newest callbacks, by the age of their receipts. */
  @Get('callbacks')
  async log(@CallerOf() caller: Caller, @Query() { state }: LogQuery): Promise<CallbackLogRow[]> {
    this.mustRead(caller);
    const found = await this.store.callbacks(sightOf(caller, 'integration:read'), rows, state);
    return found.map((row) => ({
      ...row,
      createdAt: moment(row.createdAt),
      nextAt: row.state === 'pending' ? moment(row.nextAt) : null,
      finishedAt: momentOrNull(row.finishedAt),
    }));
  }

  /** Every attempt of one. */
  @Get('callbacks/of/:receiptId')
  async journal(
    @CallerOf() caller: Caller,
    @Param() { receiptId }: ReceiptParams,
  ): Promise<CallbackJournalView> {
    const isSeen = await this.cabinet.seesReceipt(sightOf(caller, 'integration:read'), receiptId);
    const found = isSeen ? await this.callbacks.journal(receiptId, rows) : undefined;
    if (!found) throw notFound('callback');
    return {
      webhookId: callbackEventId(receiptId),
      attempts: found.attempts.map((one) => ({ ...one, at: moment(one.at) })),
    };
  }

  /** What was refused lately, at the door or by a register, each with the field and the reason. */
  @Get('requests')
  async requests(@CallerOf() caller: Caller): Promise<RequestLogRow[]> {
    this.mustRead(caller);
    const found = await this.store.refusals(sightOf(caller, 'integration:read'), rows);
    return found.map((row) => ({ ...row, at: moment(row.at), field: row.field ?? fieldOf(row.text) }));
  }

  @Get('groups/:code/settings')
  async groupSettings(
    @CallerOf() caller: Caller,
    @Param() { code }: GroupParams,
  ): Promise<GroupSettingsView> {
    const found = await this.store.groupSettings(sightOf(caller, 'integration:read'), code);
    if (!found) throw notFound('group');
    return found;
  }

  @Put('groups/:code/settings')
  @HttpCode(204)
  async changeGroup(
    @CallerOf() caller: Caller,
    @Param() { code }: GroupParams,
    @Body() body: GroupSettingsDto,
  ): Promise<void> {
    if (!(await this.store.groupSettings(sightOf(caller, 'integration:read'), code))) throw notFound('group');
    const sight = sightOf(caller, 'integration:write');
    await this.parts.database.transaction(async (sql) => {
      const settings = { senderEmail: body.senderEmail ?? null, buyerLetters: body.buyerLetters };
      const before = await new IntegrationStore(sql).groupSettings(sight, code);
      if (!before) return caller.access.must('integration:write');
      await new IntegrationStore(sql).changeGroup(sight, code, settings);
      await AuditStore.write(sql, {
        actorKind: 'person',
        actorId: caller.personId,
        actorName: caller.name,
        clientId: caller.clientId,
        action: 'group.settings',
        objectKind: 'group',
        objectId: code,
        before: { senderEmail: before.senderEmail, buyerLetters: before.buyerLetters },
        after: settings,
      });
    });
  }

  private mustRead(caller: Caller): void {
    if (!caller.access.canSomewhere('integration:read')) caller.access.must('integration:read');
  }

  private secretView(caller: Caller, generation: CallbackGeneration): CallbackSecretView {
    return {
      secrets: secretsInUse(this.parts.secretKey, caller.clientId, generation).map(showCallbackSecret),
      previousUntil: momentOrNull(generation.previousUntil),
    };
  }
}

/** The field that a refusal begins with: `receipt.items[0].sum: …`. */
export const fieldOf = (text: string): string | null =>
  /(?:^|\s)((?:receipt|correction|items|service|client|company|payments|vats)[\w.[\]]*)/.exec(text)?.[1] ??
  null;
