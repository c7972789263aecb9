import type { FarmError } from '@kkt/contracts';

/**
 * A way for bytes to and from one device. It carries, it does not understand: no framing and no retries inside,
 * because only the layer above knows whether a repeat is harmless.
 *
 * A wire may be opened again after `close` or after `onLost`. Handlers are set before `open`.
 */
export interface Wire {
  /** Where it leads, for errors and logs: `tcp://10.0.0.5:5555`, `/dev/serial/by-id/…`. */
  readonly name: string;
  /** How fast it carries; absent when too fast to matter. A wait for a reply must allow for it. */
  readonly bytesPerSecond?: number;
  /** Bytes as they came, in pieces of any size. The buffer belongs to the receiver only during the call. */
  onData: (chunk: Buffer) => void;
  /** The far end is gone. Called once per opening and never for a `close` of our own. */
  onLost: (error: FarmError) => void;
  /**
   * Takes the port or socket for ourselves.
   * @throws FarmError `WIRE-PORT-BUSY` another process holds it, `WIRE-OPEN` it cannot be opened,
   *   `WIRE-OPEN-TIMEOUT` nobody answered in time; the signal's reason when aborted
   */
  open(signal: AbortSignal): Promise<void>;
  /** Queues bytes for sending; they must not be changed afterwards. A failure comes through `onLost`. */
  write(bytes: Uint8Array): void;
  /** Frees the port or socket; safe to call at any time. */
  close(): Promise<void>;
}

/** Serial speeds in the order in which they are tried; 115200 is the usual one, 4800 is what a technological reset leaves. */
export const BAUD_RATES = [115200, 57600, 38400, 19200, 9600, 4800] as const;

/** TCP port on which ATOL modules listen. */
export const DEFAULT_TCP_PORT = 5555;
