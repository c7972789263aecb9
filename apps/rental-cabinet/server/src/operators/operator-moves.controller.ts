import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { Type } from 'class-transformer';
import { Equals, IsInt, IsString, Length, Matches, Max, MaxLength, Min, ValidateIf } from 'class-validator';
import { FarmError } from '@kkt/contracts';
import { type Actor, loadFnModels, OperatorMoveDesk } from '@kkt/fn-desk';
import { correlationId } from '@kkt/observability';
import {
  CabinetReadStore,
  type ClientRegisterRow,
  type OperatorChange,
  type OperatorEntry,
  OperatorStore,
  OperatorTermStore,
} from '@kkt/storage';
import type { OperatorMovePage, OperatorMoveView } from '@kkt/web-contract';
import { moment, momentOrNull, notFound } from '@kkt/web-server';
import { type CabinetParts, PARTS } from '../parts';
import { noteOf } from '../session/audit-note';
import { type Caller, CallerOf, sightOf } from '../session/session.guard';
import { operatorPaid } from './operator-paid';

class RegisterParams {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  id!: number;
}

class MoveBody {
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  operatorId!: number;

  /** Typed by the client: proves that he means this register. */
  @IsString()
  @Length(1, 32)
  serial!: string;

  @IsString()
  @Length(3, 500)
  reason!: string;

  /** The client has a contract with the new operator; without one it would take nothing. */
  @Equals(true, { message: 'сначала заключите договор с новым оператором' })
  hasContract!: boolean;
}

class TermBody {
  @ValidateIf((_, value) => value !== null)
  @Matches(/^20\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, { message: 'дата — ГГГГ-ММ-ДД' })
  paidUntil!: string | null;

  /** Number of the contract. */
  @IsString()
  @MaxLength(100)
  contract!: string;
}

const actorOf = (caller: Caller): Actor => ({
  kind: 'person',
  id: caller.personId,
  name: caller.name,
  requestId: correlationId(),
});

const moveView = (change: OperatorChange, serial: string): OperatorMoveView => ({
  id: change.id,
  registerId: change.registerId,
  serial,
  state: change.state,
  fromName: change.fromName,
  toName: change.toName,
  reason: change.reason,
  askedBy: change.askedBy,
  note: change.note,
  createdAt: moment(change.createdAt),
  finishedAt: momentOrNull(change.finishedAt),
  applicationId: change.applicationId,
});

const isOpen = ({ state }: { state: OperatorChange['state'] }): boolean =>
  state === 'draining' || state === 'registering';

/** Change of a register's operator: asked for here, carried out by the driver between receipts. */
@Controller('api')
export class OperatorMovesController {
  private readonly desk: OperatorMoveDesk;

  constructor(
    @Inject(PARTS) private readonly parts: CabinetParts,
    @Inject(CabinetReadStore) private readonly cabinet: CabinetReadStore,
  ) {
    this.desk = new OperatorMoveDesk({ ...parts, models: loadFnModels() });
  }

  /** Changes of the registers in sight, the newest first. */
  @Get('operator-moves')
  async list(@CallerOf() caller: Caller): Promise<{ moves: OperatorMoveView[] }> {
    const sight = sightOf(caller, 'registers:read');
    const [changes, registers] = await Promise.all([
      new OperatorStore(this.parts.database).changes({ sight }),
      this.cabinet.registers(sight),
    ]);
    const serials = new Map(registers.map(({ id, serial }) => [id, serial]));
    return {
      moves: changes.map((change) => moveView(change, serials.get(change.registerId) ?? '—')),
    };
  }

