import { Controller, Get, Inject } from '@nestjs/common';
import type { Overview } from '@kkt/web-contract';
import { OverviewService } from './overview.service';

@Controller('api/overview')
export class OverviewController {
  constructor(@Inject(OverviewService) private readonly overview: OverviewService) {}

  @Get()
  read(): Promise<Overview> {
    return this.overview.read();
  }
}
