import { Controller, Get, Inject, Query } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { AuditStore, InventoryReadStore } from '@kkt/storage';
import type {
  AlertView,
  AuditCheck,
  AuditPage,
  DriveView,
  OperatorsView,
  Page,
  QueuesView,
  SearchHitView,
  StockView,
} from '@kkt/web-contract';
import { auditView } from '../views';
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

class AuditQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  before?: number;
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
    @Inject(InventoryReadStore) private readonly inventory: InventoryReadStore,
    @Inject(AuditStore) private readonly audit: AuditStore,
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
  async alerts(@Query() query: AlertsQuery): Promise<{ alerts: AlertView[] }> {
    return { alerts: await this.farm.alerts(query.state !== 'closed') };
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

  @Get('audit')
  async changes(@Query() query: AuditQuery): Promise<AuditPage> {
    const rows = await this.audit.list({ limit: pageSize + 1, before: query.before });
    const page = rows.slice(0, pageSize);
    return { rows: page.map(auditView), next: rows.length > pageSize ? (page.at(-1)?.seq ?? null) : null };
  }

  @Get('audit/check')
  check(): Promise<AuditCheck> {
    return this.farm.checkAudit();
  }

  @Get('search')
  async search(@Query() { q }: SearchQuery): Promise<{ hits: SearchHitView[] }> {
    return { hits: await this.inventory.find(q.trim()) };
  }
}
