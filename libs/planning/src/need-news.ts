import { notify } from '@kkt/notifications';
import { type Database, PlanningStore } from '@kkt/storage';

/**
 * Tells clients whose load asks for another number of registers than their group has: once, and again only when the
 * answer has changed or a month has passed. Returns how many were told.
 */
export async function tellDriftedNeeds(database: Database): Promise<number> {
  const news = await new PlanningStore(database).needs({ untold: true });
  for (const need of news)
    await database.transaction(async (sql) => {
      const { groupCode, groupId, madeOn, clientId, registers, minimum, optimal } = need;
      const params = {
        group: groupCode,
        registers,
        minimum,
        optimal,
        day: Math.round(need.receiptsPerDay),
        minute: Math.ceil(need.peakPerMinute),
      };
      const to = { kind: 'client' as const, id: clientId };
      const event = `need:${groupId}:${madeOn}`;
      const kind = optimal > registers ? 'planning.need-more' : 'planning.need-less';
      for (const channel of ['email', 'web'] as const)
        await notify(sql, { kind, to, channel, event, clientId, params });
      await new PlanningStore(sql).needTold(groupId, madeOn);
    });
  return news.length;
}
