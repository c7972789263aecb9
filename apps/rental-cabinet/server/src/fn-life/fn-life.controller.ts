import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { IsIn, IsOptional, IsString, IsUUID, Length, Matches } from 'class-validator';
import { FarmError } from '@kkt/contracts';
import {
  type Actor,
  applicationView,
  type DeskPorts,
  loadFnModels,
  RegistrationDesk,
  RenewalDesk,
  renewalView,
  workflowView,
} from '@kkt/fn-desk';
import { correlationId } from '@kkt/observability';
import { FnWorkflowStore, type RegistrationRow, RegistrationStore, RenewalStore } from '@kkt/storage';
import type { FnApplicationView, FnRenewalView, FnWorkflowView } from '@kkt/web-contract';
import { type HttpReply, notFound } from '@kkt/web-server';
import { type CabinetParts, PARTS } from '../parts';
import { type Caller, CallerOf, sightOf } from '../session/session.guard';

class IdParams {
  @IsUUID()
  id!: string;
}

class AnswerBody {
  @IsIn(['accepted', 'declined'])
  state!: 'accepted' | 'declined';

  @IsOptional()
  @IsString()
  @Length(1, 500)
  note?: string;
}

class StateBody {
  @IsIn(['sent', 'number_received', 'report_entered', 'card', 'draft'])
  state!: 'sent' | 'number_received' | 'report_entered' | 'card' | 'draft';

  @IsOptional()
  @Matches(/^[0-9]{16}$/, { message: 'РНМ — 16 цифр' })
  rnm?: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  cardNumber?: string;

  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'дата — ГГГГ-ММ-ДД' })
  cardDate?: string;
}

const most = 200;

const actorOf = (caller: Caller): Actor => ({
  kind: 'person',
  id: caller.personId,
  name: caller.name,
  requestId: correlationId(),
});

/** The client's part in the life of his fiscal drives: renewal, work under way, applications to the tax service. */
@Controller('api/fn')
export class FnLifeController {
  private readonly ports: DeskPorts;
  private readonly renewals: RenewalDesk;
  private readonly registrations: RegistrationDesk;

  constructor(@Inject(PARTS) { database, clock, ids, log }: CabinetParts) {
    this.ports = { database, clock, ids, log, models: loadFnModels() };
    this.renewals = new RenewalDesk(this.ports);
    this.registrations = new RegistrationDesk(this.ports);
  }

  @Get('renewals')
  async list(@CallerOf() caller: Caller): Promise<{ renewals: FnRenewalView[] }> {
    const sight = sightOf(caller, 'registers:read');
    const rows = await new RenewalStore(this.ports.database).list({ ...sight, limit: most });
    return { renewals: rows.map((row) => renewalView(row, this.ports.clock.nowMs())) };
  }

  @Post('renewals/:id/answer')
  @HttpCode(200)
  async answer(
    @CallerOf() caller: Caller,
    @Param() { id }: IdParams,
    @Body() body: AnswerBody,
  ): Promise<FnRenewalView> {
    mayDecide(caller);
    const row = await this.renewals.answer(id, body, actorOf(caller), caller.clientId);
    return renewalView(row, this.ports.clock.nowMs());
  }

  /** Work on the client's FNs: which step, whose turn, how long without receipts. */
  @Get('workflows')
  async workflows(@CallerOf() caller: Caller): Promise<{ workflows: FnWorkflowView[] }> {
    const sight = sightOf(caller, 'registers:read');
    const rows = await new FnWorkflowStore(this.ports.database).list({ ...sight, limit: most });
    return { workflows: rows.map((row) => workflowView(row, this.ports.clock.nowMs(), null)) };
  }

  @Get('applications')
  async applications(@CallerOf() caller: Caller): Promise<{ applications: FnApplicationView[] }> {
    const sight = sightOf(caller, 'registers:read');
    const rows = await new RegistrationStore(this.ports.database).list({ ...sight, limit: most });
    return { applications: rows.map((row) => applicationView(row, [], this.ports.clock.nowMs())) };
  }

  @Get('applications/:id')
  async application(@CallerOf() caller: Caller, @Param() { id }: IdParams): Promise<FnApplicationView> {
    const row = await this.own(caller, id);
    return applicationView(row, await this.registrations.check(row), this.ports.clock.nowMs());
  }

  @Post('applications/:id/state')
  @HttpCode(200)
  async move(
    @CallerOf() caller: Caller,
    @Param() { id }: IdParams,
    @Body() { state, rnm, cardNumber, cardDate }: StateBody,
  ): Promise<FnApplicationView> {
    mayDecide(caller);
    const card = cardNumber && cardDate ? { number: cardNumber, date: cardDate } : undefined;
    const row = await this.registrations.move(id, { state, rnm, card }, actorOf(caller), caller.clientId);
    return applicationView(row, await this.registrations.check(row), this.ports.clock.nowMs());
  }

  @Get('applications/:id/application.xml')
  async xml(@CallerOf() caller: Caller, @Param() { id }: IdParams, @Res() reply: HttpReply): Promise<void> {
    const { name, body } = this.registrations.xml(await this.own(caller, id));
    reply.header('content-disposition', `attachment; filename="${name}"`);
    reply.type('application/xml; charset=windows-1251').send(body);
  }

  @Get('applications/:id/application.pdf')
  async pdf(@CallerOf() caller: Caller, @Param() { id }: IdParams, @Res() reply: HttpReply): Promise<void> {
    const { name, body } = await this.registrations.pdf(await this.own(caller, id));
    reply.header('content-disposition', `attachment; filename="${name}"`);
    reply.type('application/pdf').send(body);
  }

  /** An application about a register in sight; one whose register has left is the whole company's matter. */
  private async own(caller: Caller, id: string): Promise<RegistrationRow> {
    const { clientId, groupIds } = sightOf(caller, 'registers:read');
    const row = await this.registrations.read(id, clientId);
    if (groupIds && (row.groupId === null || !groupIds.includes(row.groupId))) throw notFound('application');
    return row;
  }
}

/** What binds the whole company is said by those who may manage registers everywhere in it. */
function mayDecide({ access }: Caller): void {
  if (!access.canEverywhere('registers:act'))
    throw new FarmError('CLIENT-RIGHTS', 'You may not decide this for the company');
}
