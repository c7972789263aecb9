import { Controller, Get, Header, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiKeyGuard, Caller, Needs } from '../access/api-key.guard';
import type { Principal } from '../access/scopes';
import { mustBe } from '../dto/check-dto';
import { cursorOf, readCursor } from '../http/cursor';
import { headerOf, type HttpReply, type HttpRequest } from '../http/types';
import { OwnApi } from '../own-api';
import { Explainer } from '../receipts/explainer';
import { receiptView } from '../receipts/receipt-view';
import { ownReceipt } from '../receipts/receipts.controller';
import { readEvents } from './event-reader';
import { type EventPageView, EventQuery } from './views';

const usualPage = 100;
/** Before the first id there is. */
const zeroId = '00000000-0000-0000-0000-000000000000';

/** Ends of receipts: as a list to catch up with, and as streams. */
@Controller('v1')
@UseGuards(ApiKeyGuard)
export class EventsController {
  private readonly explainer: Explainer;

  constructor(private readonly api: OwnApi) {
    this.explainer = new Explainer(api.queue, api.directory, api.clock);
  }

  @Get('events')
  @Needs('receipt:read')
  @Header('cache-control', 'no-store')
  list(@Query() sent: Record<string, unknown>, @Caller() caller: Principal): Promise<EventPageView> {
    const { after, limit } = mustBe(EventQuery, sent);
    return readEvents(this.api, caller, after ?? undefined, limit ? Number(limit) : usualPage);
  }

  /** Goes on after `Last-Event-ID`; without one, from now. */
  @Get('events/stream')
  @Needs('receipt:read')
  stream(@Req() request: HttpRequest, @Res() reply: HttpReply, @Caller() caller: Principal): void {
    const last = headerOf(request, 'last-event-id');
    if (last !== undefined) readCursor(last);
    const now = new Date(this.api.clock.nowMs()).toISOString().replace('T', ' ').replace('Z', '+00');
    let after = last ?? cursorOf(now, zeroId);
    this.api.streams.start({
      ...this.common(request, reply, caller),
      look: async () => {
        const page = await readEvents(this.api, caller, after, usualPage);
        after = page.next ?? after;
        return { messages: page.items.map((event) => ({ event: event.type, id: event.id, data: event })) };
      },
    });
  }

  /** The receipt whenever something about it changes, until it has ended. */
  @Get('receipts/:id/stream')
  @Needs('receipt:read')
  async follow(
    @Param('id') id: string,
    @Req() request: HttpRequest,
    @Res() reply: HttpReply,
    @Caller() caller: Principal,
  ): Promise<void> {
    await ownReceipt(this.api, id, caller);
    let told = '';
    this.api.streams.start({
      ...this.common(request, reply, caller),
      look: async () => {
        const report = await ownReceipt(this.api, id, caller);
        const view = receiptView(report, await this.explainer.explain(report), this.api.link);
        const text = JSON.stringify(view);
        const isNews = text !== told;
        told = text;
        return {
          messages: isNews ? [{ event: 'receipt', data: view }] : [],
          isOver: report.state === 'done' || report.state === 'failed',
        };
      },
    });
  }

  private common(request: HttpRequest, reply: HttpReply, caller: Principal) {
    const key = /^Bearer +(\S+)$/i.exec(headerOf(request, 'authorization') ?? '')?.[1] ?? '';
    return {
      request,
      reply,
      clientId: caller.clientId,
      everyMs: this.api.settings.ownApi.streamEveryMs,
      isStillAllowed: async () => (await this.api.keys.principal(key, request.ip)) !== undefined,
    };
  }
}
