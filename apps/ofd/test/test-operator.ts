import { silentLog, systemClock, systemIds, systemRandom, type Log } from '@kkt/contracts';
import { REFERENCE_OPERATOR_KEY } from '@kkt/ofd-protocol';
import { createTestDatabase, type TestDatabase } from '@kkt/testing';
import { Registry } from 'prom-client';
import { Operator } from '../src/operator';
import type { OperatorSettings } from '../src/settings';
import type { TestKkt } from './test-kkt';

export interface TestOperator {
  operator: Operator;
  database: TestDatabase;
  close(): Promise<void>;
}

/** A whole operator on a database of its own, listening on a port the system chose. */
export async function startTestOperator(
  changes: Partial<OperatorSettings> = {},
  options: { log?: Log; database?: TestDatabase } = {},
): Promise<TestOperator> {
  const database = options.database ?? (await createTestDatabase());
  const operator = new Operator(
    {
      databaseUrl: database.url,
      databasePoolSize: 4,
      host: '127.0.0.1',
      tcpPort: 0,
      portalPort: 0,
      operatorInn: '7709364346',
      operatorName: 'ПК ОФД',
      openPortal: true,
      faults: true,
      signKey: REFERENCE_OPERATOR_KEY,
      utcOffsetMinutes: 180,
      idleTimeoutMs: 5000,
      messageTimeoutMs: 300,
      maxConnections: 100,
      maxPending: 8,
      portalLookupsPerMinute: 10_000,
      ...changes,
    },
    {
      clock: systemClock,
      ids: systemIds,
      random: systemRandom,
      log: options.log ?? silentLog,
      metrics: new Registry(),
    },
  );
  await operator.start();
  return {
    operator,
    database,
    close: async () => {
      await operator.stop();
      if (!options.database) await database.drop();
    },
  };
}

/** Registers a test KKT as its enterprise would. */
export async function register(operator: Operator, kkt: TestKkt): Promise<void> {
  await operator.registry.saveKkt({
    rnm: kkt.rnm,
    fnNumber: kkt.fnNumber,
    inn: kkt.inn,
    enterpriseName: kkt.facts.userName,
    serial: kkt.serial,
    place: kkt.facts.place,
    address: kkt.facts.address,
  });
}
