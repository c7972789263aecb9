import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Matches, Max, Min } from 'class-validator';
import { FarmError, type ReceiptState } from '@kkt/contracts';
import { type ReceiptCursor, type ReceiptFilter, ReceiptHistoryStore } from '@kkt/storage';
import type { ClientReceipt, Page, ReceiptBrief, ReceiptTotals } from '@kkt/web-contract';
import { type HttpReply, notFound, receiptBrief } from '@kkt/web-server';
import { type Caller, CallerOf, seesContacts, sightOf } from '../session/session.guard';
import { ReceiptsService } from './receipts.service';

const date = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const states: ReceiptState[] = ['queued', 'working', 'in_doubt', 'done', 'failed'];
const operations = [
  'sell',
  'sell_refund',
  'buy',
  'buy_refund',
  'sell_correction',
  'sell_refund_correction',
  'buy_correction',
  'buy_refund_correction',
];

class ReceiptParams {
  @IsUUID()
  id!: string;
}

class FilterQuery {
  /** Days in Moscow, both included. */
  @IsOptional()
  @Matches(date)
  from?: string;

  @IsOptional()
  @Matches(date)
  to?: string;

  @IsOptional()
  @IsIn(states)
  state?: ReceiptState;

  @IsOptional()
  @IsIn(operations)
  operation?: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  group?: string;

  @IsOptional()
  @IsString()
  @Length(1, 128)
  externalId?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  minKop?: number;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  maxKop?: number;

  @IsOptional()
  @Matches(/^[0-9]{16}$/)
  fn?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  fd?: number;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(0xffffffff)
  fp?: number;
}

class ListQuery extends FilterQuery {
  @IsOptional()
  @IsString()
  @Length(1, 200)
  after?: string;
}

const pageSize = 50;
const dayMs = 86_400_000;

/** Midnight in Moscow, which has had UTC+3 all the year round since 2014. */
const moscowDay = (text: string | undefined, plusDays = 0): Date | undefined => {
  if (text === undefined) return undefined;
  const at = Date.parse(`${text}T00:00:00+03:00`);
  if (Number.isNaN(at)) throw new FarmError('CLIENT-DATE', 'There is no such day');
  return new Date(at + plusDays * dayMs);
};

const filterOf = (caller: Caller, query: FilterQuery): ReceiptFilter => ({
  ...sightOf(caller, 'receipts:read'),
  groupCode: query.group,
  state: query.state,
  operation: query.operation,
  from: moscowDay(query.from),
  to: moscowDay(query.to, 1),
  minKop: query.minKop,
  maxKop: query.maxKop,
  externalId: query.externalId,
  fnNumber: query.fn,
  fdNumber: query.fd,
  fiscalSign: query.fp,
});

@Controller('api/receipts')
export class ReceiptsController {
  constructor(
    @Inject(ReceiptsService) private readonly receipts: ReceiptsService,
    @Inject(ReceiptHistoryStore) private readonly history: ReceiptHistoryStore,
  ) {}

  @Get()
  async list(@CallerOf() caller: Caller, @Query() query: ListQuery): Promise<Page<ReceiptBrief>> {
    const { rows, next } = await this.history.search(
      filterOf(caller, query),
      pageSize,
      query.after === undefined ? undefined : readCursor(query.after),
    );
    return { rows: rows.map(receiptBrief), next: next && `${next.acceptedAt}|${next.id}` };
  }

  /** Apart from the list, so that the list need not wait for the sum. */
  @Get('totals')
  totals(@CallerOf() caller: Caller, @Query() query: FilterQuery): Promise<ReceiptTotals> {
    return this.history.totals(filterOf(caller, query));
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

function readCursor(text: string): ReceiptCursor {
  const match = /^([0-9:. +-]{19,40})\|([0-9a-f-]{36})$/.exec(text);
  if (!match?.[1] || !match[2]) throw new FarmError('CLIENT-CURSOR', 'The page mark is damaged');
  return { acceptedAt: match[1], id: match[2] };
}
