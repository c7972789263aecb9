import { Controller, Get, Header, Query, UseGuards } from '@nestjs/common';
import { formatKop } from '@kkt/domain';
import type { ReportBy, ReportLine } from '@kkt/storage';
import { ApiKeyGuard, Caller, Needs } from '../access/api-key.guard';
import type { Principal } from '../access/scopes';
import { mustBe } from '../dto/check-dto';
import { Problem } from '../http/problem';
import { OwnApi } from '../own-api';
import { PeriodQuery, ReportQuery, type ReportView, ShiftQuery } from './views';

const operations = { 1: 'sell', 2: 'sell_refund', 3: 'buy', 4: 'buy_refund' } as const;
const maxDays = 93;

const lineView = (line: ReportLine): ReportView['items'][number] => ({
  register: line.serial,
  rnm: line.rnm,
  fn_number: line.fnNumber,
  shift_number: line.shiftNumber,
  period: line.period,
  first_at: line.firstAt,
  last_at: line.lastAt,
  totals: line.totals.map(({ sign, receipts, corrections, totalKop, cashKop, ecashKop }) => ({
    operation: operations[sign],
    receipts,
    corrections,
    total: formatKop(totalKop),
    cash: formatKop(cashKop),
    electronic: formatKop(ecashKop),
  })),
});

/** Sums of registered documents by register, shift or period, in the local time of the documents. */
@Controller('v1/reports')
@UseGuards(ApiKeyGuard)
export class ReportsController {
  constructor(private readonly api: OwnApi) {}

  @Get('registers')
  @Needs('report:read')
  @Header('cache-control', 'no-store')
  registers(@Query() sent: Record<string, unknown>, @Caller() caller: Principal): Promise<ReportView> {
    return this.report('register', mustBe(ReportQuery, sent), caller);
  }

  @Get('shifts')
  @Needs('report:read')
  @Header('cache-control', 'no-store')
  shifts(@Query() sent: Record<string, unknown>, @Caller() caller: Principal): Promise<ReportView> {
    const query = mustBe(ShiftQuery, sent);
    return this.report('shift', query, caller, query.register);
  }

  @Get('periods')
  @Needs('report:read')
  @Header('cache-control', 'no-store')
  periods(@Query() sent: Record<string, unknown>, @Caller() caller: Principal): Promise<ReportView> {
    const query = mustBe(PeriodQuery, sent);
    return this.report(query.by ?? 'day', query, caller);
  }

  private async report(
    by: ReportBy,
    query: ReportQuery,
    caller: Principal,
    serial?: string,
  ): Promise<ReportView> {
    const { from, to } = query;
    const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
    if (days < 0 || days >= maxDays) {
      throw new Problem('request-invalid', {
        errors: [
          {
            pointer: '/to',
            rule: 'PeriodTooLong',
            tag: null,
            detail: `Период: от одного до ${maxDays} дней`,
            detail_en: `The period: 1 to ${maxDays} days`,
          },
        ],
      });
    }
    if (query.group && caller.groupCode !== null && query.group !== caller.groupCode) return { items: [] };
    const groupCode = caller.groupCode ?? query.group ?? null;
    const lines = await this.api.reports.totals(caller.clientId, groupCode, by, { from, to }, serial);
    return { items: lines.map(lineView) };
  }
}
