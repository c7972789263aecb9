import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@kkt/storage';

/**
 * One-row inserts a second by pgbench over so many connections, each durable before it is answered; the row is as large
 * as an accepted receipt. Undefined where there is no pgbench.
 */
export async function pgbenchInserts(options: {
  databaseUrl: string;
  connections: number;
  seconds: number;
  rowBytes: number;
}): Promise<number | undefined> {
  const { databaseUrl, connections, seconds, rowBytes } = options;
  const database = openDatabase({ url: databaseUrl, applicationName: 'pgbench-setup', maxConnections: 1 });
  await database.query(
    'create table if not exists bench_rows (id uuid primary key default gen_random_uuid(), at timestamptz not null default now(), content text not null)',
  );
  const folder = mkdtempSync(join(tmpdir(), 'kkt-pgbench-'));
  const script = join(folder, 'insert.sql');
  writeFileSync(script, `insert into bench_rows (content) values ('${'x'.repeat(rowBytes)}');\n`);
  try {
    return await new Promise<number | undefined>((resolve) => {
      const args = [
        '-n',
        '-M',
        'prepared',
        '-c',
        String(connections),
        '-j',
        '2',
        '-T',
        String(seconds),
        '-f',
        script,
      ];
      const child = spawn('pgbench', [...args, databaseUrl], { stdio: ['ignore', 'pipe', 'ignore'] });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.once('error', () => resolve(undefined));
      child.once('close', () => {
        const found = /tps = ([\d.]+)/.exec(output)?.[1];
        resolve(found === undefined ? undefined : Number(found));
      });
    });
  } finally {
    await database.query('drop table bench_rows');
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
