import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { IsUUID } from 'class-validator';
import type { ClientReceipt, Page, ReceiptBrief, ReceiptTotals } from '@kkt/web-contract';
import { type HttpReply, notFound } from '@kkt/web-server';
import { type Caller, CallerOf, seesContacts, sightOf } from '../session/session.guard';
import { FilterQuery, ListQuery } from './receipt-query';
import { ReceiptSearchService } from './receipt-search.service';
import { ReceiptsService } from './receipts.service';

class ReceiptParams {
  @IsUUID()
  id!: string;
}

@Controller('api/receipts')
export class ReceiptsController {
  constructor(
    @Inject(ReceiptsService) private readonly receipts: ReceiptsService,
    @Inject(ReceiptSearchService) private readonly searches: ReceiptSearchService,
  ) {}

  @Get()
  list(@CallerOf() caller: Caller, @Query() query: ListQuery): Promise<Page<ReceiptBrief>> {
    return this.searches.list(caller, query, query.after);
  }

  /** Apart from the list, so that the list need not wait for the sum. */
  @Get('totals')
  totals(@CallerOf() caller: Caller, @Query() query: FilterQuery): Promise<ReceiptTotals> {
    return this.searches.totals(caller, query);
  }

  @Get(':id')
  async one(@CallerOf() caller: Caller, @Param() { id }: ReceiptParams): Promise<ClientReceipt> {
    const found = await this.receipts.read(sightOf(caller, 'receipts:read'), id, seesContacts(caller));
    if (!found) throw notFound('receipt');
    return found;
  }

  @Get(':id/qr.svg')
  async qr(
    @CallerOf() caller: Caller,
    @Param() { id }: ReceiptParams,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<string> {
    const svg = await this.receipts.qr(sightOf(caller, 'receipts:read'), id);
    if (svg === undefined) throw notFound('receipt');
    reply.type('image/svg+xml').header('cache-control', 'private, max-age=3600');
    return svg;
  }
}
