import { cpuLedger, cpuShares, nameOfCommand } from './cpu-ledger';

test.each([
  ['/pg/bin/postgres -D /data', 'postgres'],
  ['postgres: kkt kkt 127.0.0.1(1) idle', 'postgres'],
  ['/usr/bin/node libs/embedded/src/valkey-host.mjs 1', 'redis'],
  ['/usr/bin/node dist/apps/ofd-relay/src/main.js', 'ofd-relay'],
  ['/usr/bin/node dist/hardware/emulator/src/main.js', 'emulator'],
  ['sh -c true', 'others'],
])('%s is %s', (command, name) => {
  expect(nameOfCommand(command)).toBe(name);
});

test('the time this process burns between two looks is its own', () => {
  const before = cpuLedger();
  const endMs = performance.now() + 60;
  while (performance.now() < endMs);
  const shares = cpuShares(before, cpuLedger(), 10);
  expect(shares[0]?.name).toBe('load');
  expect(shares[0]?.ms).toBeGreaterThan(0);
});
