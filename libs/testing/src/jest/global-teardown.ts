import './resolve-aliases';
import { stopServers } from './servers';

/** Stops what the set-up started and removes its folder. */
export default async function globalTeardown(): Promise<void> {
  await stopServers();
  delete process.env.KKT_TEST_RUN;
  delete process.env.KKT_TEST_DATABASE_URL;
  delete process.env.KKT_TEST_REDIS_URL;
}
