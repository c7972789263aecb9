import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import request from 'supertest';
import { silentLog, systemClock, systemIds } from '@kkt/contracts';
import { hashPassword } from '@kkt/security';
import { type Database, farmMigrations, migrate, openDatabase, type StaffRole } from '@kkt/storage';
import { createTestDatabase, FarmRows } from '@kkt/testing';
import { createConsole } from '../src/create-console';

type Agent = ReturnType<typeof request.agent>;

export interface TestConsole {
  database: Database;
  rows: FarmRows;
  /** Base address of the listening console. */
  url: string;
  app: NestFastifyApplication;
  agent(): Agent;
  /** Logged in as a new member of the staff with this role. */
  loggedIn(role: StaffRole): Promise<Agent>;
  stop(): Promise<void>;
}

export const staffPassword = 'long-enough-password';

/** A console over a database of its own. */
export async function startTestConsole(
  options: { mailboxOpen?: boolean; emulatorControlUrl?: string } = {},
): Promise<TestConsole> {
  const testDatabase = await createTestDatabase({
    template: {
      name: 'farm',
      prepare: async (url) => void (await migrate({ url, migrations: farmMigrations })),
    },
  });
  const database = openDatabase({ url: testDatabase.url, applicationName: 'test' });
  const { app, stop } = await createConsole({
    database,
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
    isSecure: false,
    secretKey: Buffer.alloc(32, 7),
    mailboxOpen: options.mailboxOpen,
    emulatorControlUrl: options.emulatorControlUrl,
    webFolder: __dirname,
  });
  await app.listen(0, '127.0.0.1');
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  const passwordHash = await hashPassword(staffPassword);
  const agent = () => request.agent(url).set('x-kkt-web', '1');
  return {
    database,
    rows: new FarmRows(database),
    url,
    app,
    agent,
    async loggedIn(role) {
      const login = `${role}-${systemIds.uuid().slice(-8)}`;
      await database.query(
        'insert into staff (id, login, password_hash, name, role) values ($1, $2, $3, $4, $5)',
        [systemIds.uuid(), login, passwordHash, `Сотрудник ${role}`, role],
      );
      const own = agent();
      await own.post('/api/session').send({ login, password: staffPassword }).expect(200);
      return own;
    },
    async stop() {
      await stop();
      await database.close();
      await testDatabase.drop();
    },
  };
}
