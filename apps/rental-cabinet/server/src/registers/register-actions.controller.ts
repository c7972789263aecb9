import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsString, Length, Matches, Max, Min } from 'class-validator';
import { FarmError } from '@kkt/contracts';
import { loadFnModels, WorkflowDesk } from '@kkt/fn-desk';
import { correlationId } from '@kkt/observability';
import { RentalReturnDesk } from '@kkt/rental-desk';
import {
  CabinetReadStore,
  type ClientRegisterRow,
  isUniqueViolation,
  RegisterStore,
  type RegisterTaskKind,
  RegisterTaskStore,
  type TaskFacts,
} from '@kkt/storage';
import type { ClosedView, ClosingView, RegisterTaskView } from '@kkt/web-contract';
import { notFound } from '@kkt/web-server';
import { noteOf } from '../session/audit-note';
import { type CabinetParts, PARTS } from '../parts';
import { type Caller, CallerOf, sightOf } from '../session/session.guard';
import { ownPause } from './registers.service';

class IdParams {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  id!: number;
}

class TaskParams extends IdParams {
  @Matches(/^[0-9]{1,18}$/)
  task!: string;
}

const actions = ['open_shift', 'end_shift', 'settlement'] as const satisfies readonly RegisterTaskKind[];

class TaskBody {
  @IsIn(actions)
  kind!: (typeof actions)[number];
}

class PauseBody {
  @IsString()
  @Length(3, 200)
  reason!: string;
}

class CloseBody {
  /** Typed by the client: proves that he means this register. */
  @IsString()
  @Length(1, 32)
  serial!: string;

  @IsString()
  @Length(3, 200)
  reason!: string;

  /** Where the money for unused days goes: the balance, or cards as far as they were paid with. */
  @IsIn(['balance', 'card'])
  returnTo!: 'balance' | 'card';

  /** What the client was shown, kopecks. */
  @IsInt()
  @Min(0)
  expectedKop!: number;
}

/** What a client may do to a register of his from afar. The device itself is the driver's alone. */
@Controller('api/registers')
export class RegisterActionsController {
  private readonly workflows: WorkflowDesk;
  private readonly returns: RentalReturnDesk;

  constructor(
    @Inject(PARTS) private readonly parts: CabinetParts,
    @Inject(CabinetReadStore) private readonly cabinet: CabinetReadStore,
  ) {
    this.workflows = new WorkflowDesk({ ...parts, models: loadFnModels() });
    this.returns = new RentalReturnDesk(parts);
  }

  /** Asks the driver; `GET …/tasks/:task` tells what came of it. */
  @Post(':id/tasks')
  async ask(
    @CallerOf() caller: Caller,
    @Param() { id }: IdParams,
    @Body() { kind }: TaskBody,
  ): Promise<{ task: string }> {
    const register = await this.own(caller, id);
    if (register.state !== 'ready' || !register.online || register.fnNumber === null)
      throw new FarmError('CLIENT-STATE', 'Касса сейчас не на связи или не работает');
    const fnNumber = register.fnNumber;
    try {
      return await this.parts.database.transaction(async (sql) => {
        const task = await new RegisterTaskStore(sql).askAlone({
          registerId: id,
          step: kind,
          kind,
          fnNumber,
          request: {},
        });
        await noteOf(sql, caller, `register.${kind}`, String(id), { task });
        return { task };
      });
    } catch (error) {
      if (isUniqueViolation(error, 'register_tasks_one_waiting'))
        throw new FarmError('CLIENT-STATE', 'Касса занята другим поручением: повторите через минуту');
      throw error;
    }
  }

  @Get(':id/tasks/:task')
  async task(@CallerOf() caller: Caller, @Param() { id, task }: TaskParams): Promise<RegisterTaskView> {
    await this.own(caller, id);
    const [row] = await this.parts.database.query<{ registerId: number }>(
      'select register_id as "registerId" from register_tasks where id = $1',
      [task],
    );
    const found =
      row?.registerId === id ? await new RegisterTaskStore(this.parts.database).read(task) : undefined;
    if (!found) throw notFound('task');
    const facts: TaskFacts = found.result ?? {};
    const { fdNumber, fnNumber, wasOpen } = facts;
    return {
      state: found.state === 'withdrawn' ? 'failed' : found.state,
      reason: found.reason,
      fnNumber: typeof fnNumber === 'string' ? fnNumber : found.fnNumber,
      fdNumber: typeof fdNumber === 'number' ? fdNumber : null,
      wasOpen: typeof wasOpen === 'boolean' ? wasOpen : null,
    };
  }

