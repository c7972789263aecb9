import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import type { RackTile, RackView } from '@kkt/web-contract';
import { notFound } from '@kkt/web-server';
import { type Caller, CallerOf, Roles } from '../session/session.guard';
import { RackActions } from './rack-actions';
import { RacksService } from './racks.service';

class RackParams {
  @IsString()
  @Length(1, 64)
  dc!: string;

  @IsString()
  @Length(1, 64)
  rack!: string;
}

class SlotParams extends RackParams {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(12)
  assembly!: number;

  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(48)
  slot!: number;
}

class PlaceBody {
  /** Absent: the whole rack. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(12)
  assembly?: number;

  /** The place as it is typed by hand: `R07` or `R07/3`. */
  @IsString()
  @Length(1, 80)
  word!: string;

  @IsString()
  @Length(3, 500)
  reason!: string;
}

class ReserveBody {
  @Matches(/^([0-9]{10}|[0-9]{12})$/, { message: 'inn: 10 or 12 digits' })
  inn!: string;

  @IsInt()
  @Min(1)
  @Max(365)
  days!: number;

  @IsString()
  @Length(3, 500)
  reason!: string;
}

@Controller('api/racks')
export class RacksController {
  constructor(
    @Inject(RacksService) private readonly racks: RacksService,
    @Inject(RackActions) private readonly actions: RackActions,
  ) {}

  @Get()
  async list(): Promise<{ racks: RackTile[] }> {
    return { racks: await this.racks.tiles() };
  }

  @Get(':dc/:rack')
  async one(@Param() { dc, rack }: RackParams): Promise<RackView> {
    const found = await this.racks.rack(dc, rack);
    if (!found) throw notFound('rack');
    return found;
  }

  @Post(':dc/:rack/pause')
  @Roles('engineer', 'lead')
  @HttpCode(200)
  pause(
    @CallerOf() caller: Caller,
    @Param() { dc, rack }: RackParams,
    @Body() { assembly, word, reason }: PlaceBody,
  ): Promise<{ registers: number }> {
    return this.actions.pause(caller, { dc, rack, assembly }, word, reason);
  }

  @Post(':dc/:rack/resume')
  @Roles('engineer', 'lead')
  @HttpCode(200)
  resume(
    @CallerOf() caller: Caller,
    @Param() { dc, rack }: RackParams,
    @Body() { assembly, word, reason }: PlaceBody,
  ): Promise<{ registers: number }> {
    return this.actions.resume(caller, { dc, rack, assembly }, word, reason);
  }

  @Post(':dc/:rack/:assembly/:slot/reservation')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  reserve(@CallerOf() caller: Caller, @Param() place: SlotParams, @Body() body: ReserveBody): Promise<void> {
    return this.actions.reserve(caller, place, body);
  }

  @Delete(':dc/:rack/:assembly/:slot/reservation')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  free(@CallerOf() caller: Caller, @Param() place: SlotParams): Promise<void> {
    return this.actions.free(caller, place);
  }
}
