import { Inject, Injectable } from '@nestjs/common';
import { FarmError } from '@kkt/contracts';
import { correlationId } from '@kkt/observability';
import { audited, type Database, onlineNow, type RegisterState } from '@kkt/storage';
import type { GroupRegisterView } from '@kkt/web-contract';
import { conditionOf, momentOrNull, notFound, placeOf } from '@kkt/web-server';
import { type ConsoleParts, PARTS } from '../parts';
import type { Caller } from '../session/session.guard';

interface RegisterRow {
  id: number;
  serial: string;
  place: Record<string, string | number>;
  state: RegisterState;
  online: boolean;
  problem: string | null;
  documentsLeft: number | null;
  unsent: number | null;
  busySince: Date | null;
  finished5m: number;
}

/** A group as the dispatcher works with it: its registers, and whether it gets any receipts at all. */
@Injectable()
export class GroupDesk {
  private readonly database: Database;

  constructor(@Inject(PARTS) parts: ConsoleParts) {
    this.database = parts.database;
  }

  async registers(code: string): Promise<GroupRegisterView[]> {
    const [group] = await this.database.query<{ id: number }>(
      'select id from register_groups where code = $1',
      [code],
    );
    if (!group) throw notFound('group');
    const rows = await this.database.query<RegisterRow>(
      `select k.id, k.serial, k.place, k.state, ${onlineNow} as online, s.problem, s.documents_left as "documentsLeft", s.unsent,
              (select i.created_at from intents i where i.register_id = k.id and i.state in ('open', 'stuck')) as "busySince",
              (select count(*)::integer from documents d where d.fn_number = k.fn_number and d.receipt_id is not null
                 and d.fd_number > coalesce(s.last_fd, 0) - 1000 and d.recorded_at > farm_now() - interval '5 minutes') as "finished5m"
       from registers k left join register_status s on s.register_id = k.id left join leases l on l.register_id = k.id
       where k.group_id = $1 and k.state <> 'closed' order by k.id`,
      [group.id],
      'console_group_registers',
    );
    return rows.map(({ busySince, place, ...row }) => ({
      ...row,
      place: placeOf(place),
      condition: conditionOf(row),
      busySince: momentOrNull(busySince),
    }));
  }

  /** A paused group's receipts are accepted and wait; those in hand are finished. */
  async setPaused(
    caller: Caller,
    { code, isPaused, reason }: { code: string; isPaused: boolean; reason: string },
  ): Promise<void> {
    await audited(this.database, async (sql) => {
      const [group] = await sql.query<{ id: number; clientId: string; paused: boolean }>(
        'select id, client_id as "clientId", paused from register_groups where code = $1 for update',
        [code],
      );
      if (!group) throw notFound('group');
      if (group.paused === isPaused)
        throw new FarmError(
          'CLIENT-STATE',
          isPaused ? 'The group is paused already' : 'The group is not paused',
        );
      await sql.query('update register_groups set paused = $2 where id = $1', [group.id, isPaused]);
      return {
        result: undefined,
        entry: {
          actorKind: 'staff',
          actorId: caller.staffId,
          actorName: caller.name,
          clientId: group.clientId,
          action: isPaused ? 'group.pause' : 'group.resume',
          objectKind: 'group',
          objectId: code,
          before: { paused: group.paused },
          after: { paused: isPaused },
          reason,
          requestId: correlationId(),
        },
      };
    });
  }
}
