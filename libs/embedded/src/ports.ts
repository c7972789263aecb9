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

/** A port nobody listens on at this moment; another process may still take it first. */
export function freePort(host: string = loopback): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.unref();
    server.once('error', reject);
    server.listen({ port: 0, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address
          ? resolve(address.port)
          : reject(new FarmError('SYS-NO-PORT', 'The system gave no free port', { host })),
      );
    });
  });
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
