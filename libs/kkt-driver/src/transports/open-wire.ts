import type { Clock } from '@kkt/contracts';
import type { WireAddress } from './address';
import { SerialWire } from './serial.wire';
import { TcpWire } from './tcp.wire';
import { BAUD_RATES, type Wire } from './wire';

/** The wire that leads to an address; not opened yet. */
export function wireTo(address: WireAddress, clock: Clock): Wire {
  return address.kind === 'tcp'
    ? new TcpWire({ host: address.host, port: address.port, clock })
    : new SerialWire({ path: address.path, baudRate: address.baudRate ?? BAUD_RATES[0], clock });
}
