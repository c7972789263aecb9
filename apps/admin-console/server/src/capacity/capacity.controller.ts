import { Controller, Get, Inject, Query } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsNumber, IsOptional, Max, Min } from 'class-validator';
import type { CapacityPlan, CapacityView } from '@kkt/web-contract';
import { CapacityService } from './capacity.service';

class PlanQuery {
  @Type(() => Number)
  @IsNumber()
  @Min(1)
  @Max(50_000_000)
  receiptsPerDay!: number;

  @Type(() => Number)
  @IsNumber()
  @Min(0.01)
  @Max(100_000)
  peakPerMinute!: number;

  /** Milliseconds in which a register makes a receipt. */
  @Type(() => Number)
  @IsNumber()
  @Min(1)
  @Max(60_000)
  paceMs!: number;

  /** Seconds that 99 of 100 receipts of the peak must keep. */
  @Type(() => Number)
  @IsNumber()
  @Min(0.01)
  @Max(86_400)
  p99S!: number;

  @IsOptional()
  @Type(() => Number)
  @IsNumber()
  @Min(-0.5)
  @Max(1)
  growthPerMonth?: number;
}

/** Room of the farm, and what a load would need. */
@Controller('api/capacity')
export class CapacityController {
  constructor(@Inject(CapacityService) private readonly capacity: CapacityService) {}

  @Get()
  read(): Promise<CapacityView> {
    return this.capacity.read();
  }

  @Get('plan')
  plan(@Query() query: PlanQuery): Promise<CapacityPlan> {
    return this.capacity.plan({ ...query });
  }
}
