import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUrl,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { OperatorStore } from '@kkt/storage';
import type { OperatorChangeView, OperatorEntryView } from '@kkt/web-contract';
import { RegisterParams } from '../registers/registers.controller';
import { type Caller, CallerOf, Roles } from '../session/session.guard';
import { OperatorActions } from './operator-actions';
import { RelayingDesk } from './relaying-desk';
import { changeView } from './views';

class OperatorBody {
  @Matches(/^(\d{10}|\d{12})$/, { message: 'inn: 10 or 12 digits' })
  inn!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  name!: string;

  @Matches(/^[A-Za-z0-9.-]{1,253}$/, { message: 'host: a host name or an IPv4 address' })
  host!: string;

  @IsInt()
  @Min(1)
  @Max(65_535)
  port!: number;

  @IsOptional()
  @IsUrl({ require_tld: false, protocols: ['http', 'https'], require_protocol: true })
  @MaxLength(512)
  receiptUrl?: string;

  @IsBoolean()
  enabled!: boolean;

  @IsOptional()
  @IsString()
  @MaxLength(256)
  note?: string;
}

class ChangeBody {
  @IsString()
  @Length(1, 32)
  serial!: string;

  @IsString()
  @Length(3, 500)
  reason!: string;

  @Type(() => Number)
  @IsInt()
  @Min(1)
  operatorId!: number;
}

class CancelBody {
  @IsString()
  @Length(1, 32)
  serial!: string;

  @IsString()
  @Length(3, 500)
  reason!: string;
}

class RelayingBody {
  @Matches(/^[A-Za-z0-9.-]{1,253}$/, { message: 'host: a host name or an IPv4 address' })
  host!: string;

  @IsInt()
  @Min(1)
  @Max(65_535)
  port!: number;

  /** The operator's INN once more: proves that this one is meant. */
  @IsString()
  @Length(1, 12)
  inn!: string;

  @IsString()
  @Length(3, 500)
  reason!: string;
}

/** The directory of operators and registers that move between them. */
@Controller('api')
export class OperatorsController {
  constructor(
    @Inject(OperatorStore) private readonly operators: OperatorStore,
    @Inject(OperatorActions) private readonly actions: OperatorActions,
    @Inject(RelayingDesk) private readonly relaying: RelayingDesk,
  ) {}

  @Get('operator-directory')
  async directory(): Promise<{ operators: OperatorEntryView[]; changes: OperatorChangeView[] }> {
    const [operators, changes] = await Promise.all([this.operators.list(), this.operators.changes()]);
    return { operators, changes: changes.map(changeView) };
  }

  @Put('operator-directory')
  @Roles('lead')
  save(@CallerOf() caller: Caller, @Body() body: OperatorBody): Promise<OperatorEntryView> {
    return this.actions.save(caller, {
      ...body,
      receiptUrl: body.receiptUrl ?? null,
      note: body.note ?? null,
    });
  }

  /** Nothing new goes to this operator until it is resumed; documents wait in their FNs, which hold 30 days. */
  @Post('operators/pause')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  pause(@CallerOf() caller: Caller, @Body() body: RelayingBody): Promise<void> {
    return this.relaying.set(caller, { ...body, isPaused: true });
  }

  @Post('operators/resume')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  resume(@CallerOf() caller: Caller, @Body() body: RelayingBody): Promise<void> {
    return this.relaying.set(caller, { ...body, isPaused: false });
  }

  /** What waits goes to the old operator first; the register sells nothing meanwhile. */
  @Post('registers/:id/operator')
  @Roles('engineer', 'lead')
  async change(
    @CallerOf() caller: Caller,
    @Param() { id }: RegisterParams,
    @Body() body: ChangeBody,
  ): Promise<OperatorChangeView> {
    return changeView(await this.actions.change(caller, { registerId: id, ...body }));
  }

  @Post('registers/:id/operator/cancel')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  cancel(
    @CallerOf() caller: Caller,
    @Param() { id }: RegisterParams,
    @Body() body: CancelBody,
  ): Promise<void> {
    return this.actions.cancel(caller, { registerId: id, ...body });
  }
}
