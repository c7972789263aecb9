import { Body, Controller, HttpCode, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiKeyGuard, Caller, Needs } from '../access/api-key.guard';
import type { Principal } from '../access/scopes';
import { mustBe } from '../dto/check-dto';
import type { AcceptedView } from '../dto/views';
import { headerOf, type HttpReply, type HttpRequest } from '../http/types';
import { OwnApi } from '../own-api';
import { externalIdOf } from '../receipts/receipt-desk';
import { answerAccepted, ownReceipt } from '../receipts/receipts.controller';
import { CorrectionOfBody, RefundBody, type RefundPlanView } from './bodies';
import { DerivedDesk } from './derived-desk';

/** Refunds and corrections of a registered receipt. */
@Controller('v1/receipts/:id')
@UseGuards(ApiKeyGuard)
export class RefundsController {
  private readonly desk: DerivedDesk;

  constructor(private readonly api: OwnApi) {
    this.desk = new DerivedDesk(api);
  }

  @Post('refunds')
  @HttpCode(202)
  @Needs('receipt:write')
  async refund(
    @Param('id') id: string,
    @Body() sent: unknown,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
    @Caller() caller: Principal,
  ): Promise<AcceptedView> {
    const externalId = externalIdOf(headerOf(request, 'idempotency-key'));
    const body = mustBe(RefundBody, sent ?? {});
    const report = await ownReceipt(this.api, id, caller);
    return answerAccepted(reply, await this.desk.refund(report, body, externalId, caller));
  }

  /** What the refund would be. */
  @Post('refunds::plan')
  @HttpCode(200)
  @Needs('receipt:write')
  async plan(
    @Param('id') id: string,
    @Body() sent: unknown,
    @Caller() caller: Principal,
  ): Promise<RefundPlanView> {
    const body = mustBe(RefundBody, sent ?? {});
    return this.desk.plan(await ownReceipt(this.api, id, caller), body, caller);
  }

  @Post('corrections')
  @HttpCode(202)
  @Needs('receipt:write')
  async correct(
    @Param('id') id: string,
    @Body() sent: unknown,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
    @Caller() caller: Principal,
  ): Promise<AcceptedView> {
    const externalId = externalIdOf(headerOf(request, 'idempotency-key'));
    const body = mustBe(CorrectionOfBody, sent);
    const report = await ownReceipt(this.api, id, caller);
    return answerAccepted(reply, await this.desk.correct(report, body, externalId, caller));
  }
}
