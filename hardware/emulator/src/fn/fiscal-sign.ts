import { createHmac } from 'node:crypto';
import { fiscalSignToWire } from '@kkt/ffd';

/**
 * The FN's signing key. A real one lives in the chip; ours is made from the FN number, so that the same FN signs the
 * same document in the same way after any restart, and signs no other FN's document.
 */
export class FiscalSigner {
  private readonly key: Buffer;

  constructor(fnNumber: string) {
    this.key = createHmac('sha256', 'kkt-farm emulated FN').update(fnNumber).digest();
  }

  /** Value of tag 1077 (printed form, never 0) and the 8 bytes that follow the document in its message. */
  sign(unsigned: Buffer): { fiscalSign: number; wire: Buffer; messageSign: Buffer } {
    const digest = createHmac('sha256', this.key).update(unsigned).digest();
    const fiscalSign = digest.readUInt32BE(0) || 1;
    return {
      fiscalSign,
      wire: fiscalSignToWire(fiscalSign),
      messageSign: Buffer.concat([Buffer.of(0x81, 0x06), digest.subarray(4, 10)]),
    };
  }
}
