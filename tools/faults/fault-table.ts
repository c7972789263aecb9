/** A test that stands for a fault: its file and words of its title. Both are checked, so that the table cannot go stale. */
export interface Covering {
  file: string;
  title: string;
}

export interface Fault {
  number: number;
  what: string;
  /** Tests beside the simulation, whose kinds name their numbers themselves. */
  tests: readonly Covering[];
  /** Why nothing covers it, or what the cover does not reach. */
  reason?: string;
}

const matrix = { file: 'libs/testing/src/farm/kill-matrix.e2e-spec.ts', title: 'none lost, none doubled' };
const relayKill = {
  file: 'apps/ofd-relay/src/kill.e2e-spec.ts',
  title: 'leave no document without its confirmation',
};
const driverKill = {
  file: 'libs/testing/src/farm/receipt-way.e2e-spec.ts',
  title: 'keeps one document per receipt when the driver is killed',
};
const contract = (title: string): Covering => ({ file: 'libs/kkt-driver/src/test/fault-contract.ts', title });
const lostAnswer = contract('answer to the closing lost %s');
const pulledOut = contract('pulled out at %s');
const powerLost = contract('power lost %s the commit');
const damaged = contract('never a wrong receipt: %s');
const modules = (title: string): Covering => ({
  file: 'libs/testing/src/farm/kill-modules.e2e-spec.ts',
  title,
});
const drivers = {
  file: 'libs/testing/src/farm/kill-drivers.e2e-spec.ts',
  title: 'wakes up writes nothing more',
};
const simulation = (title: string): Covering => ({ file: 'tools/sim/sim.db-spec.ts', title });
const tenMinutes = simulation('a module unplugged for ten minutes under load');
const sharedLine = simulation('hear one driver at a time, by the leases alone');
const repeats = { file: 'apps/receipt-api/test/atol-compat.db-spec.ts', title: 'answer 400 with error 33' };
const hundred = { file: 'apps/receipt-api/test/atol-compat.db-spec.ts', title: 'sent a hundred at once' };
const fnRules = { file: 'hardware/emulator/src/fn/rules.spec.ts', title: 'what an FN allows' };
const relayTcp = {
  file: 'libs/relay/src/relay-tcp.spec.ts',
  title: 'sends again after each fault until it is confirmed',
};
const reconcile = { file: 'libs/reconcile/src/reconcile.e2e-spec.ts', title: 'finds a foreign document' };
const postgresKill = {
  file: 'libs/embedded/src/servers.db-spec.ts',
  title: 'recovers after SIGKILL',
};

const fault = (number: number, what: string, tests: readonly Covering[] = [], reason?: string): Fault => ({
  number,
  what,
  tests,
  reason,
});

