import { Socket } from 'node:net';
import { FarmError, type Clock } from '@kkt/contracts';
import type { Wire } from './wire';

export interface TcpWireOptions {
  host: string;
  port: number;
  clock: Clock;
  /** Default 3000. */
  connectTimeoutMs?: number;
  /** Silence after which the kernel begins to probe the peer. Default 15000. */
  keepAliveMs?: number;
}

const nothing = (): void => undefined;

/**
 * A module on the network. It serves one connection at a time: a second one may be accepted and then closed at once,
 * which comes as `onLost` with `WIRE-PORT-BUSY`.
 */
export class TcpWire implements Wire {
  readonly name: string;
  onData: (chunk: Buffer) => void = nothing;
  onLost: (error: FarmError) => void = nothing;
  private socket: Socket | undefined;

  constructor(private readonly options: TcpWireOptions) {
    this.name = `tcp://${options.host}:${options.port}`;
  }

  open(signal: AbortSignal): Promise<void> {
    if (this.socket) return Promise.reject(this.fault('WIRE-PORT-BUSY', 'This wire is already open'));
    const { host, port, clock, connectTimeoutMs = 3000, keepAliveMs = 15000 } = this.options;
    return new Promise<void>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const socket = new Socket();
      this.socket = socket;
      const settle = (): void => {
        timer.cancel();
        signal.removeEventListener('abort', onAbort);
        socket.removeAllListeners();
      };
      const fail = (error: Error): void => {
        settle();
        this.drop(socket);
        reject(error);
      };
      const onAbort = (): void => fail(signal.reason as Error);
      const timer = clock.setTimer(connectTimeoutMs, () =>
        fail(this.fault('WIRE-OPEN-TIMEOUT', 'The module did not accept a connection', { connectTimeoutMs })),
      );
      signal.addEventListener('abort', onAbort, { once: true });
      socket.once('error', (cause) =>
        fail(this.fault('WIRE-OPEN', 'Cannot connect to the module', { cause: cause.message }, cause)),
      );
      socket.once('close', () =>
        fail(this.fault('WIRE-CLOSED', 'The wire was closed while it was being opened')),
      );
      socket.once('connect', () => {
        settle();
        socket.setNoDelay(true);
        socket.setKeepAlive(true, keepAliveMs);
        this.attend(socket);
        resolve();
      });
      socket.connect({ host, port });
    });
  }

  write(bytes: Uint8Array): void {
    this.socket?.write(bytes);
  }

  close(): Promise<void> {
    const socket = this.socket;
    if (!socket) return Promise.resolve();
    return new Promise((resolve) => {
      if (socket.closed) resolve();
      else socket.once('close', () => resolve());
      this.drop(socket);
    });
  }

  /** From here on the socket's fate is the device's fate. */
  private attend(socket: Socket): void {
    let cause: Error | undefined;
    let hasSpoken = false;
    socket.on('data', (chunk) => {
      hasSpoken = true;
      if (this.socket === socket) this.onData(chunk);
    });
    socket.on('error', (error) => {
      cause = error;
    });
    // A half-closed module cannot answer any more: its FIN is the loss, not the last byte of ours.
    const gone = (): void => {
      if (this.socket !== socket) return;
      this.drop(socket);
      this.onLost(
        hasSpoken
          ? this.fault('WIRE-LOST', 'The module closed the connection', { cause: cause?.message }, cause)
          : this.fault(
              'WIRE-PORT-BUSY',
              'The module closed the connection without a word: it serves one host',
            ),
      );
    };
    socket.on('end', gone);
    socket.on('close', gone);
  }

  private drop(socket: Socket): void {
    if (this.socket === socket) this.socket = undefined;
    socket.on('error', nothing);
    socket.destroy();
  }

  private fault(
    code: `WIRE-${string}`,
    message: string,
    context: Record<string, string | number | undefined> = {},
    cause?: Error,
  ): FarmError {
    return new FarmError(code, message, { wire: this.name, ...context }, { cause });
  }
}
