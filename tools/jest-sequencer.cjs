/**
 * The longest test files first, so that no worker is left with a long one at the end while the other stands idle.
 * Jest knows durations only from its cache, which a fresh clone does not have; there it goes by file size.
 */
const { relative } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

/** Seconds on two cores, of the files that take long for their size. A rough figure is good enough. */
const longS = {
  'tools/sim/sim.db-spec.ts': 120,
  'tools/sim/sim-found.db-spec.ts': 110,
  'libs/testing/src/farm/kill-modules.e2e-spec.ts': 100,
  'tools/farm/start.e2e-spec.ts': 90,
  'libs/testing/src/farm/kill-drivers.e2e-spec.ts': 80,
  'libs/testing/src/farm/kill-matrix.e2e-spec.ts': 60,
  'libs/testing/src/farm/marking.e2e-spec.ts': 60,
  'libs/testing/src/farm/receipt-way.e2e-spec.ts': 55,
  'tools/sim/fn-swap.db-spec.ts': 50,
  'tools/sim/fn-swap-writes.db-spec.ts': 50,
  'libs/reconcile/src/reconcile.e2e-spec.ts': 45,
  'apps/ofd-relay/src/kill.e2e-spec.ts': 40,
  'libs/dispatch/src/json-device.db-spec.ts': 35,
};

class LongestFirst extends Sequencer {
  sort(tests) {
    const lengthS = ({ path, context }) => longS[relative(context.config.rootDir, path)] ?? 0;
    return super.sort(tests).sort((a, b) => lengthS(b) - lengthS(a));
  }
}

module.exports = LongestFirst;