  /** Where a register is, where it can go and what that would mean now. */
  @Get('registers/:id/operator')
  async page(@CallerOf() caller: Caller, @Param() { id }: RegisterParams): Promise<OperatorMovePage> {
    const sight = sightOf(caller, 'registers:read');
    const [register] = await this.cabinet.registers(sight, id);
    if (!register) throw notFound('register');
    const store = new OperatorStore(this.parts.database);
    const [exchange, changes, entries, beside] = await Promise.all([
      store.exchangeOf(id),
      store.changes({ registerId: id, sight }),
      store.list(),
      this.cabinet.registers(sight),
    ]);
    if (!exchange) throw notFound('register');
    const isHere = ({ inn, host, port }: OperatorEntry): boolean =>
      inn === exchange.inn && host === exchange.host && port === exchange.port;
    const moves = changes.map((change) => moveView(change, register.serial));
    return {
      register: {
        id,
        serial: register.serial,
        groupCode: register.groupCode,
        rnm: register.rnm,
        fnNumber: register.fnNumber,
      },
      operator: { inn: exchange.inn, name: exchange.name },
      paid: operatorPaid(register, this.parts.operator.inn),
      unsent: exchange.unsent,
      firstUnsentAt: momentOrNull(exchange.firstUnsentAt),
      cause: exchange.message?.cause ?? null,
      isShiftOpen: register.shiftOpen,
      others: beside.filter(
        (one) => one.id !== id && one.groupId === register.groupId && one.state === 'ready' && one.online,
      ).length,
      registrationsLeft: register.registrationsLeft,
      choices: entries
        .filter((entry) => entry.enabled && !isHere(entry))
        .map((entry) => ({
          id: entry.id,
          inn: entry.inn,
          name: entry.name,
          isToldByUs: this.isTold(entry.inn),
        })),
      change: moves.find(isOpen) ?? null,
      past: moves.filter((move) => !isOpen(move)),
      mayMove: caller.access.canEverywhere('registers:order'),
    };
  }

  @Post('registers/:id/operator')
  async move(
    @CallerOf() caller: Caller,
    @Param() { id }: RegisterParams,
    @Body() { operatorId, serial, reason }: MoveBody,
  ): Promise<OperatorMoveView> {
    const register = await this.own(caller, id);
    const entries = await new OperatorStore(this.parts.database).list();
    const operator = entries.find((entry) => entry.id === operatorId);
    // Known there first: a document of an unknown register would be refused and stand in the FN's queue.
    if (operator?.enabled && this.isTold(operator.inn)) await this.tell(caller, register);
    const change = await this.desk.begin({ registerId: id, serial, operatorId, reason }, actorOf(caller));
    return moveView(change, register.serial);
  }

  /** Until when the client has paid the operator, by his own word; null takes the word back. */
  @Put('registers/:id/operator/term')
  @HttpCode(204)
  async term(
    @CallerOf() caller: Caller,
    @Param() { id }: RegisterParams,
    @Body() { paidUntil, contract }: TermBody,
  ): Promise<void> {
    await this.own(caller, id);
    await this.parts.database.transaction(async (sql) => {
      const store = new OperatorTermStore(sql);
      const { clientId, name: saidBy } = caller;
      if (paidUntil === null) await store.forget(id, clientId);
      else await store.say({ registerId: id, clientId, paidUntil, contract, saidBy });
      await noteOf(sql, caller, 'register.operator-term', String(id), { paidUntil, contract });
    });
  }

  @Post('registers/:id/operator/cancel')
  @HttpCode(204)
  async cancel(@CallerOf() caller: Caller, @Param() { id }: RegisterParams): Promise<void> {
    await this.own(caller, id);
    await this.desk.cancel(id, actorOf(caller));
  }

  private readonly isTold = (inn: string): boolean => inn === this.parts.operator.inn;

  private async tell(caller: Caller, register: ClientRegisterRow): Promise<void> {
    const { rnm, fnNumber, serial, model, site, address } = register;
    if (rnm === null || fnNumber === null) return;
    try {
      await this.parts.operator.registry.announce({
        rnm,
        fnNumber,
        inn: caller.clientInn,
        enterpriseName: caller.clientName,
        serial,
        model,
        place: site,
        address,
      });
    } catch (error) {
      this.parts.log.warn({ err: error, serial }, 'the new operator was not told of a register');
      throw new FarmError(
        'CLIENT-OPERATOR-CHANGE',
        'новый оператор сейчас не отвечает, смена не начата: повторите позже',
        { field: 'operatorId' },
      );
    }
  }

  /** What the tax service must be told of is decided by those who may do it everywhere in the company. */
  private async own(caller: Caller, id: number): Promise<ClientRegisterRow> {
    const [register] = await this.cabinet.registers(sightOf(caller, 'registers:read'), id);
    if (!register) throw notFound('register');
    caller.access.must('registers:order');
    return register;
  }
}
