import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { Type } from 'class-transformer';
import { applicationView, reportView } from '@kkt/fn-desk';
import { RegistrationStore } from '@kkt/storage';
import type { FnApplicationView, FnReportView } from '@kkt/web-contract';
import { type HttpReply, notFound } from '@kkt/web-server';
import { type Caller, CallerOf, Roles } from '../session/session.guard';
import { RegisterParams } from '../registers/registers.controller';
import { ApplicationBody, IdParams, ReportParams } from './bodies';
import { actorOf, FN_DESKS, type FnDesks } from './desks';

class TaskQuery {
  @IsOptional()
  @Matches(/^\d{1,18}$/)
  task?: string;
}

class ListQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  registerId?: number;
}

const most = 200;

/** Applications to the tax service, and reports of registration that are kept for ever. */
@Controller('api/fn')
export class FnRegistrationsController {
  constructor(@Inject(FN_DESKS) private readonly desks: FnDesks) {}

  @Get('applications')
  async list(@Query() { registerId }: ListQuery): Promise<{ applications: FnApplicationView[] }> {
    const rows = await new RegistrationStore(this.desks.ports.database).list({ registerId, limit: most });
    return { applications: rows.map((row) => applicationView(row, [], this.desks.ports.clock.nowMs())) };
  }

  @Get('applications/:id')
  async one(@Param() { id }: IdParams): Promise<FnApplicationView> {
    const { registrations, ports } = this.desks;
    const row = await registrations.read(id);
    return applicationView(row, await registrations.check(row), ports.clock.nowMs());
  }

  @Post('applications/:id/state')
  @Roles('support', 'engineer', 'lead')
  @HttpCode(200)
  async move(
    @CallerOf() caller: Caller,
    @Param() { id }: IdParams,
    @Body() { state, rnm, cardNumber, cardDate }: ApplicationBody,
  ): Promise<FnApplicationView> {
    const card = cardNumber && cardDate ? { number: cardNumber, date: cardDate } : undefined;
    const row = await this.desks.registrations.move(id, { state, rnm, card }, actorOf(caller));
    return applicationView(row, await this.desks.registrations.check(row), this.desks.ports.clock.nowMs());
  }

  @Get('applications/:id/application.xml')
  async xml(@Param() { id }: IdParams, @Res() reply: HttpReply): Promise<void> {
    const { name, body } = this.desks.registrations.xml(await this.desks.registrations.read(id));
    reply.header('content-disposition', `attachment; filename="${name}"`);
    reply.type('application/xml; charset=windows-1251').send(body);
  }

  @Get('applications/:id/application.pdf')
  async pdf(@Param() { id }: IdParams, @Res() reply: HttpReply): Promise<void> {
    const { name, body } = await this.desks.registrations.pdf(await this.desks.registrations.read(id));
    reply.header('content-disposition', `attachment; filename="${name}"`);
    reply.type('application/pdf').send(body);
  }

  /** Reports of forms 1, 11 and 6 that this register has made, with whatever FN. */
  @Get('registers/:id/reports')
  async reports(@Param() { id }: RegisterParams): Promise<{ reports: FnReportView[] }> {
    const rows = await new RegistrationStore(this.desks.ports.database).reports(id);
    return { reports: rows.map(reportView) };
  }

  /** Asks the FN for a report again; the answer is fetched by the task's number. */
  @Post('registers/:id/reports/:fn/:fd/read')
  @Roles('engineer', 'lead')
  @HttpCode(202)
  async askAgain(@Param() { id, fn, fd }: ReportParams): Promise<{ task: string }> {
    return { task: await this.desks.registrations.askAgain(id, fn, fd) };
  }

  @Get('registers/:id/reports/:fn/:fd/read')
  async readAgain(
    @Param() { fn, fd }: ReportParams,
    @Query() { task }: TaskQuery,
  ): Promise<{ isAnswered: boolean; isSame: boolean | null; reason: string | null }> {
    if (!task) throw notFound('task');
    const found = await this.desks.registrations.readAgain(task, fn, fd);
    return { isAnswered: found !== undefined, isSame: found?.isSame ?? null, reason: found?.reason ?? null };
  }
}
