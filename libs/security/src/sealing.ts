import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { FarmError } from '@kkt/contracts';

const nonceBytes = 12;
const tagBytes = 16;
/** First byte of everything sealed, so that the way can change without guessing. */
const version = 1;

/**
 * Seals secrets at rest: AES-256-GCM under a key derived from the installation's secret key for one purpose. What it is
 * sealed for (`owner`, say a row's id) is bound in, so a sealed value moved to another row does not open.
 */
export class Sealer {
  private readonly key: Buffer;

  /** @param secretKey 32 bytes, SECRET_KEY */
  constructor(secretKey: Buffer, purpose: string) {
    this.key = Buffer.from(hkdfSync('sha256', secretKey, '', `seal ${purpose} v1`, 32));
  }

  seal(text: string, owner: string): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce).setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.of(version), nonce, sealed, cipher.getAuthTag()]);
  }

  /** @throws FarmError SYS-SEAL when the value was changed, belongs to another owner or to another key */
  open(sealed: Buffer, owner: string): string {
    try {
      if (sealed.length < 1 + nonceBytes + tagBytes || sealed[0] !== version) throw new Error('form');
      const nonce = sealed.subarray(1, 1 + nonceBytes);
      const decipher = createDecipheriv('aes-256-gcm', this.key, nonce, { authTagLength: tagBytes })
        .setAAD(Buffer.from(owner))
        .setAuthTag(sealed.subarray(-tagBytes));
      const body = sealed.subarray(1 + nonceBytes, -tagBytes);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    } catch {
      throw new FarmError('SYS-SEAL', 'A sealed secret does not open', { owner });
    }
  }
}
