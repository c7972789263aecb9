import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { applicationView, workflowPage, workflowView } from '@kkt/fn-desk';
import { FnWorkflowStore, RegistrationStore } from '@kkt/storage';
import type { FnWorkflowList, FnWorkflowPage } from '@kkt/web-contract';
import { notFound } from '@kkt/web-server';
import { type Caller, CallerOf, Roles } from '../session/session.guard';
import { IdParams, ReasonBody, ReplanBody, SayBody, StartBody } from './bodies';
import { actorOf, FN_DESKS, type FnDesks } from './desks';

const most = 100;

/** Work on FNs: swaps, installations, re-registrations, de-registrations. */
@Controller('api/fn/workflows')
export class FnWorkflowsController {
  constructor(@Inject(FN_DESKS) private readonly desks: FnDesks) {}

  @Get()
  async list(@CallerOf() caller: Caller): Promise<FnWorkflowList> {
    const { database, clock } = this.desks.ports;
    const store = new FnWorkflowStore(database);
    const rows = await store.list({ limit: most });
    return {
      workflows: rows.map((row) => workflowView(row, clock.nowMs(), caller.staffId)),
      durations: await store.durations(),
    };
  }

  @Get(':id')
  async one(@CallerOf() caller: Caller, @Param() { id }: IdParams): Promise<FnWorkflowPage> {
    const { database, clock } = this.desks.ports;
    const store = new FnWorkflowStore(database);
    const row = await store.read(id);
    if (!row) throw notFound('workflow');
    const application = await new RegistrationStore(database).ofWorkflow(id);
    return workflowPage(
      row,
      await store.events(id),
      application
        ? applicationView(application, await this.desks.registrations.check(application), clock.nowMs())
        : null,
      clock.nowMs(),
      caller.staffId,
    );
  }

  @Post()
  @Roles('engineer', 'lead')
  @HttpCode(201)
  async start(@CallerOf() caller: Caller, @Body() body: StartBody): Promise<{ id: string }> {
    const { groupCode, ...request } = body;
    const rows = groupCode
      ? await this.desks.ports.database.query<{ id: number }>(
          'select id from register_groups where code = $1',
          [groupCode],
        )
      : [];
    const groupId = rows[0]?.id;
    const id = await this.desks.workflows.start(
      { ...request, ...(groupId ? { groupId } : {}) },
      actorOf(caller),
    );
    return { id };
  }

  @Post(':id/say')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  say(@CallerOf() caller: Caller, @Param() { id }: IdParams, @Body() body: SayBody): Promise<void> {
    const { step, ...said } = body;
    const facts = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
    return this.desks.workflows.say(id, step, facts, actorOf(caller));
  }

  @Post(':id/approve')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  approve(@CallerOf() caller: Caller, @Param() { id }: IdParams): Promise<void> {
    return this.desks.workflows.approve(id, actorOf(caller));
  }

  @Post(':id/retry')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  retry(@CallerOf() caller: Caller, @Param() { id }: IdParams): Promise<void> {
    return this.desks.workflows.retry(id, actorOf(caller));
  }

  @Post(':id/replan')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  replan(@CallerOf() caller: Caller, @Param() { id }: IdParams, @Body() body: ReplanBody): Promise<void> {
    return this.desks.workflows.replan(id, body.newFn, body.reason, actorOf(caller));
  }

  @Post(':id/cancel')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  cancel(@CallerOf() caller: Caller, @Param() { id }: IdParams, @Body() body: ReasonBody): Promise<void> {
    return this.desks.workflows.cancel(id, body.reason, actorOf(caller));
  }

  @Post(':id/take-over')
  @Roles('engineer', 'lead')
  @HttpCode(204)
  takeOver(@CallerOf() caller: Caller, @Param() { id }: IdParams, @Body() body: ReasonBody): Promise<void> {
    return this.desks.workflows.takeOver(id, body.reason, actorOf(caller));
  }
}
