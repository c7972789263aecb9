import { randomInt } from 'node:crypto';
import { createConnection, createServer } from 'node:net';
import { FarmError } from '@kkt/contracts';

const loopback = '127.0.0.1';

/** True when a server could listen there now. */
export function isPortFree(port: number, host: string = loopback): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.unref();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * Below the ports that the system itself gives to outgoing connections (32768 and up on Linux): one of those may be
 * taken between the look and the use by any connection of this machine.
 */
const lowestFree = 10_240;
const freeRange = 32_768 - lowestFree;
const freeTries = 200;

/** A port nobody listens on at this moment; another server may still take it first. */
export async function freePort(host: string = loopback): Promise<number> {
  for (let attempt = 0; attempt < freeTries; attempt++) {
    const port = lowestFree + randomInt(freeRange);
    if (await isPortFree(port, host)) return port;
  }
  throw new FarmError('SYS-NO-PORT', `No free port was found on ${host}`, { host });
}

/**
 * Refuses early and in words when something else listens on a port we are about to use.
 * @param variable the environment variable that moves the port, named in the message
 * @throws FarmError SYS-PORT-BUSY
 */
export async function assertPortFree(port: number, host: string, variable: string): Promise<void> {
  if (await isPortFree(port, host)) return;
  throw new FarmError(
    'SYS-PORT-BUSY',
    `Port ${port} on ${host} is already in use. Stop the program that holds it, or set ${variable} to another port`,
    { port, host, variable },
  );
}

/** True when something accepts connections there within `timeoutMs`. */
export function canConnect(port: number, host: string, timeoutMs = 1000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => finish(false));
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}
