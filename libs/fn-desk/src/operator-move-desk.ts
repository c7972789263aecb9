import { FarmError } from '@kkt/contracts';
import { applicationDueMs, dayOf, objectionToReregistration, reasonOperator } from '@kkt/fn-life';
import { notify } from '@kkt/notifications';
import {
  AuditStore,
  FnLedgerStore,
  FnWorkflowStore,
  type OperatorChange,
  OperatorStore,
  RegistrationStore,
  type Sql,
  type UnappliedChange,
} from '@kkt/storage';
import { type Actor, type DeskPorts } from './ports';
import { refuse, refuseIf } from './refuse';
import { applicationData, lockRegister } from './register-facts';

export interface OperatorMoveRequest {
  registerId: number;
  /** Typed by whoever asks: proves that he means this register. */
  serial: string;
  operatorId: number;
  reason: string;
}

const applyAtOnce = 50;

/**
 * Changes of a register's operator that a client asks for. The driver carries them out; a change that ended gets the
 * application to the tax service that the law wants within a working day.
 */
export class OperatorMoveDesk {
  constructor(private readonly ports: DeskPorts) {}

  /** @throws FarmError `CLIENT-*` with why it cannot begin */
  begin(request: OperatorMoveRequest, actor: Actor): Promise<OperatorChange> {
    return this.ports.database.transaction(async (sql) => {
      const register = await lockRegister(sql, request.registerId);
      if (!register) throw new FarmError('CLIENT-NOT-FOUND', 'No such register');
      if (register.serial !== request.serial.trim())
        throw new FarmError('CLIENT-SERIAL', 'Заводской номер — другой кассы', { field: 'serial' });
      if (await new FnWorkflowStore(sql).liveOfRegister(register.registerId))
        refuse({ code: 'CLIENT-STATE', text: 'С этой кассой уже идёт работа: дождитесь её конца' });
      refuseIf(objectionToReregistration(register.registrationsLeft));
      const change = await new OperatorStore(sql).beginChange({
        registerId: register.registerId,
        operatorId: request.operatorId,
        askedBy: actor.name,
        reason: request.reason,
      });
      await this.note(sql, actor, register, 'register.operator', {
        before: { operator: change.fromName },
        after: { operator: change.toName },
        reason: request.reason,
      });
      return change;
    });
  }

  /** While the FN was told nothing. @throws FarmError CLIENT-STATE when it is too late or there is no change */
  async cancel(registerId: number, actor: Actor): Promise<void> {
    await this.ports.database.transaction(async (sql) => {
      const register = await lockRegister(sql, registerId);
      if (!register) throw new FarmError('CLIENT-NOT-FOUND', 'No such register');
      if (!(await new OperatorStore(sql).cancelChange(registerId)))
        refuse({
          code: 'CLIENT-STATE',
          text: 'Смену уже не отменить: её нет или ФН уже меняет оператора',
        });
      await this.note(sql, actor, register, 'register.operator_cancel', {});
    });
  }

  /** Makes the applications of changes that ended. Returns how many; may be run by several workers. */
  sweep(): Promise<number> {
    return this.ports.database.transaction(async (sql) => {
      const ended = await new OperatorStore(sql).unapplied(applyAtOnce);
      for (const change of ended) await this.apply(sql, change);
      return ended.length;
    });
  }

  private async apply(sql: Sql, { id, registerId, report }: UnappliedChange): Promise<void> {
    const register = await lockRegister(sql, registerId);
    const { group, fnNumber, clientId } = register ?? {};
    // A register that left its client since needs no application for what it was.
    if (!register || !group || !fnNumber || !clientId) return;
    const { ports } = this;
    const drive = await new FnLedgerStore(sql).read(fnNumber);
    const model = drive?.model ?? '';
    const dueAt = new Date(applicationDueMs('draft', ports.clock.nowMs(), false));
    const application = ports.ids.uuid();
    await new RegistrationStore(sql).create({
      id: application,
      kind: 'reregistration',
      registerId,
      clientId,
      workflowId: null,
      reasons: reasonOperator,
      rnm: register.rnm,
      data: {
        facts: applicationData(register, group, {
          number: fnNumber,
          model: ports.models.get(model)?.name ?? model,
        }),
        report,
        closing: null,
        oldFnFailed: false,
      },
      dueAt,
    });
    await new OperatorStore(sql).applied(id, application);
    await notify(sql, {
      kind: 'fn.operator-changed',
      to: { kind: 'client', id: clientId },
      channel: 'email',
      event: `operator-changed:${id}`,
      clientId,
      params: {
        serial: register.serial,
        rnm: register.rnm ?? '—',
        operator: group.ofdName,
        fd: String(report.fdNumber),
        at: report.at,
        sign: String(report.fiscalSign).padStart(10, '0'),
        due: dayOf(dueAt.getTime()),
      },
    });
  }

  private async note(
    sql: Sql,
    actor: Actor,
    { registerId, clientId }: { registerId: number; clientId: string | null },
    action: string,
    what: { before?: { operator: string }; after?: { operator: string }; reason?: string },
  ): Promise<void> {
    await AuditStore.write(sql, {
      actorKind: actor.kind,
      actorId: actor.id,
      actorName: actor.name,
      clientId,
      action,
      objectKind: 'register',
      objectId: String(registerId),
      ...what,
      ...(actor.requestId && { requestId: actor.requestId }),
    });
  }
}
