import { FarmError, type Clock, type Timer } from '@kkt/contracts';
import type { Wire } from './wire';

/** The device's end of an in-memory wire. */
export interface WirePeer {
  /** A host has opened the wire; a peer that is already served refuses by throwing `WIRE-PORT-BUSY`. */
  onOpen(): void;
  /** Bytes from the host. */
  onData(bytes: Uint8Array): void;
  onClose(): void;
}

/** What happens to the bytes of one direction; returns the pieces that arrive (none = lost). Default: all as they are. */
export type Tamper = (bytes: Uint8Array) => Uint8Array[];

export interface MemoryWireOptions {
  clock: Clock;
  name?: string;
  /** Time of a piece on the way, each direction. Default 0: delivered as soon as the current call has returned. */
  delayMs?: number;
}

const nothing = (): void => undefined;

/**
 * A wire inside one process: for tests and for the simulation. Deterministic under an injected clock; can be cut,
 * and each direction can be tampered with.
 */
export class MemoryWire implements Wire {
  readonly name: string;
  onData: (chunk: Buffer) => void = nothing;
  onLost: (error: FarmError) => void = nothing;
  /** Set by a test to damage, drop or double bytes. */
  tamperToDevice: Tamper | undefined;
  tamperToHost: Tamper | undefined;
  private peer: WirePeer | undefined;
  private isOpen = false;
  private readonly flights = new Set<Timer>();
  /** Counts openings, so that a piece in flight never arrives in a later one. */
  private opening = 0;

  constructor(private readonly options: MemoryWireOptions) {
    this.name = options.name ?? 'memory';
  }

  /** Plugs the device in. */
  attach(peer: WirePeer): void {
    this.peer = peer;
  }

  open(signal: AbortSignal): Promise<void> {
    try {
      signal.throwIfAborted();
      if (this.isOpen)
        throw new FarmError('WIRE-PORT-BUSY', 'This wire is already open', { wire: this.name });
      if (!this.peer)
        throw new FarmError('WIRE-OPEN', 'Nothing is plugged into this wire', { wire: this.name });
      this.peer.onOpen();
      this.isOpen = true;
      this.opening += 1;
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  write(bytes: Uint8Array): void {
    if (!this.isOpen) return;
    for (const piece of this.tamperToDevice?.(bytes) ?? [bytes]) {
      this.fly(() => this.peer?.onData(piece));
    }
  }

  /** Bytes from the device to the host. */
  deliver(bytes: Uint8Array): void {
    if (!this.isOpen) return;
    for (const piece of this.tamperToHost?.(bytes) ?? [bytes]) {
      this.fly(() => this.onData(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)));
    }
  }

  close(): Promise<void> {
    this.end();
    return Promise.resolve();
  }

  /** Pulls the plug. With `unplugPeer` the next `open` fails until `attach`. */
  cut(unplugPeer = false): void {
    const wasOpen = this.isOpen;
    this.end();
    if (unplugPeer) this.peer = undefined;
    if (wasOpen) this.onLost(new FarmError('WIRE-LOST', 'The wire was cut', { wire: this.name }));
  }

  private end(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    for (const flight of this.flights) flight.cancel();
    this.flights.clear();
    this.peer?.onClose();
  }

  private fly(arrive: () => void): void {
    const { clock, delayMs = 0 } = this.options;
    if (delayMs === 0) {
      const opening = this.opening;
      queueMicrotask(() => {
        if (this.isOpen && this.opening === opening) arrive();
      });
      return;
    }
    const timer = clock.setTimer(delayMs, () => {
      this.flights.delete(timer);
      arrive();
    });
    this.flights.add(timer);
  }
}
