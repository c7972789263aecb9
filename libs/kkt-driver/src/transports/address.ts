import { FarmError } from '@kkt/contracts';
import { BAUD_RATES, DEFAULT_TCP_PORT } from './wire';

/** Where a module is wired. */
export type WireAddress =
  | { kind: 'tcp'; host: string; port: number }
  /** `baudRate` absent: not known yet, discovery tries the list. */
  | { kind: 'serial'; path: string; baudRate?: number };

const TCP = /^tcp:\/\/(\[[0-9a-fA-F:.]+\]|[^/:\s]+)(?::(\d{1,5}))?\/?$/;
const SERIAL = /^(?:serial:(?:\/\/)?)?(\/[^?\s]+)(?:\?baud=(\d{3,7}))?$/;

const wrong = (address: string): FarmError =>
  new FarmError(
    'CLIENT-WIRE-ADDRESS',
    'A wire address is tcp://host[:port] or a device path such as /dev/serial/by-id/…[?baud=115200]',
    { address },
  );

/**
 * Reads an address as the inventory keeps it: `tcp://host[:port]`, `/dev/serial/by-id/…`, `serial:/dev/ttyACM0?baud=57600`.
 * @throws FarmError `CLIENT-WIRE-ADDRESS`
 */
export function parseWireAddress(address: string): WireAddress {
  const tcp = TCP.exec(address);
  if (tcp?.[1]) {
    const port = tcp[2] === undefined ? DEFAULT_TCP_PORT : Number(tcp[2]);
    if (port < 1 || port > 65535) throw wrong(address);
    return { kind: 'tcp', host: tcp[1].replace(/^\[|\]$/g, ''), port };
  }
  const serial = SERIAL.exec(address);
  if (!serial?.[1]) throw wrong(address);
  if (serial[2] === undefined) return { kind: 'serial', path: serial[1] };
  const baudRate = Number(serial[2]);
  if (!(BAUD_RATES as readonly number[]).includes(baudRate)) throw wrong(address);
  return { kind: 'serial', path: serial[1], baudRate };
}

/** The same address in its one canonical spelling. */
export function formatWireAddress(address: WireAddress): string {
  if (address.kind === 'tcp') {
    const host = address.host.includes(':') ? `[${address.host}]` : address.host;
    return `tcp://${host}:${address.port}`;
  }
  return address.baudRate === undefined ? address.path : `${address.path}?baud=${address.baudRate}`;
}
