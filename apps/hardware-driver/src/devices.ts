import { type Clock, FarmError, type Log, type Random } from '@kkt/contracts';
import type { DeviceFactory } from '@kkt/dispatch';
import { AtolDevice, type Wire, wireTo } from '@kkt/kkt-driver';

/**
 * A wire that sends nothing once the lease has ended: the last check before bytes leave the process. A refused write
 * ends the link, so that no layer above waits for an answer to something that was never sent.
 */
function guarded(wire: Wire, guard: () => void): Wire {
  const write = wire.write.bind(wire);
  wire.write = (bytes) => {
    try {
      guard();
    } catch (error) {
      wire.onLost(error instanceof FarmError ? error : new FarmError('SYS-GUARD', String(error)));
      return;
    }
    write(bytes);
  };
  return wire;
}

/** Devices behind TCP sockets and serial ports, by the register's transport in the inventory. */
export const deviceFactory =
  (clock: Clock, random: Random, log: Log): DeviceFactory =>
  (register, guard) =>
    new AtolDevice({
      wire: guarded(wireTo(register.transport, clock), guard),
      clock,
      random,
      log: log.child({ serial: register.serial }),
    });
