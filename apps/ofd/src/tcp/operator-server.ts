import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Log } from '@kkt/contracts';
import { OperatorConnection, type ConnectionOptions } from './connection';

export interface OperatorServerOptions extends ConnectionOptions {
  host: string;
  port: number;
  maxConnections: number;
}

/** Listens for KKTs and relays. */
export class OperatorServer {
  private server: Server | undefined;
  private readonly connections = new Map<Socket, OperatorConnection>();
  private changes: Promise<void> = Promise.resolve();
  private boundPort: number | undefined;

  constructor(private readonly options: OperatorServerOptions) {
    options.faults.onChange((fault) => {
      this.changes = this.changes
        .then(() => (fault?.mode === 'refuse' ? this.closePort() : this.openPort()))
        .catch((error: Error) => this.log.error({ err: error.message }, 'the port could not be switched'));
    });
  }

  private get log(): Log {
    return this.options.log;
  }

  /** The port in use: the given one, or the one the system chose for 0. */
  get port(): number {
    return this.boundPort ?? this.options.port;
  }

  get isListening(): boolean {
    return this.server?.listening ?? false;
  }

  get openConnections(): number {
    return this.connections.size;
  }

  async start(): Promise<void> {
    await this.openPort();
    this.log.info({ host: this.options.host, port: this.port }, 'operator is listening');
  }

  /** Takes no new connections, answers what was read, then closes; the rest is cut after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    await this.changes;
    const closed = this.closeListener();
    for (const connection of this.connections.values()) connection.finish();
    const cut = this.options.clock.setTimer(graceMs, () => {
      for (const socket of this.connections.keys()) socket.destroy();
    });
    await closed;
    cut.cancel();
  }

  /** A fault that takes effect by closing or opening the port has done so when this resolves. */
  settled(): Promise<void> {
    return this.changes;
  }

  private async openPort(): Promise<void> {
    if (this.server) return;
    const server = createServer({ allowHalfOpen: true }, (socket) => this.accept(socket));
    server.maxConnections = this.options.maxConnections;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: this.options.host, port: this.port }, () => {
        server.off('error', reject);
        server.on('error', (error) => this.log.error({ err: error.message }, 'listening failed'));
        resolve();
      });
    });
    this.boundPort = (server.address() as AddressInfo).port;
    this.server = server;
  }

  private async closePort(): Promise<void> {
    const closed = this.closeListener();
    for (const socket of this.connections.keys()) socket.destroy();
    await closed;
  }

  private closeListener(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    return new Promise((resolve) => {
      if (server) server.close(() => resolve());
      else resolve();
    });
  }

  private accept(socket: Socket): void {
    const fault = this.options.faults.forConnection();
    if (fault) {
      socket.on('error', () => undefined);
      socket.resetAndDestroy();
      return;
    }
    const log = this.log.child({ peer: `${socket.remoteAddress ?? '?'}:${socket.remotePort ?? 0}` });
    this.connections.set(socket, new OperatorConnection(socket, { ...this.options, log }));
    socket.on('close', () => this.connections.delete(socket));
  }
}
