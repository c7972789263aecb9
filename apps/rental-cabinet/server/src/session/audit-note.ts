import { AuditStore, type AuditValue, type Sql } from '@kkt/storage';
import type { Caller } from './session.guard';

/** Writes down what a person of a client did. The action's first word names the kind of thing: `order.make`, an order. */
export async function noteOf(
  sql: Sql,
  { personId, name, clientId }: Pick<Caller, 'personId' | 'name' | 'clientId'>,
  action: string,
  objectId: string,
  after: AuditValue,
): Promise<void> {
  await AuditStore.write(sql, {
    actorKind: 'person',
    actorId: personId,
    actorName: name,
    clientId,
    action,
    objectKind: action.split('.', 1)[0] ?? action,
    objectId,
    after,
  });
}
