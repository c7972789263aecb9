import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { callbackEventId, secretsInUse, showCallbackSecret } from '@kkt/callbacks';
import type { CallbackGeneration } from '@kkt/storage';
import { ApiKeyGuard, Caller, Needs } from '../access/api-key.guard';
import type { Principal } from '../access/scopes';
import { mustBe } from '../dto/check-dto';
import { notFound, Problem } from '../http/problem';
import { OwnApi } from '../own-api';
import { ownReceipt } from '../receipts/receipts.controller';
import {
  CallbackQuery,
  type CallbackSecretView,
  type CallbackView,
  RotateSecretBody,
  type UndeliveredListView,
} from './views';

const journalRows = 100;
const usualRows = 50;
const usualHours = 24;

/** Result callbacks as their shop sees them: the journal, the replay, the secret. */
@Controller('v1')
@UseGuards(ApiKeyGuard)
export class CallbacksController {
  constructor(private readonly api: OwnApi) {}

  /** Callbacks that were given up. */
  @Get('callbacks/undelivered')
  @Needs('receipt:read')
  @Header('cache-control', 'no-store')
  async undelivered(
    @Query() sent: Record<string, unknown>,
    @Caller() caller: Principal,
  ): Promise<UndeliveredListView> {
    const { limit } = mustBe(CallbackQuery, sent);
    const rows = await this.api.callbacks.undelivered({
      clientId: caller.clientId,
      groupCode: caller.groupCode ?? undefined,
      limit: limit ? Number(limit) : usualRows,
    });
    return {
      items: rows.map((row) => ({
        receipt_id: row.receiptId,
        url: row.url,
        attempts: row.attempts,
        last_status: row.lastStatus,
        last_error: row.lastError,
        finished_at: row.finishedAt?.toISOString() ?? null,
      })),
    };
  }

  /** Secrets belong to the whole client, so a key that is bound to a group does not see them. */
  @Get('callbacks/secret')
  @Needs('key:manage')
  @Header('cache-control', 'no-store')
  async secret(@Caller() caller: Principal): Promise<CallbackSecretView> {
    return this.secretView(caller, await this.api.callbackSecrets.of(caller.clientId));
  }

  @Post('callbacks/secret::rotate')
  @HttpCode(200)
  @Needs('key:manage')
  @Header('cache-control', 'no-store')
  async rotate(@Body() sent: unknown, @Caller() caller: Principal): Promise<CallbackSecretView> {
    const hours = mustBe(RotateSecretBody, sent ?? {}).previous_lives_hours ?? usualHours;
    if (caller.groupCode !== null) throw notFound();
    const generation = await this.api.callbackSecrets.rotate(caller.clientId, hours);
    this.api.log.info({ event: 'callback-secret-rotated', by: caller.keyId }, 'callback secret changed');
    return this.secretView(caller, generation);
  }

  @Get('receipts/:id/callback')
  @Needs('receipt:read')
  @Header('cache-control', 'no-store')
  async one(@Param('id') id: string, @Caller() caller: Principal): Promise<CallbackView> {
    const report = await ownReceipt(this.api, id, caller);
    return this.viewOf(report.id);
  }

  /** Tells the result once more: at once, then by the usual schedule. */
  @Post('receipts/:id/callback::replay')
  @HttpCode(202)
  @Needs('receipt:write')
  async replay(@Param('id') id: string, @Caller() caller: Principal): Promise<CallbackView> {
    const report = await ownReceipt(this.api, id, caller);
    if (!(await this.api.callbacks.resend(report.id)))
      throw new Problem('state-conflict', {
        detail: 'У чека нет уведомления: нет адреса или нет результата',
        detail_en: 'The receipt has no callback: no address, or no result yet',
      });
    this.api.log.info(
      { event: 'callback-replayed', receiptId: report.id, by: caller.keyId },
      'callback replayed',
    );
    return this.viewOf(report.id);
  }

  private async viewOf(receiptId: string): Promise<CallbackView> {
    const found = await this.api.callbacks.journal(receiptId, journalRows);
    if (!found) throw notFound();
    const { callback, attempts } = found;
    return {
      receipt_id: receiptId,
      webhook_id: callbackEventId(receiptId),
      url: callback.url,
      state: callback.state,
      attempts: callback.attempts,
      next_at: callback.state === 'pending' ? callback.nextAt.toISOString() : null,
      finished_at: callback.finishedAt?.toISOString() ?? null,
      journal: attempts.map((attempt) => ({
        at: attempt.at.toISOString(),
        url: attempt.url,
        outcome: attempt.outcome,
        status: attempt.status,
        error: attempt.error,
        took_ms: attempt.tookMs,
      })),
    };
  }

  private secretView(caller: Principal, generation: CallbackGeneration): CallbackSecretView {
    const { secretKey } = this.api;
    if (caller.groupCode !== null || !secretKey) throw notFound();
    return {
      secrets: secretsInUse(secretKey, caller.clientId, generation).map(showCallbackSecret),
      previous_until: generation.previousUntil?.toISOString() ?? null,
    };
  }
}
