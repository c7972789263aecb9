import { Controller, Get, Inject } from '@nestjs/common';
import type { HomeView } from '@kkt/web-contract';
import { type Caller, CallerOf, sightOf } from '../session/session.guard';
import { HomeService } from './home.service';

@Controller('api/home')
export class HomeController {
  constructor(@Inject(HomeService) private readonly home: HomeService) {}

  @Get()
  read(@CallerOf() caller: Caller): Promise<HomeView> {
    return this.home.read(sightOf(caller, 'registers:read'));
  }
}
