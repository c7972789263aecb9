import type { TaskOutcome } from '../../exchange/command-channel';
import type { TaskRequest } from '../../exchange/task';
import type { AtolSession } from './atol.session';

/** Several independent commands under way at once, every answer kept. Undefined: the line was not quiet, ask one by one. */
export async function takeAll(
  { channel }: AtolSession,
  tasks: readonly TaskRequest[],
): Promise<TaskOutcome[] | undefined> {
  const end = await channel.runForAll(tasks);
  if (end.kind === 'done') {
    channel.clearResults();
    return end.outcomes;
  }
  await channel.abort();
  return undefined;
}
