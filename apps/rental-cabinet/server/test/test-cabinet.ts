import request from 'supertest';
import type { Acquirer, CardVerdict } from '@kkt/acquiring';
import { FarmError, silentLog, systemClock, systemIds } from '@kkt/contracts';
import { hashPassword } from '@kkt/security';
import type { AnnouncedRegister } from '@kkt/operators';
import { type Database, farmMigrations, migrate, openDatabase } from '@kkt/storage';
import { createTestDatabase, FarmRows, type TestClient } from '@kkt/testing';
import { createCabinet } from '../src/create-cabinet';

type Agent = ReturnType<typeof request.agent>;

export interface TestCabinet {
  database: Database;
  rows: FarmRows;
  /** Registers that the operator was told of. */
  announced: AnnouncedRegister[];
  /** Makes the operator refuse while it is set. */
  operatorFault: { message: string | null };
  /** Groups whose drivers were woken. */
  woken: number[];
  app: Awaited<ReturnType<typeof createCabinet>>['app'];
  /** What the bank says of payments, by our number of the order. */
  verdicts: Map<string, CardVerdict>;
  /** Base address of the listening cabinet. */
  url: string;
  agent(): Agent;
  /** Logged in as a new person of these clients; acts for the first by name. */
  loggedIn(...clients: TestClient[]): Promise<Agent & { login: string }>;
  stop(): Promise<void>;
}

export const personPassword = 'long-enough-password';

/** A cabinet over a database of its own. */
export async function startTestCabinet(parts: { paymentEmulatorUrl?: string } = {}): Promise<TestCabinet> {
  const testDatabase = await createTestDatabase({
    template: {
      name: 'farm',
      prepare: async (url) => void (await migrate({ url, migrations: farmMigrations })),
    },
  });
  const database = openDatabase({ url: testDatabase.url, applicationName: 'test' });
  const announced: AnnouncedRegister[] = [];
  const operatorFault: TestCabinet['operatorFault'] = { message: null };
  const woken: number[] = [];
  const verdicts: TestCabinet['verdicts'] = new Map();
  const acquirer: Acquirer = {
    begin: async ({ orderNo }) => {
      verdicts.set(orderNo, { state: 'pending' });
      return { reference: `bank-${orderNo}`, payUrl: `https://bank.example/${orderNo}` };
    },
    ask: async (orderNo) => verdicts.get(orderNo) ?? { state: 'unknown' },
    charge: async () => ({ reference: '', refusal: 'not here' }),
    forget: async () => undefined,
    refund: async () => ({ ok: true }),
    refundedKop: async () => 0,
  };
  const { app, stop } = await createCabinet({
    acquirer,
    ...parts,
    database,
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
    isSecure: false,
    secretKey: Buffer.alloc(32, 7),
    cabinetUrl: 'https://cabinet.farm.example',
    apiUrl: 'https://api.farm.example',
    wake: { group: (groupId) => void woken.push(groupId), callbacks: () => undefined },
    operator: {
      inn: '7799999997',
      registry: {
        announce: async (register) => {
          if (operatorFault.message !== null) throw new FarmError('OFD-SILENT', operatorFault.message);
          announced.push(register);
        },
      },
    },
    webFolder: __dirname,
  });
  await app.listen(0, '127.0.0.1');
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  const passwordHash = await hashPassword(personPassword);
  const agent = () => request.agent(url).set('x-kkt-web', '1');
  return {
    app,
    database,
    announced,
    operatorFault,
    woken,
    verdicts,
    rows: new FarmRows(database),
    url,
    agent,
    async loggedIn(...clients) {
      const id = systemIds.uuid();
      const login = `person-${id.slice(-8)}`;
      await database.query('insert into people (id, login, password_hash, name) values ($1, $2, $3, $4)', [
        id,
        login,
        passwordHash,
        'Пётр Первый',
      ]);
      for (const client of clients)
        await database.query(
          `insert into client_people (client_id, person_id, role) values ($1, $2, 'owner')`,
          [client.id, id],
        );
      const own = agent();
      await own.post('/api/session').send({ login, password: personPassword }).expect(200);
      return Object.assign(own, { login });
    },
    async stop() {
      await stop();
      await database.close();
      await testDatabase.drop();
    },
  };
}
