import type { Door } from './processes';
import { bold, columns, dim, say } from './screen';
import type { DemoLogin } from './setup-steps';

export interface Summary {
  readonly doors: readonly Door[];
  readonly logins: readonly DemoLogin[];
  readonly dataDir: string;
  readonly elapsedMs: number;
}

const rule = (title: string): string => `${bold(title)} ${dim('─'.repeat(Math.max(4, 72 - title.length)))}`;

/** The one table that tells where everything is. */
export function saySummary({ doors, logins, dataDir, elapsedMs }: Summary): void {
  say();
  say(rule(`KKT Farm is ready (${(elapsedMs / 1000).toFixed(1)} s)`));
  for (const line of columns(doors.map(({ title, address }) => [title, address]))) say(`  ${line}`);
  if (logins.length > 0) {
    say(rule('Demo logins'));
    for (const line of columns(logins.map(({ where, login, password }) => [where, login, password])))
      say(`  ${line}`);
  }
  say(dim(`  Data and logs: ${dataDir}. Ctrl-C stops everything in order.`));
  say();
}
