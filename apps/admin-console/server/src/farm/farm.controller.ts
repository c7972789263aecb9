import { Controller, Get, Inject, Query } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { InventoryReadStore } from '@kkt/storage';
import type {
  AlertDeskRow,
  DriveView,
  OperatorsView,
  Page,
  QueuesView,
  SearchHitView,
  StockView,
} from '@kkt/web-contract';
import { AlertDesk } from '../alerts/alert-desk';
import { FarmService } from './farm.service';

class AlertsQuery {
  @IsOptional()
  @IsIn(['open', 'closed'])
  state?: 'open' | 'closed';
}

const driveStates = ['stock', 'installed', 'closed', 'in_cell', 'returned', 'faulty'];

class DrivesQuery {
  @IsOptional()
  @IsIn(driveStates)
  state?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  offset?: number;
}

class SearchQuery {
  @IsString()
  @Length(1, 128)
  q!: string;
}

const pageSize = 50;

@Controller('api')
export class FarmController {
  constructor(
    @Inject(FarmService) private readonly farm: FarmService,
    @Inject(AlertDesk) private readonly desk: AlertDesk,
    @Inject(InventoryReadStore) private readonly inventory: InventoryReadStore,
  ) {}

  @Get('queues')
  queues(): Promise<QueuesView> {
    return this.farm.queues();
  }

  @Get('operators')
  operators(): Promise<OperatorsView> {
    return this.farm.operators();
  }

  @Get('alerts')
  async alerts(@Query() query: AlertsQuery): Promise<{ alerts: AlertDeskRow[] }> {
    return { alerts: await this.desk.list(query.state !== 'closed') };
  }

  @Get('stock')
  stock(): Promise<StockView> {
    return this.farm.stock();
  }

  @Get('stock/drives')
  async drives(@Query() query: DrivesQuery): Promise<Page<DriveView>> {
    const offset = query.offset ?? 0;
    const rows = await this.inventory.drives({ state: query.state, limit: pageSize + 1, offset });
    return { rows: rows.slice(0, pageSize), next: rows.length > pageSize ? String(offset + pageSize) : null };
  }

  @Get('search')
  async search(@Query() { q }: SearchQuery): Promise<{ hits: SearchHitView[] }> {
    return { hits: await this.inventory.find(q.trim()) };
  }
}
