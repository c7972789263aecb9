import type { Clock, Log } from '@kkt/contracts';
import type { MarkingPort } from '@kkt/dispatch';
import { askMarkingSystem, dialTcp } from '@kkt/relay';

/** How long a buyer waits for the marking system: a request and its answer. */
const answerTimeoutMs = 5_000;

/** The way to the marking system: through the operator of the register's group, by TCP. */
export const markingPort = (clock: Clock, log: Log): MarkingPort => ({
  async ask({ group, ffd, fnNumber }, container) {
    if (!group || !fnNumber) return undefined;
    return askMarkingSystem(
      {
        operator: { host: group.ofdHost, port: group.ofdPort },
        fnNumber,
        ffd: ffd ?? 4,
        container,
      },
      { dial: dialTcp, clock, log, timeoutMs: answerTimeoutMs },
    );
  },
});
