import { type Clock, failPoint, FarmError, type Log, type Random } from '@kkt/contracts';
import type { DeviceFactory } from '@kkt/dispatch';
import { AtolDevice, type Wire, wireTo } from '@kkt/kkt-driver';

/**
 * A wire that sends nothing once the lease has ended: the last check before bytes leave the process. A refused write
 * ends the link, so that no layer above waits for an answer to something that was never sent.
 */
function guarded(wire: Wire, guard: () => void): Wire {
  const write = wire.write.bind(wire);
  wire.write = (bytes) => {
    let sent = 0;
    const sendPart = (length: number) => () => {
      sent = length;
      write(bytes.subarray(0, length));
    };
    failPoint('device-first-byte', sendPart(1));
    failPoint('device-mid-frame', sendPart(bytes.length >> 1));
    try {
      guard();
    } catch (error) {
      wire.onLost(error instanceof FarmError ? error : new FarmError('SYS-GUARD', String(error)));
      return;
    }
    write(sent === 0 ? bytes : bytes.subarray(sent));
    failPoint('device-frame-sent');
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
