import { Inject, Injectable } from '@nestjs/common';
import { FarmError } from '@kkt/contracts';
import { correlationId } from '@kkt/observability';
import { AlertStore, audited, type Database, DispatchStore, onlineNow, type Sql } from '@kkt/storage';
import type { VerdictView } from '@kkt/web-contract';
import { notFound } from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';
import type { Caller } from '../session/session.guard';

interface UndecidedFacts {
  intentId: string;
  kind: string;
  fnNumber: string;
  fdBefore: number;
  receiptId: string | null;
  registerId: number;
  clientId: string | null;
  registerState: string;
  online: boolean;
  problem: string | null;
  fnInSlot: string | null;
  /** The operator was given a document that this FN made after the attempt began. */
  isKnownOutside: boolean;
}

/**
 * What a person may decide about an attempt whose outcome the FN has not told. Only two things are offered: to ask the FN
 * again, and, when the FN itself is gone for good, to record that. The second ends the receipt as refused: nobody will
 * make it again by itself, so whatever the lost FN holds, the farm makes no second document. The FN's documents that
 * were not passed to the operator are lost with it, and the shop makes a correction receipt.
 */
@Injectable()
export class VerdictDesk {
  private readonly database: Database;

  constructor(@Inject(PARTS) private readonly parts: ConsoleParts) {
    this.database = parts.database;
  }

  /** Null: nothing of the receipt is undecided. */
  async ofReceipt(receiptId: string): Promise<VerdictView | null> {
    const facts = await readFacts(this.database, 'i.receipt_id = $1', receiptId);
    if (!facts) return null;
    return { intentId: facts.intentId, mayAsk: facts.online, lostRefusal: lostRefusal(facts) };
  }

  /**
   * Records that the FN of an undecided attempt is lost or broken for good; `CLIENT-FN-NOT-LOST` when the FN may still be asked.
   *
   * @param request.fnNumber typed by the engineer: proves that this very FN is meant
   */
  async recordLost(
    caller: Caller,
    request: { intentId: string; fnNumber: string; reason: string },
  ): Promise<void> {
    await audited(this.database, async (sql) => {
      await sql.query(`select 1 from intents where id = $1 for update`, [request.intentId]);
      const facts = await readFacts(sql, 'i.id = $1', request.intentId);
      if (!facts) throw notFound('undecided attempt');
      if (facts.fnNumber !== request.fnNumber.trim())
        throw new FarmError('CLIENT-FIELDS', 'fnNumber: the number of another FN');
      const refusal = lostRefusal(facts);
      if (refusal) throw new FarmError('CLIENT-FN-NOT-LOST', `The FN cannot be recorded as lost: ${refusal}`);
      await new DispatchStore(sql).voidIntent(facts.intentId, 'fn_lost', {
        then: 'fail',
        refusal: {
          code: 2,
          type: 'driver',
          text: `ФН ${facts.fnNumber} утрачен, не ответив о чеке; документ оператору не передан. Оформите чек коррекции`,
        },
      });
      await new AlertStore(sql).close('strange_document', 'register', facts.registerId);
      const { receiptId, registerId } = facts;
      return {
        result: undefined,
        entry: {
          actorKind: 'staff',
          actorId: caller.staffId,
          actorName: caller.name,
          clientId: facts.clientId,
          action: 'intent.fn_lost',
          objectKind: receiptId === null ? 'register' : 'receipt',
          objectId: receiptId ?? String(registerId),
          before: {
            intent: facts.intentId,
            kind: facts.kind,
            register: registerId,
            fdBefore: facts.fdBefore,
          },
          after: { verdict: 'fn_lost', fnNumber: facts.fnNumber },
          reason: request.reason,
          requestId: correlationId(),
        },
      };
    });
    this.parts.log.warn(
      { intent: request.intentId, staffId: caller.staffId },
      'an FN is recorded as lost: its undecided attempt is refused',
    );
  }
}

/** Why the FN may not be recorded as lost: it still can be asked, or the operator has what it made. */
function lostRefusal(facts: UndecidedFacts): VerdictView['lostRefusal'] {
  if (facts.isKnownOutside) return 'operator_has_it';
  if (facts.online && facts.fnInSlot === facts.fnNumber && facts.problem === null) return 'fn_present';
  return facts.registerState === 'ready' || facts.registerState === 'registering' ? 'in_service' : null;
}

async function readFacts(
  sql: Sql,
  condition: 'i.id = $1' | 'i.receipt_id = $1',
  id: string,
): Promise<UndecidedFacts | undefined> {
  const [facts] = await sql.query<UndecidedFacts>(
    `select i.id::text as "intentId", i.kind, i.fn_number as "fnNumber", i.fd_before as "fdBefore", i.receipt_id as "receiptId",
            k.id as "registerId", k.client_id as "clientId", k.state as "registerState", ${onlineNow} as online, s.problem,
            s.fn_number as "fnInSlot",
            exists (select 1 from ofd_messages m where m.fn_number = i.fn_number and m.fd_number > i.fd_before) as "isKnownOutside"
     from intents i join registers k on k.id = i.register_id left join register_status s on s.register_id = k.id
     left join leases l on l.register_id = k.id
     where ${condition} and i.state in ('open', 'stuck')`,
    [id],
  );
  return facts;
}
