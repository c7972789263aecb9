import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { IsIn, IsOptional, IsString, IsUUID, Length } from 'class-validator';
import { FarmError, type ReceiptState } from '@kkt/contracts';
import { type ReceiptCursor, ReceiptHistoryStore } from '@kkt/storage';
import type { Page, ReceiptBrief, ReceiptInspection } from '@kkt/web-contract';
import { notFound, receiptBrief } from '@kkt/web-server';
import { type Caller, CallerOf, Roles } from '../session/session.guard';
import { CallbackDesk } from './callback-desk';
import { ReceiptsService } from './receipts.service';

class ReceiptParams {
  @IsUUID()
  id!: string;
}

class AgainBody {
  @IsString()
  @Length(3, 500)
  reason!: string;
}

const states: ReceiptState[] = ['queued', 'working', 'in_doubt', 'done', 'failed'];

class ReceiptsQuery {
  @IsOptional()
  @IsString()
  @Length(1, 64)
  group?: string;

  @IsOptional()
  @IsIn(states)
  state?: ReceiptState;

  @IsOptional()
  @IsString()
  @Length(1, 128)
  externalId?: string;

  @IsOptional()
  @IsString()
  @Length(1, 200)
  after?: string;
}

const pageSize = 50;

@Controller('api/receipts')
export class ReceiptsController {
  constructor(
    @Inject(ReceiptsService) private readonly receipts: ReceiptsService,
    @Inject(ReceiptHistoryStore) private readonly history: ReceiptHistoryStore,
    @Inject(CallbackDesk) private readonly callbacks: CallbackDesk,
  ) {}

  @Get()
  async list(@Query() query: ReceiptsQuery): Promise<Page<ReceiptBrief>> {
    const { rows, next } = await this.history.search(
      { groupCode: query.group, state: query.state, externalId: query.externalId },
      pageSize,
      query.after === undefined ? undefined : readCursor(query.after),
    );
    return { rows: rows.map(receiptBrief), next: next && `${next.acceptedAt}|${next.id}` };
  }

  @Get(':id')
  async inspect(@Param() { id }: ReceiptParams): Promise<ReceiptInspection> {
    const found = await this.receipts.inspect(id);
    if (!found) throw notFound('receipt');
    return found;
  }

  /** Tells the shop the result once more. */
  @Post(':id/callback')
  @Roles('engineer', 'lead', 'support')
  @HttpCode(204)
  sendAgain(
    @CallerOf() caller: Caller,
    @Param() { id }: ReceiptParams,
    @Body() { reason }: AgainBody,
  ): Promise<void> {
    return this.callbacks.sendAgain(caller, { receiptId: id, reason });
  }
}

function readCursor(text: string): ReceiptCursor {
  const match = /^([0-9:. +-]{19,40})\|([0-9a-f-]{36})$/.exec(text);
  if (!match?.[1] || !match[2]) throw new FarmError('CLIENT-CURSOR', 'The page mark is damaged');
  return { acceptedAt: match[1], id: match[2] };
}
