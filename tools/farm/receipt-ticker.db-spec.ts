import { Client } from 'pg';
import { farmMigrations, migrate } from '@kkt/storage';
import { createTestDatabase, type TestDatabase } from '@kkt/testing';
import { ReceiptTicker } from './receipt-ticker';

jest.setTimeout(30_000);

describe('the receipt ticker', () => {
  let database: TestDatabase;
  let client: Client;
  let groupId: number;

  beforeAll(async () => {
    database = await createTestDatabase();
    await migrate({ url: database.url, migrations: farmMigrations });
    client = new Client({ connectionString: database.url });
    await client.connect();
    const clientId = '01900000-0000-7000-8000-000000000001';
    await client.query("insert into clients (id, name, inn) values ($1, 'Shop', '5544332219')", [clientId]);
    const { rows } = await client.query<{ id: number }>(
      `insert into register_groups (client_id, code, protocol, ffd, inn, user_name, tax_systems, payment_address,
         address, ofd_inn, ofd_name, ofd_host, ofd_port)
       values ($1, 'shop-1', 5, 4, '5544332219', 'Shop', 1, 'https://shop.example', 'here', '7709364346', 'OFD',
         '127.0.0.1', 8084) returning id`,
      [clientId],
    );
    groupId = rows[0]?.id ?? 0;
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  /** A receipt refused `agoSeconds` before now. */
  const finish = (externalId: string, agoSeconds = 0) =>
    client.query(
      `insert into receipts (id, group_id, client_id, external_id, api, operation, content, body_hash, total_kop,
         deadline_at, state, finished_at, error_code, error_text)
       values (gen_random_uuid(), $1, gen_random_uuid(), $2, 'v5', 'sell', '{}', '\\x00', 100, now(), 'failed',
         now() - make_interval(secs => $3), 1, 'refused')`,
      [groupId, externalId, agoSeconds],
    );

  it('shows each receipt once: none from before, those committed late too, a flood in short', async () => {
    const lines: string[] = [];
    const ticker = new ReceiptTicker(database.url, (line) => lines.push(line));
    const shown = async () => {
      lines.length = 0;
      await ticker.poll(true);
      return lines.map((line) => line.split('  ')[1] ?? line);
    };
    await finish('before', 3);
    await ticker.poll(false);

    expect(await shown()).toEqual([]);
    await finish('first');
    expect(await shown()).toEqual(['first']);
    await finish('late', 4);
    await finish('second');
    expect(await shown()).toEqual(['late', 'second']);
    expect(await shown()).toEqual([]);

    for (let number = 0; number < 25; number++) await finish(`flood-${number}`);
    const flood = await shown();
    expect(flood).toHaveLength(21);
    expect(flood.at(-1)).toMatch(/5 more/);
    await ticker.stop();
  });

  it('waits in silence while the database is away', async () => {
    const ticker = new ReceiptTicker('postgres://nobody@127.0.0.1:1/none', () => undefined);
    await expect(ticker.poll(true)).resolves.toBeUndefined();
    await ticker.stop();
  });
});
