import { FarmError } from '@kkt/contracts';
import { dayOf, type LedgerMove, objectionToMove } from '@kkt/fn-life';
import { AuditStore, FnLedgerStore, type LedgerRow, type Sql } from '@kkt/storage';
import type { Actor, DeskPorts } from './ports';
import { refuse, refuseIf } from './refuse';

export interface Reception {
  fnNumber: string;
  model: string;
  /** Owner, when the FN was bought for a client already. */
  clientId?: string;
  reason?: string;
}

/** Moves an FN in the transaction of whoever does it. @throws FarmError `CLIENT-*` when the rules forbid it */
export async function moveDrive(
  sql: Sql,
  today: string,
  fnNumber: string,
  move: LedgerMove & { registerId?: number; workflowId?: string; reason?: string },
  actor: Actor,
): Promise<LedgerRow> {
  const ledger = new FnLedgerStore(sql);
  const drive = await ledger.lock(fnNumber);
  if (!drive) throw new FarmError('CLIENT-FN-NOT-IN-STOCK', `ФН ${fnNumber} нет в учёте`);
  refuseIf(objectionToMove(drive, move, today));
  await ledger.move({ ...move, fnNumber, from: drive.state }, actor);
  return drive;
}

/** The stock of FNs: receive, test, reserve for a client, put into a cell, give back. */
export class LedgerDesk {
  constructor(private readonly ports: DeskPorts) {}

  private get today(): string {
    return dayOf(this.ports.clock.nowMs());
  }

  /** @throws FarmError `CLIENT-FN-MODEL`, `CLIENT-FN-KNOWN` */
  async receive(reception: Reception, actor: Actor): Promise<LedgerRow> {
    const model = this.ports.models.get(reception.model);
    if (!model)
      return refuse({
        code: 'CLIENT-FN-MODEL',
        text: `Модель ФН «${reception.model}» неизвестна: её нет в справочнике моделей`,
      });
    return this.ports.database.transaction(async (sql) => {
      const isNew = await new FnLedgerStore(sql).receive(
        {
          fnNumber: reception.fnNumber,
          model: model.id,
          clientId: reception.clientId ?? null,
          capacityDocuments: model.documents,
          reason: reception.reason ?? null,
        },
        actor,
      );
      if (!isNew) refuse({ code: 'CLIENT-FN-KNOWN', text: `ФН ${reception.fnNumber} уже есть в учёте` });
      await this.audit(
        sql,
        actor,
        'fn.receive',
        reception.fnNumber,
        reception.clientId ?? null,
        reception.reason,
        {
          model: model.id,
        },
      );
      return this.found(sql, reception.fnNumber);
    });
  }

  async move(fnNumber: string, move: LedgerMove & { reason?: string }, actor: Actor): Promise<LedgerRow> {
    if (move.to === 'installed' || move.to === 'closed')
      refuse({
        code: 'CLIENT-FN-STATE',
        text: 'ФН устанавливается и снимается только в рабочем процессе кассы',
      });
    return this.ports.database.transaction(async (sql) => {
      const before = await moveDrive(sql, this.today, fnNumber, move, actor);
      const after = await this.found(sql, fnNumber);
      await this.audit(sql, actor, `fn.${move.to}`, fnNumber, after.clientId, move.reason, {
        from: before.state,
        to: move.to,
        cell: move.cell ?? null,
        act: move.act ?? null,
      });
      return after;
    });
  }

  private async found(sql: Sql, fnNumber: string): Promise<LedgerRow> {
    const row = await new FnLedgerStore(sql).read(fnNumber);
    if (!row) throw new FarmError('SYS-ROWS', 'The FN is not in the ledger', { fnNumber });
    return row;
  }

  private async audit(
    sql: Sql,
    actor: Actor,
    action: string,
    fnNumber: string,
    clientId: string | null,
    reason: string | undefined,
    after: Record<string, string | null>,
  ): Promise<void> {
    await AuditStore.write(sql, {
      actorKind: actor.kind,
      actorId: actor.id,
      actorName: actor.name,
      clientId,
      action,
      objectKind: 'fn',
      objectId: fnNumber,
      after,
      reason,
      requestId: actor.requestId,
    });
  }
}
