import { Controller, Get, Inject, Param } from '@nestjs/common';
import { IsString, Length } from 'class-validator';
import type { RackTile, RackView } from '@kkt/web-contract';
import { notFound } from '@kkt/web-server';
import { RacksService } from './racks.service';

class RackParams {
  @IsString()
  @Length(1, 64)
  dc!: string;

  @IsString()
  @Length(1, 64)
  rack!: string;
}

@Controller('api/racks')
export class RacksController {
  constructor(@Inject(RacksService) private readonly racks: RacksService) {}

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
}
