import 'reflect-metadata';
import { loadSettings } from '@kkt/config';
import { systemClock, systemIds, systemRandom } from '@kkt/contracts';
import {
  createLog,
  createMetrics,
  exitOnUncaught,
  HealthChecks,
  shutdownOnSignals,
} from '@kkt/observability';
import { createHttp } from './http/create-http';
import { Operator } from './operator';
import { LookupLimit } from './portal/lookup-limit';
import { operatorSettings } from './settings';

async function main(): Promise<void> {
  const read = loadSettings('ofd');
  const settings = operatorSettings(read);
  const log = createLog('ofd', read.logLevel);
  exitOnUncaught(log);
  const metrics = createMetrics('ofd');
  const health = new HealthChecks();
  const operator = new Operator(settings, {
    clock: systemClock,
    ids: systemIds,
    random: systemRandom,
    log,
    metrics,
  });
  const lookupLimit = new LookupLimit(systemClock, settings.portalLookupsPerMinute);
  const http = await createHttp({ operator, health, metrics, lookupLimit }, log, read.trustedProxies);
  shutdownOnSignals({
    log,
    health,
    timeoutMs: read.shutdownTimeoutMs,
    steps: [
      { name: 'http', run: () => http.close() },
      { name: 'operator', run: () => operator.stop() },
    ],
  });
  await operator.start();
  await http.listen(settings.portalPort, settings.host);
  log.info(
    { portal: `http://${settings.host}:${settings.portalPort}/`, tcpPort: operator.server.port },
    'ready',
  );
}

void main();
