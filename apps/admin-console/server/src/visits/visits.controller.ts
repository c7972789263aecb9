import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { IsOptional, IsString, Length, Matches } from 'class-validator';
import type { VisitsView } from '@kkt/web-contract';
import { type Caller, CallerOf, Roles } from '../session/session.guard';
import { VisitsService } from './visits.service';

class VisitParams {
  @Matches(/^[0-9]{1,15}$/)
  id!: string;
}

class OpenBody {
  @IsString()
  @Length(1, 64)
  dc!: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  rack?: string;

  @IsString()
  @Length(3, 500)
  purpose!: string;

  @IsOptional()
  @IsString()
  @Length(1, 200)
  companion?: string;
}

class CloseBody {
  @IsString()
  @Length(3, 2_000)
  result!: string;
}

/** The journal of visits to the hall. */
@Controller('api/visits')
export class VisitsController {
  constructor(@Inject(VisitsService) private readonly visits: VisitsService) {}

  @Get()
  list(): Promise<VisitsView> {
    return this.visits.list();
  }

  @Post()
  @Roles('engineer', 'lead')
  open(@CallerOf() caller: Caller, @Body() body: OpenBody): Promise<{ id: string }> {
    return this.visits.open(caller, body);
  }

  @Post(':id/close')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  close(
    @CallerOf() caller: Caller,
    @Param() { id }: VisitParams,
    @Body() { result }: CloseBody,
  ): Promise<void> {
    return this.visits.close(caller, id, result);
  }
}
