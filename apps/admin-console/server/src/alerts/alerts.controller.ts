import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';
import type { AlertDetails, AlertRuleView, DutyView, SilenceView } from '@kkt/web-contract';
import { type Caller, CallerOf, Roles } from '../session/session.guard';
import { AlertDesk } from './alert-desk';
import { AlertsService } from './alerts.service';

class IdParams {
  @Matches(/^[0-9]{1,15}$/)
  id!: string;
}

class AckBody {
  @IsOptional()
  @IsString()
  @Length(0, 500)
  note?: string;
}

class AssignBody {
  /** Null: nobody's. */
  @ValidateIf((body: AssignBody) => body.staffId !== null)
  @IsUUID()
  staffId!: string | null;
}

class NoteBody {
  @IsString()
  @Length(3, 1_000)
  note!: string;
}

class PublicBody {
  @IsString()
  @Length(3, 500)
  ru!: string;

  @IsString()
  @Length(3, 500)
  en!: string;
}

class SilenceBody {
  @IsOptional()
  @Matches(/^[a-z_]{1,64}$/)
  rule?: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  dc?: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  rack?: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(12)
  assembly?: number;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  registerId?: number;

  @IsString()
  @Length(3, 500)
  reason!: string;

  /** At most seven days. */
  @IsInt()
  @Min(1)
  @Max(7 * 24 * 60)
  minutes!: number;
}

class ShiftBody {
  @IsUUID()
  staffId!: string;

  @IsIn(['duty', 'second', 'head'])
  role!: 'duty' | 'second' | 'head';

  @IsISO8601({ strict: true })
  startsAt!: string;

  @IsISO8601({ strict: true })
  endsAt!: string;
}

class HandoverBody {
  @IsString()
  @Length(3, 4_000)
  note!: string;
}

class DutyQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(62)
  days?: number;
}

class RuleParams {
  @Matches(/^[a-z_]{1,64}$/)
  id!: string;
}

class RuleBody {
  @IsBoolean()
  enabled!: boolean;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(4)
  severity?: number;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(86_400)
  forS?: number;

  /** Numbers by the names of the rule's parameters. */
  @IsOptional()
  @IsObject()
  parameters?: Record<string, number>;
}

/** Alerts, silences, the duty roster, the rules. */
@Controller('api')
export class AlertsController {
  constructor(
    @Inject(AlertsService) private readonly alerts: AlertsService,
    @Inject(AlertDesk) private readonly desk: AlertDesk,
  ) {}

  /** One alert with its registers, its journal and who was told. */
  @Get('alerts/:id')
  read(@Param() { id }: IdParams): Promise<AlertDetails> {
    return this.desk.read(id);
  }

  @Post('alerts/:id/assign')
  @Roles('engineer', 'lead', 'support')
  @HttpCode(204)
  assign(
    @CallerOf() caller: Caller,
    @Param() { id }: IdParams,
    @Body() { staffId }: AssignBody,
  ): Promise<void> {
    return this.desk.assign(caller, id, staffId);
  }

  @Post('alerts/:id/notes')
  @Roles('engineer', 'lead', 'support')
  @HttpCode(204)
  note(@CallerOf() caller: Caller, @Param() { id }: IdParams, @Body() { note }: NoteBody): Promise<void> {
    return this.desk.note(caller, id, note);
  }

  /** What the public status page says of it, in both languages. */
  @Put('alerts/:id/public')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  publish(@CallerOf() caller: Caller, @Param() { id }: IdParams, @Body() body: PublicBody): Promise<void> {
    return this.desk.publish(caller, id, { ru: body.ru, en: body.en });
  }

  @Delete('alerts/:id/public')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  withdraw(@CallerOf() caller: Caller, @Param() { id }: IdParams): Promise<void> {
    return this.desk.withdraw(caller, id);
  }

  /** Somebody has it: no more is sent about it. */
  @Post('alerts/:id/acknowledge')
  @Roles('engineer', 'lead', 'support')
  @HttpCode(204)
  acknowledge(
    @CallerOf() caller: Caller,
    @Param() { id }: IdParams,
    @Body() { note }: AckBody,
  ): Promise<void> {
    return this.alerts.acknowledge(caller, id, note);
  }

  @Get('silences')
  async silences(): Promise<{ silences: SilenceView[] }> {
    return { silences: await this.alerts.silences() };
  }

  /** For work on the hardware: always with a reason, an object and an end. */
  @Post('silences')
  @Roles('engineer', 'lead')
  silence(@CallerOf() caller: Caller, @Body() body: SilenceBody): Promise<{ id: string }> {
    return this.alerts.silence(caller, body);
  }

  @Delete('silences/:id')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  endSilence(@CallerOf() caller: Caller, @Param() { id }: IdParams): Promise<void> {
    return this.alerts.endSilence(caller, id);
  }

  /** Shifts from a day ago, who has duty now, and the gaps of the next days. */
  @Get('duty')
  duty(@Query() { days }: DutyQuery): Promise<DutyView> {
    return this.alerts.duty(days ?? 31);
  }

  @Post('duty')
  @Roles('lead', 'engineer')
  addShift(@CallerOf() caller: Caller, @Body() body: ShiftBody): Promise<{ id: string }> {
    return this.alerts.addShift(caller, body);
  }

  /** The note with which a shift is handed over. */
  @Put('duty/:id/note')
  @Roles('lead', 'engineer')
  @HttpCode(204)
  handOver(
    @CallerOf() caller: Caller,
    @Param() { id }: IdParams,
    @Body() { note }: HandoverBody,
  ): Promise<void> {
    return this.alerts.handOver(caller, id, note);
  }

  @Delete('duty/:id')
  @Roles('lead', 'engineer')
  @HttpCode(204)
  removeShift(@CallerOf() caller: Caller, @Param() { id }: IdParams): Promise<void> {
    return this.alerts.removeShift(caller, id);
  }

  @Get('alert-rules')
  async rules(): Promise<{ rules: AlertRuleView[] }> {
    return { rules: await this.alerts.rules() };
  }

  @Put('alert-rules/:id')
  @Roles('lead')
  @HttpCode(204)
  changeRule(@CallerOf() caller: Caller, @Param() { id }: RuleParams, @Body() body: RuleBody): Promise<void> {
    return this.alerts.changeRule(caller, id, body);
  }
}
