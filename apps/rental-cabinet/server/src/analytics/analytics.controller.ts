import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsEmail,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';
import { FarmError } from '@kkt/contracts';
import {
  csvLine,
  type ReportMeasure,
  reportMeasures,
  type ReportRows,
  reportRows,
  reportTable,
  XlsxWriter,
} from '@kkt/sales';
import { ReportScheduleStore } from '@kkt/storage';
import type { AnalyticsView, ReportScheduleView, ReportView } from '@kkt/web-contract';
import { type HttpReply, moment, momentOrNull, notFound } from '@kkt/web-server';
import { type CabinetParts, PARTS } from '../parts';
import { type Caller, CallerOf } from '../session/session.guard';
import { AnalyticsService } from './analytics.service';

const date = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

class PeriodQuery {
  /** Days in Moscow, both included. */
  @Matches(date)
  from!: string;

  @Matches(date)
  to!: string;

  /** A shop, region or brand: everything below it. */
  @IsOptional()
  @IsUUID()
  node?: string;
}

class AnalyticsQuery extends PeriodQuery {
  @IsIn(['hour', 'day', 'month'])
  by!: 'hour' | 'day' | 'month';
}

const listOf = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' ? value.split(',') : value;

class ReportQuery extends PeriodQuery {
  @IsIn(reportRows)
  rows!: ReportRows;

  /** Names divided by commas. */
  @Transform(listOf)
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(reportMeasures, { each: true })
  measures!: ReportMeasure[];
}

class FileQuery extends ReportQuery {
  @IsIn(['csv', 'xlsx'])
  format!: 'csv' | 'xlsx';
}

class SpecDto {
  @IsIn(reportRows)
  rows!: ReportRows;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(reportMeasures, { each: true })
  measures!: ReportMeasure[];
}

class ScheduleDto {
  @IsString()
  @Length(1, 100)
  name!: string;

  @IsIn(['day', 'week', 'month'])
  every!: 'day' | 'week' | 'month';

  @IsEmail()
  @Length(5, 254)
  email!: string;

  @ValidateNested()
  @Type(() => SpecDto)
  spec!: SpecDto;
}

class IdParam {
  @IsUUID()
  id!: string;
}

/** C11: what was sold, where, when and how; reports of one's own, mailed by themselves. */
@Controller('api/analytics')
export class AnalyticsController {
  private readonly schedules: ReportScheduleStore;

  constructor(
    @Inject(PARTS) private readonly parts: CabinetParts,
    @Inject(AnalyticsService) private readonly analytics: AnalyticsService,
  ) {
    this.schedules = new ReportScheduleStore(parts.database);
  }

  @Get()
  read(@CallerOf() caller: Caller, @Query() query: AnalyticsQuery): Promise<AnalyticsView> {
    return this.analytics.read(caller, query);
  }

  @Get('report')
  async report(@CallerOf() caller: Caller, @Query() query: ReportQuery): Promise<ReportView> {
    return { lines: await this.analytics.report(caller, query) };
  }

  @Get('report/file')
  async file(
    @CallerOf() caller: Caller,
    @Query() query: FileQuery,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<Buffer> {
    const table = reportTable(await this.analytics.report(caller, query), query);
    const name = `report-${query.from}-${query.to}.${query.format}`;
    reply.header('content-disposition', `attachment; filename="${name}"`);
    if (query.format === 'csv') {
      reply.type('text/csv; charset=utf-8');
      return Buffer.from(`\ufeff${table.map(csvLine).join('')}`);
    }
    reply.type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
    const [titles = [], ...rows] = table;
    const writer = new XlsxWriter(
      'Отчёт',
      titles.map((cell, index) => ({
        title: cell.kind === 'text' ? cell.value : '',
        width: index === 0 ? 36 : 16,
      })),
    );
    await writer.begin();
    await writer.rows(rows);
    await writer.end();
    return writer.take();
  }

  @Get('schedules')
  async list(@CallerOf() caller: Caller): Promise<ReportScheduleView[]> {
    this.analytics.must(caller);
    return (await this.schedules.list(caller.clientId, caller.personId)).map((row) => ({
      id: row.id,
      name: row.name,
      every: row.every,
      email: row.email,
      rows: String(row.spec.rows),
      nextAt: moment(row.nextAt),
      lastAt: momentOrNull(row.lastAt),
    }));
  }

  @Post('schedules')
  async add(@CallerOf() caller: Caller, @Body() body: ScheduleDto): Promise<{ id: string }> {
    this.analytics.must(caller);
    const id = this.parts.ids.uuid();
    const { clientId, personId } = caller;
    const { name, every, email, spec } = body;
    if (
      !(await this.schedules.add({
        id,
        clientId,
        personId,
        name: name.trim(),
        every,
        email,
        spec: { ...spec },
      }))
    )
      throw new FarmError('CLIENT-SCHEDULES', 'Отчётов уже двадцать, удалите ненужные', { field: 'name' });
    return { id };
  }

  /** Mails it now, to see what it looks like. */
  @Post('schedules/:id/send')
  @HttpCode(202)
  async send(@CallerOf() caller: Caller, @Param() { id }: IdParam): Promise<void> {
    this.analytics.must(caller);
    if (!(await this.schedules.makeDue(caller.clientId, caller.personId, id))) throw notFound('schedule');
  }

  @Delete('schedules/:id')
  @HttpCode(204)
  async remove(@CallerOf() caller: Caller, @Param() { id }: IdParam): Promise<void> {
    if (!(await this.schedules.remove(caller.clientId, caller.personId, id))) throw notFound('schedule');
  }
}
