import { Controller, Get, Inject } from '@nestjs/common';
import type { HardwareWall, ServiceWall } from '@kkt/web-contract';
import { WallsService } from './walls.service';

/** First states of the two wall screens; the live stream keeps them. */
@Controller('api/wall')
export class WallsController {
  constructor(@Inject(WallsService) private readonly walls: WallsService) {}

  @Get('service')
  service(): Promise<ServiceWall> {
    return this.walls.service();
  }

  @Get('hardware')
  hardware(): Promise<HardwareWall> {
    return this.walls.hardware();
  }
}
