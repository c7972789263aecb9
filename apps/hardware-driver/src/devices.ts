import { type Clock, failPoint, FarmError, type Ids, type Log, type Random } from '@kkt/contracts';
import type { DeviceFactory } from '@kkt/dispatch';
import {
  AtolDevice,
  AtolJsonDevice,
  AxiosHttpClient,
  type JsonHttpClient,
  type Wire,
  wireTo,
} from '@kkt/kkt-driver';

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

/** The same for a device behind HTTP: a refused request was never sent, and the device takes it so. */
function guardedClient(client: JsonHttpClient, guard: () => void): JsonHttpClient {
  return {
    name: client.name,
    async send(request, signal) {
      guard();
      return client.send(request, signal);
    },
    close: () => client.close(),
  };
}

/** Devices behind TCP sockets, serial ports and web servers, by the register's transport in the inventory. */
export const deviceFactory =
  (clock: Clock, random: Random, ids: Ids, log: Log): DeviceFactory =>
  (register, guard) => {
    const { transport, serial } = register;
    const own = { clock, random, ids, log: log.child({ serial }) };
    return transport.kind === 'json'
      ? new AtolJsonDevice({ ...own, client: guardedClient(new AxiosHttpClient(transport.url), guard) })
      : new AtolDevice({ ...own, wire: guarded(wireTo(transport, clock), guard) });
  };
