import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { CabinetReadStore, SupportStore, type Ticket } from '@kkt/storage';
import { answerWithinH, isOpen, SupportDesk, workingHours } from '@kkt/support';
import type { SupportView, TicketPage, TicketView } from '@kkt/web-contract';
import { moment, notFound } from '@kkt/web-server';
import { type CabinetParts, PARTS } from '../parts';
import { type Caller, CallerOf, sightOf } from '../session/session.guard';

class AskDto {
  @IsString()
  @Length(1, 200)
  subject!: string;

  @IsString()
  @Length(1, 5_000)
  body!: string;

  @IsOptional()
  @IsIn(['receipt', 'register'])
  objectKind?: 'receipt' | 'register';

  @IsOptional()
  @IsString()
  @Length(1, 64)
  objectId?: string;

  /** The page it is written on. */
  @IsOptional()
  @IsString()
  @Length(1, 500)
  page?: string;
}

class MessageDto {
  @IsString()
  @Length(1, 5_000)
  body!: string;
}

class TicketParams {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  id!: number;
}

const viewOf = (ticket: Ticket): TicketView => ({
  id: ticket.id,
  subject: ticket.subject,
  personName: ticket.personName,
  objectKind: ticket.objectKind,
  objectId: ticket.objectId,
  state: ticket.state,
  answerDueAt: moment(ticket.answerDueAt),
  createdAt: moment(ticket.createdAt),
  updatedAt: moment(ticket.updatedAt),
});

/** C14: questions to support. People see their own; who manages people sees the company's. */
@Controller('api/support')
export class SupportController {
  private readonly desk: SupportDesk;
  private readonly store: SupportStore;

  constructor(
    @Inject(PARTS) private readonly parts: CabinetParts,
    @Inject(CabinetReadStore) private readonly cabinet: CabinetReadStore,
  ) {
    this.desk = new SupportDesk(parts);
    this.store = new SupportStore(parts.database);
  }

  @Get()
  async list(@CallerOf() caller: Caller): Promise<SupportView> {
    const isAll = caller.access.canEverywhere('people:write');
    const tickets = await this.store.ofClient(caller.clientId, isAll ? undefined : caller.personId);
    return {
      tickets: tickets.map(viewOf),
      isOpen: isOpen(this.parts.clock.nowMs()),
      fromHour: workingHours.fromHour,
      toHour: workingHours.toHour,
      answerWithinH,
    };
  }

  @Post()
  async ask(@CallerOf() caller: Caller, @Body() body: AskDto): Promise<{ id: number }> {
    if (!caller.access.canSomewhere('support:write')) caller.access.must('support:write');
    const { objectKind = null, objectId = null } = body;
    if (objectKind !== null && !(await this.sees(caller, objectKind, objectId ?? '')))
      throw notFound(objectKind);
    const id = await this.desk.ask(
      caller.clientId,
      { id: caller.personId, name: caller.name || caller.login },
      {
        subject: body.subject.trim(),
        body: body.body,
        objectKind,
        objectId: objectKind === null ? null : objectId,
        page: body.page ?? null,
      },
    );
    return { id };
  }

  @Get(':id')
  async one(@CallerOf() caller: Caller, @Param() { id }: TicketParams): Promise<TicketPage> {
    const ticket = await this.own(caller, id);
    const messages = await this.store.messages(id);
    return { ticket: viewOf(ticket), messages: messages.map((one) => ({ ...one, at: moment(one.at) })) };
  }

  @Post(':id/messages')
  @HttpCode(204)
  async add(
    @CallerOf() caller: Caller,
    @Param() { id }: TicketParams,
    @Body() { body }: MessageDto,
  ): Promise<void> {
    const ticket = await this.own(caller, id);
    await this.desk.add(ticket, { id: caller.personId, name: caller.name || caller.login }, body);
  }

  @Post(':id/close')
  @HttpCode(204)
  async close(@CallerOf() caller: Caller, @Param() { id }: TicketParams): Promise<void> {
    await this.own(caller, id);
    await this.store.close(id);
  }

  private async own(caller: Caller, id: number): Promise<Ticket> {
    const ticket = await this.store.one(id);
    const isMine = ticket?.personId === caller.personId || caller.access.canEverywhere('people:write');
    if (ticket?.clientId !== caller.clientId || !isMine) throw notFound('ticket');
    return ticket;
  }

  private async sees(caller: Caller, kind: 'receipt' | 'register', id: string): Promise<boolean> {
    if (kind === 'receipt')
      return /^[0-9a-f-]{36}$/.test(id) && this.cabinet.seesReceipt(sightOf(caller, 'receipts:read'), id);
    return (
      /^\d{1,9}$/.test(id) &&
      (await this.cabinet.registers(sightOf(caller, 'registers:read'), Number(id))).length > 0
    );
  }
}
