import { Inject, Injectable } from '@nestjs/common';
import { FarmError } from '@kkt/contracts';
import { correlationId } from '@kkt/observability';
import { audited, RegisterCommandStore, RegisterStore, type RegisterState, type Sql } from '@kkt/storage';
import { notFound } from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';
import type { Caller } from '../session/session.guard';

export interface ActionRequest {
  registerId: number;
  /** Typed by the engineer: proves that he means this register. */
  serial: string;
  reason: string;
}

/**
 * What engineers may do to a register. Each action changes only the row the driver reads and is written to the audit
 * log in the same transaction; the device itself is the driver's alone.
 */
@Injectable()
export class RegisterActions {
  constructor(@Inject(PARTS) private readonly parts: ConsoleParts) {}

  /** No new receipts; the one under way is finished, its document is proven as always. */
  pause(caller: Caller, request: ActionRequest): Promise<void> {
    return this.move(caller, request, 'register.pause', 'ready', 'paused');
  }

  resume(caller: Caller, request: ActionRequest): Promise<void> {
    return this.move(caller, request, 'register.resume', 'paused', 'ready');
  }

  /**
   * A stopped register works again: nothing of it is undecided, and its session begins anew, so that the FN is compared
   * with the database before the first receipt.
   */
  returnToWork(caller: Caller, request: ActionRequest): Promise<void> {
    return this.move(caller, request, 'register.return', 'stopped', 'ready', async (sql) => {
      const open = await sql.query(
        `select 1 from intents where register_id = $1 and state in ('open', 'stuck')`,
        [request.registerId],
      );
      if (open.length > 0)
        throw new FarmError(
          'CLIENT-UNDECIDED',
          'A document of this register is undecided: reconcile it first',
        );
      await new RegisterCommandStore(sql).ask({
        registerId: request.registerId,
        kind: 'reconnect',
        request: {},
        askedBy: caller.name,
        askedWhy: request.reason,
        ttlS: 60,
      });
    });
  }

  private async move(
    caller: Caller,
    request: ActionRequest,
    action: string,
    from: RegisterState,
    to: RegisterState,
    before: (sql: Sql) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    await audited(this.parts.database, async (sql) => {
      const [register] = await sql.query<{ serial: string; state: RegisterState; client_id: string | null }>(
        'select serial, state, client_id from registers where id = $1 for update',
        [request.registerId],
      );
      if (!register) throw notFound('register');
      if (register.serial !== request.serial.trim())
        throw new FarmError('CLIENT-SERIAL', 'The serial number is of another register');
      await before(sql);
      const hasMoved = await new RegisterStore(sql).move(
        request.registerId,
        [from],
        to,
        to === 'paused' ? request.reason : null,
      );
      if (!hasMoved) throw new FarmError('CLIENT-STATE', `The register is ${register.state}, not ${from}`);
      return {
        result: undefined,
        entry: {
          actorKind: 'staff',
          actorId: caller.staffId,
          actorName: caller.name,
          clientId: register.client_id,
          action,
          objectKind: 'register',
          objectId: String(request.registerId),
          before: { state: register.state },
          after: { state: to },
          reason: request.reason,
          requestId: correlationId(),
        },
      };
    });
    this.parts.log.info(
      { registerId: request.registerId, action, staffId: caller.staffId },
      'register moved by hand',
    );
  }
}
