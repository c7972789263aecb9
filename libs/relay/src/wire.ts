import { createConnection } from 'node:net';
import type { Clock } from '@kkt/contracts';

/** One open connection to an operator, as bytes. */
export interface Wire {
  write(bytes: Buffer): void;
  /** Ends it at once; no event follows. */
  destroy(): void;
}

export interface WireEvents {
  data(bytes: Buffer): void;
  /** The other side ended it, or it broke. Comes once. */
  closed(error?: Error): void;
}

/** Opens a connection; rejects when there is none in time. */
export type Dial = (
  operator: { host: string; port: number },
  events: WireEvents,
  options: { timeoutMs: number; clock: Clock },
) => Promise<Wire>;

/** Plain TCP: the container is sealed by the FN itself. */
export const dialTcp: Dial = ({ host, port }, events, { timeoutMs, clock }) =>
  new Promise((resolve, reject) => {
    const socket = createConnection({ host, port, noDelay: true, keepAlive: true });
    let isOpen = false;
    let isOver = false;
    let lastError: Error | undefined;
    const timer = clock.setTimer(timeoutMs, () =>
      socket.destroy(new Error(`no connection in ${timeoutMs} ms`)),
    );
    socket.on('data', (bytes: Buffer) => {
      if (!isOver) events.data(bytes);
    });
    socket.on('error', (error) => (lastError = error));
    socket.on('end', () => socket.destroy());
    socket.once('close', () => {
      timer.cancel();
      if (isOver) return;
      isOver = true;
      if (isOpen) events.closed(lastError);
      else reject(lastError ?? new Error('the connection was closed'));
    });
    socket.once('connect', () => {
      timer.cancel();
      isOpen = true;
      resolve({
        write: (bytes) => void socket.write(bytes),
        destroy: () => {
          isOver = true;
          socket.destroy();
        },
      });
    });
  });
