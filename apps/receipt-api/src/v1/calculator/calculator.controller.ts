import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { calculate, calculatorFaults, type CalculatorInput } from '@kkt/calculator';
import { ApiKeyGuard, Needs } from '../access/api-key.guard';
import { mustBe } from '../dto/check-dto';
import { Problem } from '../http/problem';
import { CalculatorBody, type CalculatorView } from './views';

const pointers: Partial<Record<keyof CalculatorInput, string>> = {
  receiptsPerDay: '/receipts_per_day',
  peakPerMinute: '/peak_per_minute',
  paceMs: '/pace_ms',
  p99S: '/p99_s',
};

/** How many registers and FNs a load needs. */
@Controller('v1')
@UseGuards(ApiKeyGuard)
export class CalculatorController {
  @Post('calculator')
  @HttpCode(200)
  @Needs('report:read')
  calculator(@Body() sent: unknown): CalculatorView {
    const body = mustBe(CalculatorBody, sent);
    const input: CalculatorInput = {
      receiptsPerDay: body.receipts_per_day,
      peakPerMinute: body.peak_per_minute,
      paceMs: body.pace_ms,
      p99S: body.p99_s,
      peakMinutes: body.peak_minutes ?? undefined,
      itemsPerReceipt: body.items_per_receipt ?? undefined,
      itemMs: body.item_ms ?? undefined,
      growthPerMonth: typeof body.growth_percent === 'number' ? body.growth_percent / 100 : undefined,
      planMonths: body.plan_months ?? undefined,
      fnTermMonths: body.fn_term_months ?? undefined,
    };
    const faults = calculatorFaults(input);
    if (faults.length > 0)
      throw new Problem('request-invalid', {
        errors: faults.map(({ field, rule }) => ({
          pointer: pointers[field] ?? '',
          rule: 'LoadImpossible',
          tag: null,
          detail: `Такую нагрузку нельзя рассчитать: ${rule}`,
          detail_en: `${field} ${rule}`,
        })),
      });
    const found = calculate(input);
    return {
      minimum: found.minimum,
      optimal: found.optimal,
      fns_per_year: found.fnsPerYear,
      fn_days: found.fnDays,
      predicted_p99_ms: Math.round(found.predictedP99S * 1000),
      options: found.options.map(({ registers, predictedP99S, utilisation }) => ({
        registers,
        predicted_p99_ms: Math.round(predictedP99S * 1000),
        busy_percent: Math.round(utilisation * 100),
      })),
      arithmetic: found.arithmetic,
    };
  }
}