/** The sixty faults that the farm must survive. */
export const faults: readonly Fault[] = [
  fault(1, 'API killed before the receipt is committed', [matrix]),
  fault(2, 'API killed after the commit, before the answer', [
    matrix,
    { file: 'apps/receipt-api/test/atol-compat.db-spec.ts', title: 'after an answer that never came' },
  ]),
  fault(3, 'killed after the answer, before dispatch', [matrix]),
  fault(4, 'driver killed while it claims', [matrix]),
  fault(5, 'driver killed after the intent, before any byte', [matrix]),
  fault(6, 'driver killed in the middle of a frame', [matrix]),
  fault(7, 'driver killed behind the last byte, before the answer', [matrix, driverKill]),
  fault(8, 'driver killed after the answer, before the proof is stored', [matrix]),
  fault(9, 'killed after the proof, before the callback', [matrix]),
  fault(10, 'worker killed after the callback, before that is stored', [matrix]),
  fault(11, 'relay killed between reading and sending', [relayKill]),
  fault(12, 'relay killed between the answer and the FN', [relayKill]),
  fault(13, 'everything killed at random', [driverKill, relayKill]),
  fault(14, 'module unplugged in the middle of a receipt', [
    pulledOut,
    tenMinutes,
    modules('#14 before the FN wrote'),
  ]),
  fault(15, 'module unplugged after the FN has written', [
    pulledOut,
    tenMinutes,
    modules('#15 after the FN wrote'),
  ]),
  fault(
    16,
    'module dead, its FN readable in another',
    [],
    'settling an intent by an FN in another module is not built: the intent waits until the FN is back in its own',
  ),
  fault(
    17,
    'module and FN dead',
    [],
    'needs two persons, is not among `all`: `npm run sim -- --faults fn-dies` leaves such receipts in doubt and says so',
  ),
  fault(18, 'module reboots, receipt not made', [powerLost]),
  fault(19, 'module reboots, receipt made, answer lost', [powerLost, lostAnswer]),
  fault(20, 'module hangs', [lostAnswer]),
  fault(21, 'module slow'),
  fault(22, 'bits flip on the way to the module', [damaged]),
  fault(23, 'bits flip on the way from the module', [damaged]),
  fault(24, 'bytes lost, doubled, noise', [damaged]),
  fault(25, 'stale answer after a reconnect', [damaged]),
  fault(26, 'another module or FN behind the port', [
    { file: 'libs/dispatch/src/session/identity-check.spec.ts', title: 'is kept out and told of: %s' },
  ]),
  fault(27, 'FN full', [
    fnRules,
    modules('#27 an FN that fills up'),
    modules('#27 full, as their counters say'),
  ]),
  fault(28, 'FN out of term', [
    { ...fnRules, title: 'the term of the keys' },
    { file: 'libs/dispatch/src/session/fn-watch.spec.ts', title: 'An FN that may take no receipts' },
    modules('#28 expired'),
  ]),
  fault(29, 'FN critical error', [modules('#29 faulty'), modules('#29 taken out')]),
  fault(30, 'shift reaches 24 hours under load', [simulation('fault 30')]),
  fault(31, 'killed while a shift is opened or closed', [matrix]),
  fault(32, 'device clock wrong', [{ ...fnRules, title: 'takes no document earlier than the last one' }]),
  fault(33, 'host clock jumps'),
  fault(34, 'operator away for hours or days'),
  fault(35, 'operator away for 30 days: FN blocks', [
    { file: 'tools/sim/sim-found.db-spec.ts', title: 'an operator away for 33 days' },
    { ...fnRules, title: 'warnings of an FN' },
  ]),
  fault(36, 'operator answers garbage', [relayTcp]),
  fault(37, 'operator answers for another document, twice, late', [relayTcp]),
  fault(38, 'operator drips or hangs', [
    { file: 'libs/relay/src/relay.spec.ts', title: 'a drip of a byte a second' },
  ]),
  fault(39, 'Redis flushed', [
    { file: 'libs/queue/src/bull-wake-bus.db-spec.ts', title: 'goes on after a flush' },
  ]),
  fault(40, 'Redis down', [
    { file: 'libs/queue/src/bull-wake-bus.db-spec.ts', title: 'while Redis is away' },
    { file: 'apps/worker/src/worker.db-spec.ts', title: 'works without Redis' },
  ]),
  fault(41, 'PostgreSQL restarts under load', [postgresKill]),
  fault(
    42,
    'PostgreSQL fails over to its synchronous standby',
    [],
    'seen by the farm as 41 and simulated as such; a standby is the database operator’s, none is set up here',
  ),
  fault(
    43,
    'PostgreSQL restored from before the FN',
    [reconcile],
    'found and the register stopped; adopting is a person’s',
  ),
  fault(44, 'disk of PostgreSQL full'),
  fault(
    45,
    'fsync of PostgreSQL fails',
    [postgresKill],
    'PostgreSQL stops and recovers: seen by the farm as 41',
  ),
  fault(46, 'pool used up, slow, deadlock, serialization failure'),
  fault(
    47,
    'disk full for logs, log pipe blocked',
    [],
    'outside API, queue, driver, module, FN and PostgreSQL; processes log to stdout and keep nothing on disk themselves',
  ),
  fault(48, 'the same request many times at once', [hundred]),
  fault(49, 'the same id with another body', [repeats]),
  fault(50, 'callback hosts hang, fail, drip', [
    { file: 'libs/callbacks/src/post.spec.ts', title: 'is not held up by' },
    { file: 'libs/callbacks/src/deliverer.spec.ts', title: 'does not let a slow host delay the others' },
  ]),
  fault(51, 'callback to a private address', [
    { file: 'libs/callbacks/src/post.spec.ts', title: 'a callback never reaches a private network' },
  ]),
  fault(52, 'two drivers for one module; a driver stopped and woken', [
    { file: 'libs/storage/src/stores/dispatch-store.db-spec.ts', title: 'gives nothing to a stale fence' },
    drivers,
    sharedLine,
  ]),
  fault(53, 'driver cut off from PostgreSQL while its module answers', [sharedLine]),
  fault(54, 'FN swapped while receipts wait'),
  fault(55, 'the wrong slot is pulled'),
  fault(
    56,
    'network cut between data centres',
    [],
    'simulated as two drivers of which one loses PostgreSQL; replicas in two places are not built',
  ),
  fault(57, 'power of everything goes'),
  fault(58, 'rolling deploy'),
  fault(59, 'a receipt that ends its driver each time'),
  fault(60, 'rows edited by hand; payment callbacks doubled or forged', [
    reconcile,
    {
      file: 'apps/receipt-api/test/payments.db-spec.ts',
      title: 'a payment makes one income receipt of the registered order, repeats make none',
    },
    {
      file: 'apps/receipt-api/test/payments.db-spec.ts',
      title: 'count a forged callback that comes again in one row',
    },
  ]),
];
