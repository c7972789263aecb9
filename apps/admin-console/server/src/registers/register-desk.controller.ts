import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import type { RegisterCommandKind } from '@kkt/storage';
import type { RegisterCommandView, WireTraceView } from '@kkt/web-contract';
import { type Caller, CallerOf, Roles } from '../session/session.guard';
import { RegisterActions } from './register-actions';
import { RegisterDesk } from './register-desk';
import { RegisterParams } from './registers.controller';

const kinds: readonly RegisterCommandKind[] = [
  'ping',
  'identify',
  'sync_clock',
  'open_shift',
  'close_shift',
  'settlement_report',
  'reconnect',
  'read_documents',
  'reconcile',
];

class CommandBody {
  @IsIn(kinds)
  kind!: RegisterCommandKind;

  @IsString()
  @Length(3, 500)
  reason!: string;

  @IsOptional()
  @IsString()
  @Length(1, 32)
  serial?: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  from?: number;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  to?: number;
}

class CommandParams extends RegisterParams {
  @Matches(/^[0-9]{1,15}$/)
  command!: string;
}

class NoteBody {
  @IsString()
  @Length(3, 500)
  note!: string;
}

class TraceBody {
  @IsInt()
  @Min(1)
  @Max(30)
  minutes!: number;

  @IsString()
  @Length(3, 500)
  reason!: string;
}

class ReturnBody {
  @IsString()
  @Length(1, 32)
  serial!: string;

  @IsString()
  @Length(3, 500)
  reason!: string;
}

/** Orders to one register, its wire, its journal. */
@Controller('api/registers')
export class RegisterDeskController {
  constructor(
    @Inject(RegisterDesk) private readonly desk: RegisterDesk,
    @Inject(RegisterActions) private readonly actions: RegisterActions,
  ) {}

  /** Gives an order; its outcome comes with the register's own live topic. */
  @Post(':id/commands')
  @Roles('engineer', 'lead')
  order(
    @CallerOf() caller: Caller,
    @Param() { id }: RegisterParams,
    @Body() body: CommandBody,
  ): Promise<{ id: string }> {
    return this.desk.order(caller, { registerId: id, ...body });
  }

  @Get(':id/commands/:command')
  outcome(@Param() { id, command }: CommandParams): Promise<RegisterCommandView> {
    return this.desk.outcome(id, command);
  }

  @Post(':id/notes')
  @Roles('engineer', 'lead', 'support')
  @HttpCode(204)
  note(
    @CallerOf() caller: Caller,
    @Param() { id }: RegisterParams,
    @Body() { note }: NoteBody,
  ): Promise<void> {
    return this.desk.note(caller, id, note);
  }

  @Get(':id/trace')
  trace(@Param() { id }: RegisterParams): Promise<WireTraceView> {
    return this.desk.trace(id);
  }

  /** The driver tells what goes over the wire for so many minutes, the buyers' data masked. */
  @Post(':id/trace')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  beginTrace(
    @CallerOf() caller: Caller,
    @Param() { id }: RegisterParams,
    @Body() body: TraceBody,
  ): Promise<void> {
    return this.desk.beginTrace(caller, { registerId: id, minutes: body.minutes, reason: body.reason });
  }

  @Delete(':id/trace')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  endTrace(@CallerOf() caller: Caller, @Param() { id }: RegisterParams): Promise<void> {
    return this.desk.endTrace(caller, id);
  }

  /** Puts a register that was stopped for a person's decision back to work; nothing may be undecided. */
  @Post(':id/return')
  @Roles('lead')
  @HttpCode(204)
  returnToWork(
    @CallerOf() caller: Caller,
    @Param() { id }: RegisterParams,
    @Body() body: ReturnBody,
  ): Promise<void> {
    return this.actions.returnToWork(caller, { registerId: id, ...body });
  }
}
