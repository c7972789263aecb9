import type { Clock } from '@kkt/contracts';
import { SilenceCutter } from './silence';
import type { Wire } from './wire';

export interface ProbeOptions {
  clock: Clock;
  /** Silence that ends an answer. Default 30. */
  silenceMs?: number;
  /** How long the first byte is waited for. Default 400. */
  limitMs?: number;
}

/** Sends bytes over an open wire and gives what came back up to the first silence; empty when nothing did. */
export function probe(
  wire: Wire,
  bytes: Buffer,
  { clock, silenceMs = 30, limitMs = 400 }: ProbeOptions,
): Promise<Buffer> {
  return new Promise((resolve) => {
    const end = (block: Buffer): void => {
      timer.cancel();
      cutter.close();
      wire.onData = () => undefined;
      wire.onLost = () => undefined;
      resolve(block);
    };
    const nothing = (): void => end(Buffer.alloc(0));
    const cutter = new SilenceCutter(silenceMs, end);
    const timer = clock.setTimer(limitMs, nothing);
    wire.onData = (chunk) => {
      timer.cancel();
      cutter.push(chunk);
    };
    wire.onLost = nothing;
    wire.write(bytes);
  });
}
