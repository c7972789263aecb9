import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@kkt/storage';
import { Client } from 'pg';

export interface InsertOptions {
  databaseUrl: string;
  connections: number;
  seconds: number;
  rowBytes: number;
}

const insert = 'insert into bench_rows (content) values';

/**
 * One-row inserts a second over so many connections, each durable before it is answered; the row is as large as an
 * accepted receipt. By pgbench where it is installed, else by plain clients of this process.
 */
export async function oneRowInserts(options: InsertOptions): Promise<{ perS: number; by: 'pgbench' | 'pg' }> {
  const { databaseUrl } = options;
  const database = openDatabase({ url: databaseUrl, applicationName: 'bench-inserts', maxConnections: 1 });
  await database.query(
    'create table if not exists bench_rows (id uuid primary key default gen_random_uuid(), at timestamptz not null default now(), content text not null)',
  );
  try {
    const perS = await byPgbench(options);
    return perS === undefined ? { perS: await byClients(options), by: 'pg' } : { perS, by: 'pgbench' };
  } finally {
    await database.query('drop table bench_rows');
    await database.close();
  }
}

/** Undefined where there is no pgbench. */
async function byPgbench(options: InsertOptions): Promise<number | undefined> {
  const { databaseUrl, connections, seconds, rowBytes } = options;
  const folder = mkdtempSync(join(tmpdir(), 'kkt-pgbench-'));
  const script = join(folder, 'insert.sql');
  writeFileSync(script, `${insert} ('${'x'.repeat(rowBytes)}');\n`);
  const numbers = ['-c', String(connections), '-j', '2', '-T', String(Math.max(1, Math.round(seconds)))];
  try {
    return await new Promise<number | undefined>((resolve) => {
      const child = spawn('pgbench', ['-n', '-M', 'prepared', ...numbers, '-f', script, databaseUrl], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.once('error', () => resolve(undefined));
      child.once('close', () => {
        const found = /tps = ([\d.]+)/.exec(output)?.[1];
        resolve(found === undefined ? undefined : Number(found));
      });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function byClients({ databaseUrl, connections, seconds, rowBytes }: InsertOptions): Promise<number> {
  const content = 'x'.repeat(rowBytes);
  const clients = Array.from({ length: connections }, () => new Client({ connectionString: databaseUrl }));
  try {
    await Promise.all(clients.map((client) => client.connect()));
    const sinceMs = performance.now();
    const endMs = sinceMs + seconds * 1000;
    let done = 0;
    const work = async (client: Client): Promise<void> => {
      for (; performance.now() < endMs; done += 1)
        await client.query({ name: 'insert', text: `${insert} ($1)`, values: [content] });
    };
    await Promise.all(clients.map(work));
    return (done * 1000) / (performance.now() - sinceMs);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}
