import { InterByteTimeoutParser } from '@serialport/parser-inter-byte-timeout';

/** Longest block kept; more comes out as several blocks. */
const MAX_BLOCK_BYTES = 32 * 1024;

/**
 * Cuts a byte stream where the line falls silent. For lines on which only silence ends a message: a port of unknown speed,
 * where every byte may be noise. Costs its interval on each answer, so framed traffic does not go through it.
 */
export class SilenceCutter {
  private readonly parser: InterByteTimeoutParser;

  constructor(silenceMs: number, onBlock: (block: Buffer) => void) {
    this.parser = new InterByteTimeoutParser({ interval: silenceMs, maxBufferSize: MAX_BLOCK_BYTES });
    this.parser.on('data', onBlock);
  }

  push(chunk: Buffer): void {
    // The parser keeps single bytes, so the chunk may be reused afterwards.
    this.parser.write(chunk);
  }

  close(): void {
    this.parser.removeAllListeners('data');
    this.parser.destroy();
    clearTimeout(this.parser.intervalID);
  }
}
