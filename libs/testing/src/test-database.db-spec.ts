import { connect } from 'node:net';
import { Client } from 'pg';
import { createTestDatabase, testRedisUrl } from './test-database';

async function query<T extends object>(url: string, sql: string): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('test database', () => {
  it('gives each caller a database of its own', async () => {
    const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    await query(one.url, 'create table mark (id int)');
    expect(await query(two.url, "select to_regclass('mark') is null as absent")).toEqual([{ absent: true }]);
    await one.drop();
    await two.drop();
    await expect(query(one.url, 'select 1')).rejects.toThrow(/does not exist/);
  });

  it('prepares a template once and copies it', async () => {
    let prepared = 0;
    const template = {
      name: 'spec',
      prepare: async (url: string) => {
        prepared++;
        await query(url, 'create table receipts as select 7 as id');
      },
    };
    const databases = await Promise.all([1, 2, 3].map(() => createTestDatabase({ template })));
    for (const { url } of databases) expect(await query(url, 'select id from receipts')).toEqual([{ id: 7 }]);
    expect(prepared).toBe(1);
    await Promise.all(databases.map((database) => database.drop()));
  });

  it('speaks UTF-8 and knows Cyrillic letters without the machine’s locale', async () => {
    const database = await createTestDatabase();
    expect(
      await query(
        database.url,
        "select upper('чек ёж') as upper, current_setting('server_version') as version",
      ),
    ).toEqual([{ upper: 'ЧЕК ЁЖ', version: expect.stringMatching(/^\d+/) as string }]);
    await database.drop();
  });

  it('has a Redis-compatible server that answers', async () => {
    const { hostname, port } = new URL(testRedisUrl());
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => socket.write('PING\r\n'));
      socket.once('data', (bytes) => {
        socket.destroy();
        resolve(bytes.toString());
      });
      socket.once('error', reject);
    });
    expect(answer).toBe('+PONG\r\n');
  });
});
