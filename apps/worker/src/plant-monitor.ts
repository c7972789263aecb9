import { z } from 'zod';
import { FarmError } from '@kkt/contracts';
import { type Database, PlantStore } from '@kkt/storage';

const reportSchema = z.object({
  dc: z.string().min(1),
  switches: z.array(
    z.object({
      code: z.string(),
      up: z.boolean(),
      ports: z
        .array(
          z.object({
            port: z.string(),
            up: z.boolean(),
            loadMbps: z.number().optional(),
            expectedMbps: z.number().optional(),
          }),
        )
        .optional(),
      links: z.array(z.object({ to: z.string(), up: z.boolean() })).optional(),
    }),
  ),
  feeds: z.array(z.object({ code: z.string(), up: z.boolean() })),
  version: z.number().int().optional(),
});

const answerTimeoutMs = 5_000;
/** How long a monitor that knows versions may wait for news: its word is never older than this. */
const newsWaitMs = 2_000;

/**
 * Asks the monitor of switches and power (an SNMP agent that answers JSON; the emulated hall in a demonstration) and
 * stores what it says. Resolves with the version of what it said, when it tells versions: asked with it, the monitor answers
 * as soon as something changes.
 * @param after the version told last
 * @throws FarmError SYS-PLANT-MONITOR when it does not answer or answers something else
 */
export async function askPlantMonitor(
  database: Database,
  url: string,
  after?: number,
): Promise<number | undefined> {
  const address = new URL(url);
  if (after !== undefined) {
    address.searchParams.set('after', String(after));
    address.searchParams.set('wait', String(newsWaitMs));
  }
  let body: unknown;
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(answerTimeoutMs), redirect: 'error' });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    body = await answer.json();
  } catch (error) {
    throw new FarmError(
      'SYS-PLANT-MONITOR',
      `The monitor of switches does not answer: ${(error as Error).message}`,
    );
  }
  const result = reportSchema.safeParse(body);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new FarmError(
      'SYS-PLANT-MONITOR',
      `The monitor of switches: ${issue?.path.join('.')}: ${issue?.message}`,
    );
  }
  const { version, ...report } = result.data;
  await PlantStore.take(database, report);
  return version;
}
