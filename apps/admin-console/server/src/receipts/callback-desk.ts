import { Inject, Injectable } from '@nestjs/common';
import { FarmError } from '@kkt/contracts';
import { correlationId } from '@kkt/observability';
import { audited, CallbackStore, type Database } from '@kkt/storage';
import { notFound } from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';
import type { Caller } from '../session/session.guard';

/** Telling a shop its result once more, when its people ask. */
@Injectable()
export class CallbackDesk {
  private readonly database: Database;

  constructor(@Inject(PARTS) parts: ConsoleParts) {
    this.database = parts.database;
  }

  /** Due at once, then by the usual schedule. `CLIENT-STATE` when the receipt has no callback. */
  async sendAgain(
    caller: Caller,
    { receiptId, reason }: { receiptId: string; reason: string },
  ): Promise<void> {
    await audited(this.database, async (sql) => {
      const [receipt] = await sql.query<{ clientId: string; state: string | null; attempts: number | null }>(
        `select r.client_id as "clientId", c.state, c.attempts from receipts r
         left join callbacks c on c.receipt_id = r.id where r.id = $1`,
        [receiptId],
      );
      if (!receipt) throw notFound('receipt');
      if (!(await new CallbackStore(sql).resend(receiptId)))
        throw new FarmError('CLIENT-STATE', 'The receipt has no callback: no address, or no result yet');
      return {
        result: undefined,
        entry: {
          actorKind: 'staff',
          actorId: caller.staffId,
          actorName: caller.name,
          clientId: receipt.clientId,
          action: 'receipt.callback_again',
          objectKind: 'receipt',
          objectId: receiptId,
          before: { state: receipt.state, attempts: receipt.attempts },
          after: { state: 'pending' },
          reason,
          requestId: correlationId(),
        },
      };
    });
  }
}
