import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { dayOf } from '@kkt/fn-life';
import { driveEnds, type LedgerDesk, moveView, renewalView, type RenewalDesk } from '@kkt/fn-desk';
import { FnLedgerStore, RenewalStore } from '@kkt/storage';
import type {
  FnDrivePage,
  FnDriveView,
  FnEndView,
  FnRenewalView,
  FnStockView,
  Page,
} from '@kkt/web-contract';
import { notFound } from '@kkt/web-server';
import { type Caller, CallerOf, Roles } from '../session/session.guard';
import { AnswerBody, DrivesQuery, FnParams, IdParams, MoveBody, PlanBody, ReceiveBody } from './bodies';
import { FN_DESKS, actorOf, type FnDesks } from './desks';

const pageSize = 50;

/** Stock of FNs, cells, ends of FNs and renewal cases. */
@Controller('api/fn')
export class FnLedgerController {
  constructor(@Inject(FN_DESKS) private readonly desks: FnDesks) {}

  private get ledger(): LedgerDesk {
    return this.desks.ledger;
  }

  private get renewals(): RenewalDesk {
    return this.desks.renewals;
  }

  @Get('stock')
  async stock(): Promise<FnStockView> {
    const { database, clock, models } = this.desks.ports;
    const clients = await database.query<{ id: string; name: string }>(
      'select id, name from clients order by name',
    );
    const ends = await driveEnds(database, dayOf(clock.nowMs()));
    return {
      counts: await new FnLedgerStore(database).counts(),
      models: [...models.values()].map(({ id, name }) => ({ id, name })),
      clients,
      outlook: await this.renewals.outlook(ends),
    };
  }

  @Get('drives')
  async drives(@Query() query: DrivesQuery): Promise<Page<FnDriveView>> {
    const offset = query.offset ?? 0;
    const rows = await new FnLedgerStore(this.desks.ports.database).list({
      state: query.state,
      text: query.q,
      limit: pageSize + 1,
      offset,
    });
    return { rows: rows.slice(0, pageSize), next: rows.length > pageSize ? String(offset + pageSize) : null };
  }

  @Get('drives/:fn')
  async drive(@Param() { fn }: FnParams): Promise<FnDrivePage> {
    const store = new FnLedgerStore(this.desks.ports.database);
    const found = await store.read(fn);
    if (!found) throw notFound('fiscal drive');
    return { ...found, moves: (await store.moves(fn)).map(moveView) };
  }

  @Post('drives')
  @Roles('engineer', 'lead')
  @HttpCode(201)
  receive(@CallerOf() caller: Caller, @Body() body: ReceiveBody): Promise<FnDriveView> {
    return this.ledger.receive(body, actorOf(caller));
  }

  @Post('drives/:fn/move')
  @Roles('engineer', 'lead')
  @HttpCode(200)
  move(@CallerOf() caller: Caller, @Param() { fn }: FnParams, @Body() body: MoveBody): Promise<FnDriveView> {
    return this.ledger.move(fn, body, actorOf(caller));
  }

  /** FNs in registers by the day they end, with their cases. */
  @Get('ends')
  async ends(): Promise<{ ends: FnEndView[] }> {
    const { database, clock } = this.desks.ports;
    const nowMs = clock.nowMs();
    const today = dayOf(nowMs);
    const cases = await new RenewalStore(database).list({ open: true, limit: 1_000 });
    const byFn = new Map(cases.map((row) => [row.fnNumber, renewalView(row, nowMs)]));
    const names = await database.query<{ id: number; serial: string; name: string; code: string | null }>(
      `select k.id, k.serial, c.name, g.code from registers k join clients c on c.id = k.client_id
       left join register_groups g on g.id = k.group_id`,
    );
    const byId = new Map(names.map((row) => [row.id, row]));
    const ends = (await driveEnds(database, today)).map((end): FnEndView => {
      const register = byId.get(end.registerId);
      const daysLeft = Math.round((Date.parse(end.endDate) - Date.parse(today)) / 86_400_000);
      return {
        fnNumber: end.fnNumber,
        registerId: end.registerId,
        serial: register?.serial ?? '',
        clientName: register?.name ?? '',
        groupCode: register?.code ?? null,
        endDate: end.endDate,
        daysLeft,
        cause: end.cause,
        reason: end.reason,
        reasonEn: end.reasonEn,
        renewal: byFn.get(end.fnNumber) ?? null,
      };
    });
    return { ends: ends.sort((a, b) => a.daysLeft - b.daysLeft) };
  }

  @Get('renewals')
  async cases(): Promise<{ renewals: FnRenewalView[] }> {
    const { database, clock } = this.desks.ports;
    const rows = await new RenewalStore(database).list({ limit: 500 });
    return { renewals: rows.map((row) => renewalView(row, clock.nowMs())) };
  }

  @Post('renewals/:id/answer')
  @Roles('support', 'engineer', 'lead')
  @HttpCode(200)
  async answer(
    @CallerOf() caller: Caller,
    @Param() { id }: IdParams,
    @Body() body: AnswerBody,
  ): Promise<FnRenewalView> {
    return renewalView(await this.renewals.answer(id, body, actorOf(caller)), this.desks.ports.clock.nowMs());
  }

  @Post('renewals/:id/plan')
  @Roles('support', 'engineer', 'lead')
  @HttpCode(200)
  async plan(
    @CallerOf() caller: Caller,
    @Param() { id }: IdParams,
    @Body() body: PlanBody,
  ): Promise<FnRenewalView> {
    const row = await this.renewals.plan(id, body.nextAt, body.nextPerson, body.note, actorOf(caller));
    return renewalView(row, this.desks.ports.clock.nowMs());
  }
}