  /** No new receipts on this register until it is resumed; the one under way is finished. */
  @Post(':id/pause')
  @HttpCode(204)
  async pause(
    @CallerOf() caller: Caller,
    @Param() { id }: IdParams,
    @Body() { reason }: PauseBody,
  ): Promise<void> {
    await this.own(caller, id);
    await this.move(caller, id, 'ready', 'paused', `${ownPause}${reason}`);
  }

  /** Ends a pause that the client made. Others are ended by whoever or whatever made them. */
  @Post(':id/resume')
  @HttpCode(204)
  async resume(@CallerOf() caller: Caller, @Param() { id }: IdParams): Promise<void> {
    const register = await this.own(caller, id);
    if (!register.stateReason?.startsWith(ownPause))
      throw new FarmError('CLIENT-STATE', 'Эту паузу поставили не вы: снять её может ферма');
    await this.move(caller, id, 'paused', 'ready', null);
  }

  /** What comes back for unused days of rent when the register is closed today. */
  @Get(':id/closing')
  async closing(@CallerOf() caller: Caller, @Param() { id }: IdParams): Promise<ClosingView> {
    await this.own(caller, id);
    caller.access.must('registers:order');
    const found = await this.parts.database.transaction((sql) =>
      this.returns.preview(sql, id, caller.clientId),
    );
    return { ...found, cardKop: this.mayReturnToCard(caller) ? found.cardKop : 0 };
  }

  /**
   * Begins de-registration: the FN is closed by the farm's people, the tax service is told by the client. The rent ends
   * today, and what is not used comes back in the same commit.
   */
  @Post(':id/close')
  async close(
    @CallerOf() caller: Caller,
    @Param() { id }: IdParams,
    @Body() { serial, reason, returnTo, expectedKop }: CloseBody,
  ): Promise<ClosedView> {
    await this.own(caller, id);
    caller.access.must('registers:order');
    const toCard = returnTo === 'card';
    if (toCard && !this.mayReturnToCard(caller)) caller.access.must('money:write');
    const { clientId } = caller;
    let returned: Omit<ClosedView, 'workflow'> = { backKop: 0, cardKop: 0, paper: null };
    const workflow = await this.workflows.start(
      { kind: 'close', registerId: id, serial, why: `Клиент: ${reason}` },
      { kind: 'person', id: caller.personId, name: caller.name, requestId: correlationId() },
      async (sql) => {
        returned = await this.returns.apply(sql, { registerId: id, clientId, serial, toCard, expectedKop });
        await noteOf(sql, caller, 'rental.return', String(id), { ...returned });
      },
    );
    return { workflow, ...returned };
  }

  private mayReturnToCard({ access }: Caller): boolean {
    return this.parts.acquirer !== undefined && access.can('money:write', access.rootId);
  }

  private async own(caller: Caller, id: number): Promise<ClientRegisterRow> {
    const [row] = await this.cabinet.registers(sightOf(caller, 'registers:act'), id);
    if (!row) {
      caller.access.must('registers:act');
      throw notFound('register');
    }
    return row;
  }

  private async move(
    caller: Caller,
    id: number,
    from: 'ready' | 'paused',
    to: 'ready' | 'paused',
    reason: string | null,
  ): Promise<void> {
    await this.parts.database.transaction(async (sql) => {
      const hasMoved = await new RegisterStore(sql).move(id, [from], to, reason);
      if (!hasMoved) throw new FarmError('CLIENT-STATE', 'Касса уже в другом состоянии');
      await noteOf(sql, caller, `register.${to === 'paused' ? 'pause' : 'resume'}`, String(id), {
        state: to,
        reason,
      });
    });
  }
}
