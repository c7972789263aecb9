import { Inject, Injectable } from '@nestjs/common';
import { FarmError } from '@kkt/contracts';
import { correlationId } from '@kkt/observability';
import {
  audited,
  type OperatorChange,
  type OperatorEntry,
  type OperatorFields,
  OperatorStore,
  type Sql,
} from '@kkt/storage';
import { notFound } from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';
import type { Caller } from '../session/session.guard';

interface RegisterRequest {
  registerId: number;
  /** Typed by the engineer: proves that he means this register. */
  serial: string;
  reason: string;
}

/** Changes of the directory and of a register's operator, each with its line in the audit log. */
@Injectable()
export class OperatorActions {
  constructor(@Inject(PARTS) private readonly parts: ConsoleParts) {}

  save(caller: Caller, fields: OperatorFields): Promise<OperatorEntry> {
    return audited(this.parts.database, async (sql) => {
      const saved = await new OperatorStore(sql).save(fields);
      return {
        result: saved,
        entry: {
          ...actor(caller),
          clientId: null,
          action: 'operator.save',
          objectKind: 'operator',
          objectId: String(saved.id),
          before: null,
          after: { ...fields },
          reason: fields.note ?? undefined,
        },
      };
    });
  }

  change(caller: Caller, request: RegisterRequest & { operatorId: number }): Promise<OperatorChange> {
    return audited(this.parts.database, async (sql) => {
      const clientId = await theRegister(sql, request);
      const change = await new OperatorStore(sql).beginChange({
        registerId: request.registerId,
        operatorId: request.operatorId,
        askedBy: caller.name,
        reason: request.reason,
      });
      return {
        result: change,
        entry: {
          ...actor(caller),
          clientId,
          action: 'register.operator',
          objectKind: 'register',
          objectId: String(request.registerId),
          before: { operator: change.fromName },
          after: { operator: change.toName },
          reason: request.reason,
        },
      };
    });
  }

  async cancel(caller: Caller, request: RegisterRequest): Promise<void> {
    await audited(this.parts.database, async (sql) => {
      const clientId = await theRegister(sql, request);
      if (!(await new OperatorStore(sql).cancelChange(request.registerId)))
        throw new FarmError(
          'CLIENT-OPERATOR-CHANGE',
          'смену уже не отменить: её нет или ФН уже меняет оператора',
        );
      return {
        result: undefined,
        entry: {
          ...actor(caller),
          clientId,
          action: 'register.operator_cancel',
          objectKind: 'register',
          objectId: String(request.registerId),
          before: null,
          after: null,
          reason: request.reason,
        },
      };
    });
  }
}

const actor = (caller: Caller) => ({
  actorKind: 'staff' as const,
  actorId: caller.staffId,
  actorName: caller.name,
  requestId: correlationId(),
});

/** The register that is meant, locked; its client. */
async function theRegister(sql: Sql, { registerId, serial }: RegisterRequest): Promise<string | null> {
  const [register] = await sql.query<{ serial: string; client_id: string | null }>(
    'select serial, client_id from registers where id = $1 for update',
    [registerId],
  );
  if (!register) throw notFound('register');
  if (register.serial !== serial.trim())
    throw new FarmError('CLIENT-SERIAL', 'The serial number is of another register');
  return register.client_id;
}
