import { createServer, type Server, type Socket } from 'node:net';
import { FarmError } from '@kkt/contracts';
import type { KktModule } from '../module/kkt-module';
import type { ModulePort } from './port';

const LISTEN_ATTEMPTS = 20;
const LISTEN_PAUSE_MS = 50;

/**
 * Ethernet port of a module. One connection at a time: a second host is let in by TCP and closed at once. Without
 * power or cable nobody listens, so a host's connection is refused.
 */
export class TcpPort implements ModulePort {
  private server: Server | undefined;
  private stopListening: (() => void) | undefined;
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly module: KktModule,
    private readonly port: number,
    private readonly host = '127.0.0.1',
  ) {}

  async open(): Promise<void> {
    this.stopListening = this.module.onEvent(() => void this.follow());
    await this.follow();
  }

  async close(): Promise<void> {
    this.stopListening?.();
    await this.down();
  }

  private async follow(): Promise<void> {
    if (this.module.isReachable && !this.server) await this.up();
    else if (!this.module.isReachable && this.server) await this.down();
  }

  private async up(): Promise<void> {
    const server = createServer({ noDelay: true }, (socket) => this.accept(socket));
    this.server = server;
    for (let attempt = 1; this.server === server; attempt += 1) {
      try {
        await listen(server, this.port, this.host);
        return;
      } catch (error) {
        // Power may come back before the system has let the port go.
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || attempt === LISTEN_ATTEMPTS) {
          throw new FarmError(
            'SYS-PORT-BUSY',
            `Port ${this.port} cannot be listened on: another program has it (--tcp-base-port moves them all)`,
            { port: this.port, cause: (error as Error).message },
            { cause: error },
          );
        }
        await new Promise((resolve) => setTimeout(resolve, LISTEN_PAUSE_MS));
      }
    }
  }

  private down(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    return new Promise((resolve) => {
      if (!server) return resolve();
      server.close(() => resolve());
      for (const socket of this.sockets) socket.destroy();
    });
  }

  private accept(socket: Socket): void {
    // What the module says in one turn goes out in one write: each costs more than all the module does for a packet.
    let isCorked = false;
    const uncork = (): void => {
      if (isCorked) socket.uncork();
      isCorked = false;
    };
    const session = this.module.connect({
      send: (bytes) => {
        if (!isCorked) {
          isCorked = true;
          socket.cork();
          process.nextTick(uncork);
        }
        socket.write(bytes);
      },
      hangUp: () => {
        uncork();
        socket.destroy();
      },
    });
    // An error is followed by `close`, which is where the session ends.
    socket.on('error', () => undefined);
    if (!session) {
      socket.destroy();
      return;
    }
    socket.on('data', (bytes) => session.receive(bytes));
    this.sockets.add(socket);
    socket.on('close', () => {
      this.sockets.delete(socket);
      session.closed();
    });
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (then: () => void): void => {
      server.off('error', onError);
      server.off('listening', onListening);
      then();
    };
    const onError = (error: Error): void => settle(() => reject(error));
    const onListening = (): void => settle(resolve);
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen(port, host);
  });
}
