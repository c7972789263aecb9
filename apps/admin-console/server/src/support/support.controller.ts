import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsString, Length, Max, Min } from 'class-validator';
import { SupportStore, type Ticket } from '@kkt/storage';
import { SupportDesk } from '@kkt/support';
import type { ConsoleTicket, ConsoleTicketPage } from '@kkt/web-contract';
import { moment, notFound } from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';
import { type Caller, CallerOf, Roles } from '../session/session.guard';

class TicketParams {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  id!: number;
}

class AnswerDto {
  @IsString()
  @Length(1, 5_000)
  body!: string;
}

const most = 200;

const viewOf = (ticket: Ticket): ConsoleTicket => ({
  ...ticket,
  answerDueAt: moment(ticket.answerDueAt),
  createdAt: moment(ticket.createdAt),
  updatedAt: moment(ticket.updatedAt),
});

/** Questions of clients, for those who answer them. */
@Controller('api/support')
export class SupportController {
  private readonly store: SupportStore;
  private readonly desk: SupportDesk;

  constructor(@Inject(PARTS) parts: ConsoleParts) {
    this.store = new SupportStore(parts.database);
    this.desk = new SupportDesk(parts);
  }

  /** Those that wait, the most urgent first. */
  @Get()
  async queue(): Promise<ConsoleTicket[]> {
    return (await this.store.queue(most)).map(viewOf);
  }

  @Get(':id')
  async one(@Param() { id }: TicketParams): Promise<ConsoleTicketPage> {
    const ticket = await this.own(id);
    const messages = await this.store.messages(id);
    return { ticket: viewOf(ticket), messages: messages.map((one) => ({ ...one, at: moment(one.at) })) };
  }

  @Post(':id/answer')
  @Roles('support', 'engineer', 'lead')
  @HttpCode(204)
  async answer(
    @CallerOf() caller: Caller,
    @Param() { id }: TicketParams,
    @Body() { body }: AnswerDto,
  ): Promise<void> {
    await this.desk.answer(await this.own(id), { id: caller.staffId, name: caller.name }, body);
  }

  private async own(id: number): Promise<Ticket> {
    const ticket = await this.store.one(id);
    if (!ticket) throw notFound('ticket');
    return ticket;
  }
}
