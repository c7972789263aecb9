import { readSync, writeSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { SerialPort } from 'serialport';
import { FarmError, type Clock, type Timer } from '@kkt/contracts';
import type { Wire } from './wire';

export interface SerialWireOptions {
  /** Device path; /dev/serial/by-id/… survives replugging, /dev/ttyACM0 does not. */
  path: string;
  baudRate: number;
  clock: Clock;
  /** How often the path is looked at, for a module pulled out while silent. Default 2000. */
  pathCheckMs?: number;
}

type OpenPort = Awaited<ReturnType<typeof SerialPort.binding.open>>;
/** Linux and macOS: a non-blocking descriptor with a readiness poller. */
type PolledPort = Extract<OpenPort, { poller: unknown }>;

const READ_BYTES = 16 * 1024;
/** One for all ports: a piece is handed on before the next read, and receivers copy what they keep. */
const readBuffer = Buffer.allocUnsafe(READ_BYTES);

const nothing = (): void => undefined;
const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
const isNotNow = (error: unknown): boolean =>
  ['EAGAIN', 'EWOULDBLOCK', 'EINTR'].includes(codeOf(error) ?? '');

/**
 * A module on a serial port or USB-CDC, 8N1, taken with an exclusive lock (`flock`): it ends with the process that held
 * it, however that ended. TIOCEXCL is not set beside it: root passes it, and the mark stays on the terminal of a driver
 * that was killed for as long as anybody else has it open, which would lock the next driver out.
 *
 * The port is opened and configured by serialport's binding, then read and written directly when its poller says so:
 * the library's own stream goes through the thread pool for every piece, and its read never ends once the line has
 * hung up (it takes "0 bytes" for "not yet" and spins). Modem lines are never touched: pseudo-terminals refuse them.
 */
export class SerialWire implements Wire {
  readonly name: string;
  readonly bytesPerSecond: number;
  onData: (chunk: Buffer) => void = nothing;
  onLost: (error: FarmError) => void = nothing;
  private port: PolledPort | undefined;
  private opening = false;
  private unsent: Uint8Array[] = [];
  private pathTimer: Timer | undefined;

  constructor(private readonly options: SerialWireOptions) {
    this.name = options.path;
    // 8N1: ten bits a byte.
    this.bytesPerSecond = options.baudRate / 10;
  }

  async open(signal: AbortSignal): Promise<void> {
    if (this.port || this.opening) throw this.fault('WIRE-PORT-BUSY', 'This wire is already open');
    signal.throwIfAborted();
    this.opening = true;
    try {
      const port = await this.take();
      const identity = await this.pathIdentity();
      if (signal.aborted || !identity || !this.opening) {
        await port.close();
        signal.throwIfAborted();
        throw identity
          ? this.fault('WIRE-CLOSED', 'The wire was closed while it was being opened')
          : this.fault('WIRE-OPEN', 'The port vanished while it was being opened');
      }
      this.port = port;
      this.unsent = [];
      this.awaitData(port);
      this.watchPath(port, identity);
    } finally {
      this.opening = false;
    }
  }

  write(bytes: Uint8Array): void {
    if (!this.port) return;
    if (this.unsent.length > 0) this.unsent.push(bytes);
    else this.send(this.port, bytes);
  }

  async close(): Promise<void> {
    this.opening = false;
    const port = this.release();
    if (port) await port.close().catch(nothing);
  }

  private async take(): Promise<PolledPort> {
    const { path, baudRate } = this.options;
    let port: OpenPort;
    try {
      port = await SerialPort.binding.open({ path, baudRate, lock: true });
    } catch (error) {
      const cause = error as Error;
      const busy = /cannot lock|resource busy|EBUSY|EACCES.*in use/i.test(cause.message);
      throw busy
        ? this.fault('WIRE-PORT-BUSY', 'Another process holds the port', cause)
        : this.fault('WIRE-OPEN', 'Cannot open the port', cause);
    }
    if (!('poller' in port)) {
      await port.close();
      throw this.fault('WIRE-OPEN', 'Serial modules are served on Linux and macOS hosts only');
    }
    // What an earlier session left in the driver's buffers is nobody's answer.
    await port.flush().catch(nothing);
    return port;
  }

  private awaitData(port: PolledPort): void {
    port.poller.once('readable', (error) => {
      if (this.port !== port) return;
      if (error) return this.lose('The port hung up', error);
      this.readAll(port);
    });
  }

  private readAll(port: PolledPort): void {
    let count: number;
    do {
      try {
        count = readSync(port.fd as number, readBuffer, 0, READ_BYTES, null);
      } catch (error) {
        if (isNotNow(error)) break;
        return this.lose('The port cannot be read', error as Error);
      }
      // A terminal that reports readiness and then gives nothing has hung up.
      if (count === 0) return this.lose('The port hung up');
      this.onData(readBuffer.subarray(0, count));
      if (this.port !== port) return;
    } while (count === READ_BYTES);
    this.awaitData(port);
  }

  private send(port: PolledPort, bytes: Uint8Array): void {
    let sent = 0;
    try {
      sent = writeSync(port.fd as number, bytes);
    } catch (error) {
      if (!isNotNow(error)) {
        // The caller is in the middle of its own work: tell it afterwards.
        queueMicrotask(() => this.port === port && this.lose('The port cannot be written', error as Error));
        return;
      }
    }
    if (sent === bytes.length) return;
    this.unsent.unshift(bytes.subarray(sent));
    port.poller.once('writable', (error) => {
      if (this.port !== port) return;
      if (error) return this.lose('The port hung up', error);
      const rest = Buffer.concat(this.unsent);
      this.unsent = [];
      this.send(port, rest);
    });
  }

  /** Which device node the path leads to: a by-id link may lead to another one after replugging. */
  private async pathIdentity(): Promise<string | undefined> {
    try {
      const { dev, ino, rdev } = await stat(this.options.path);
      return `${dev}:${ino}:${rdev}`;
    } catch {
      return undefined;
    }
  }

  private watchPath(port: PolledPort, identity: string): void {
    const { clock, pathCheckMs = 2000 } = this.options;
    this.pathTimer = clock.setTimer(pathCheckMs, () => {
      void this.pathIdentity().then((now) => {
        if (this.port !== port) return;
        if (now === identity) this.watchPath(port, identity);
        else this.lose(now ? 'The path leads to another port now' : 'The path of the port has vanished');
      });
    });
  }

  private release(): PolledPort | undefined {
    const port = this.port;
    this.port = undefined;
    this.unsent = [];
    this.pathTimer?.cancel();
    return port;
  }

  private lose(message: string, cause?: Error): void {
    const port = this.release();
    if (!port) return;
    void port.close().catch(nothing);
    this.onLost(this.fault('WIRE-LOST', message, cause));
  }

  private fault(code: `WIRE-${string}`, message: string, cause?: Error): FarmError {
    return new FarmError(code, message, { wire: this.name, cause: cause?.message }, { cause });
  }
}
