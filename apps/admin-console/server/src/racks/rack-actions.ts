import { Inject, Injectable } from '@nestjs/common';
import { FarmError } from '@kkt/contracts';
import { correlationId } from '@kkt/observability';
import { type AuditEntry, audited, type AuditValue, RegisterStore, type RegisterState } from '@kkt/storage';
import { notFound } from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';
import type { Caller } from '../session/session.guard';

export interface RackPlace {
  dc: string;
  rack: string;
  /** Absent: the whole rack. */
  assembly?: number;
}

export interface SlotPlace {
  dc: string;
  rack: string;
  assembly: number;
  slot: number;
}

/** `R07`, `R07/3`: what is typed to prove that this very part of the hall is meant. */
export const placeWord = ({ rack, assembly }: RackPlace): string =>
  assembly === undefined ? rack : `${rack}/${assembly}`;

/**
 * What engineers do to a part of a hall at once. Only rows that drivers read are changed; what a register has in hand
 * is finished and proven as always.
 */
@Injectable()
export class RackActions {
  constructor(@Inject(PARTS) private readonly parts: ConsoleParts) {}

  /** No new receipts to any register that stands there. @returns how many were paused */
  pause(caller: Caller, place: RackPlace, word: string, reason: string): Promise<{ registers: number }> {
    return this.move(caller, place, word, reason, 'ready', 'paused');
  }

  resume(caller: Caller, place: RackPlace, word: string, reason: string): Promise<{ registers: number }> {
    return this.move(caller, place, word, reason, 'paused', 'ready');
  }

  /**
   * Keeps an empty slot for a client until a day.
   * @throws FarmError CLIENT-STATE when a register stands there, CLIENT-NOT-FOUND for a client or slot that is not there
   */
  async reserve(
    caller: Caller,
    place: SlotPlace,
    request: { inn: string; days: number; reason: string },
  ): Promise<void> {
    await audited(this.parts.database, async (sql) => {
      const [client] = await sql.query<{ id: string; name: string }>(
        'select id, name from clients where inn = $1',
        [request.inn],
      );
      if (!client) throw notFound('client with this INN');
      const taken = await sql.query(
        `select 1 from registers where place->>'dc' = $1 and place->>'rack' = $2 and (place->>'assembly')::integer = $3
           and (place->>'slot')::integer = $4 and state <> 'closed'`,
        [place.dc, place.rack, place.assembly, place.slot],
      );
      if (taken.length > 0) throw new FarmError('CLIENT-STATE', 'A register stands in this slot');
      const rows = await sql.query(
        `update slots set reserved_for = $5, reserved_until = farm_now() + make_interval(days => $6), reserved_by = $7, reason = $8
         where dc = $1 and rack = $2 and assembly = $3 and number = $4 returning number`,
        [
          place.dc,
          place.rack,
          place.assembly,
          place.slot,
          client.id,
          request.days,
          caller.staffId,
          request.reason,
        ],
      );
      if (rows.length === 0) throw notFound('slot in the inventory');
      return {
        result: undefined,
        entry: entryOf(caller, 'slot.reserve', place, request.reason, client.id, {
          client: client.name,
          days: request.days,
        }),
      };
    });
  }

  async free(caller: Caller, place: SlotPlace): Promise<void> {
    await audited(this.parts.database, async (sql) => {
      const rows = await sql.query(
        `update slots set reserved_for = null, reserved_until = null, reserved_by = null, reason = null
         where dc = $1 and rack = $2 and assembly = $3 and number = $4 and reserved_until is not null returning number`,
        [place.dc, place.rack, place.assembly, place.slot],
      );
      if (rows.length === 0) throw notFound('reservation');
      return { result: undefined, entry: entryOf(caller, 'slot.free', place, undefined, null, null) };
    });
  }

  private async move(
    caller: Caller,
    place: RackPlace,
    word: string,
    reason: string,
    from: RegisterState,
    to: RegisterState,
  ): Promise<{ registers: number }> {
    if (word.trim() !== placeWord(place))
      throw new FarmError('CLIENT-SERIAL', `Type ${placeWord(place)} to show that this place is meant`);
    return audited(this.parts.database, async (sql) => {
      const rows = await sql.query<{ id: number }>(
        `select id from registers where place->>'dc' = $1 and place->>'rack' = $2
           and ($3::integer is null or (place->>'assembly')::integer = $3) and state = $4 order by id for update`,
        [place.dc, place.rack, place.assembly ?? null, from],
      );
      const store = new RegisterStore(sql);
      for (const { id } of rows) await store.move(id, [from], to, to === 'paused' ? reason : null);
      return {
        result: { registers: rows.length },
        entry: {
          ...entryOf(caller, to === 'paused' ? 'register.pause' : 'register.resume', place, reason, null, {
            state: to,
            registers: rows.map(({ id }) => id),
          }),
          before: { state: from },
        },
      };
    });
  }
}

function entryOf(
  caller: Caller,
  action: string,
  place: RackPlace | SlotPlace,
  reason: string | undefined,
  clientId: string | null,
  after: AuditValue,
): AuditEntry {
  const { dc, rack, assembly } = place;
  const slot = 'slot' in place ? place.slot : undefined;
  return {
    actorKind: 'staff',
    actorId: caller.staffId,
    actorName: caller.name,
    clientId,
    action,
    objectKind: slot === undefined ? 'place' : 'slot',
    objectId: [dc, rack, assembly, slot].filter((part) => part !== undefined).join('/'),
    after,
    ...(reason !== undefined && { reason }),
    requestId: correlationId(),
  };
}
