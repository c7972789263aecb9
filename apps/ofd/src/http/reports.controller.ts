import { Controller, Get, Inject, Param, Query, UseGuards } from '@nestjs/common';
import { Operator } from '../operator';
import type { ReportKind, ReportRow } from '../storage/report-reader';
import { ApiKeyGuard } from './api-key.guard';
import { ReportFilterDto, ReportKindDto } from './dto';

/** Business reports: `/api/reports/kkts?from=2026-11-01&to=2026-12-01&inn=…`. */
@Controller('api/reports')
@UseGuards(ApiKeyGuard)
export class ReportsController {
  constructor(@Inject(Operator) private readonly operator: Operator) {}

  @Get(':kind')
  async report(
    @Param() { kind }: ReportKindDto,
    @Query() filter: ReportFilterDto,
  ): Promise<{ kind: ReportKind; rows: ReportRow[] }> {
    return { kind, rows: await this.operator.reports.report(kind, filter) };
  }
}
