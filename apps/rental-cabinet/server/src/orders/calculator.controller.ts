import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { IsNumber, IsOptional, Max, Min } from 'class-validator';
import { calculate, calculatorFaults } from '@kkt/calculator';
import { FarmError } from '@kkt/contracts';
import { type ClientSight, LoadReadStore } from '@kkt/storage';
import type { CalculationView, LoadView } from '@kkt/web-contract';
import { type CabinetParts, PARTS } from '../parts';
import { type Caller, CallerOf, sightOf } from '../session/session.guard';

class CalculatorDto {
  @IsNumber()
  @Min(1)
  @Max(50_000_000)
  receiptsPerDay!: number;

  @IsNumber()
  @Min(0.01)
  @Max(100_000)
  peakPerMinute!: number;

  @IsNumber()
  @Min(1)
  @Max(60_000)
  paceMs!: number;

  @IsNumber()
  @Min(0.01)
  @Max(86_400)
  p99S!: number;

  @IsOptional()
  @IsNumber()
  @Min(1)
  @Max(1_440)
  peakMinutes?: number;

  @IsOptional()
  @IsNumber()
  @Min(-0.5)
  @Max(1)
  growthPerMonth?: number;

  @IsOptional()
  @IsNumber()
  @Min(1)
  @Max(60)
  fnTermMonths?: number;
}

/** C9: how many registers a load needs, and what load there really is. */
@Controller('api')
export class CalculatorController {
  constructor(@Inject(PARTS) private readonly parts: CabinetParts) {}

  @Get('load')
  load(@CallerOf() caller: Caller): Promise<LoadView> {
    const sight: ClientSight = sightOf(caller, 'registers:read');
    return new LoadReadStore(this.parts.database).load(sight);
  }

  /** The number of registers with its arithmetic in words. */
  @Post('calculator')
  @HttpCode(200)
  calculator(@Body() input: CalculatorDto): CalculationView {
    const [fault] = calculatorFaults(input);
    if (fault) throw new FarmError('CLIENT-LOAD', `${fault.field} ${fault.rule}`, { field: fault.field });
    const { documentsPerRegisterDay: _documents, serviceS: _service, ...found } = calculate(input);
    return {
      minimum: found.minimum,
      optimal: found.optimal,
      fnsPerYear: found.fnsPerYear,
      fnDays: found.fnDays,
      predictedP99S: found.predictedP99S,
      utilisation: found.utilisation,
      options: found.options,
      arithmetic: found.arithmetic,
    };
  }
}
