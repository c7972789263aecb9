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
});

const answerTimeoutMs = 3_000;

/**
 * Asks the monitor of switches and power (an SNMP agent that answers JSON; the emulated hall in a demonstration) and
 * stores what it says.
 * @throws FarmError SYS-PLANT-MONITOR when it does not answer or answers something else
 */
export async function askPlantMonitor(database: Database, url: string): Promise<void> {
  let body: unknown;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(answerTimeoutMs), redirect: 'error' });
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
  await PlantStore.take(database, result.data);
}
