import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/* DER, as far as a plain X.509 certificate needs it (RFC 5280). */

function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length =
    body.length < 128
      ? Buffer.of(body.length)
      : body.length < 256
        ? Buffer.of(0x81, body.length)
        : Buffer.of(0x82, body.length >> 8, body.length & 255);
  return Buffer.concat([Buffer.of(tag), length, body]);
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
const integer = (value: number): Buffer => der(0x02, Buffer.of(value));
const sha256WithRsa = sequence(Buffer.from('06092a864886f70d01010b', 'hex'), Buffer.from('0500', 'hex'));
const commonName = Buffer.from('0603550403', 'hex');
const basicConstraints = Buffer.from('0603551d13', 'hex');

const nameOf = (text: string): Buffer =>
  sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(text)))));

const timeOf = (at: Date): Buffer =>
  der(
    0x18,
    Buffer.from(
      at
        .toISOString()
        .replace(/[-:T]/g, '')
        .replace(/\.\d+Z$/, 'Z'),
    ),
  );

export interface CertificateOptions {
  subject: string;
  issuer: string;
  publicKey: KeyObject;
  signedBy: KeyObject;
  isAuthority?: boolean;
  from?: Date;
  to?: Date;
}

/** A certificate in PEM. */
export function certificate(options: CertificateOptions): string {
  const from = options.from ?? new Date(Date.now() - 86_400_000);
  const to = options.to ?? new Date(Date.now() + 365 * 86_400_000);
  const constraints = der(0x30, ...(options.isAuthority ? [Buffer.from('0101ff', 'hex')] : []));
  const body = sequence(
    der(0xa0, integer(2)),
    integer(1),
    sha256WithRsa,
    nameOf(options.issuer),
    sequence(timeOf(from), timeOf(to)),
    nameOf(options.subject),
    options.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(sequence(basicConstraints, Buffer.from('0101ff', 'hex'), der(0x04, constraints)))),
  );
  const signature = sign('RSA-SHA256', body, options.signedBy);
  const bytes = sequence(body, sha256WithRsa, der(0x03, Buffer.of(0), signature));
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** An authority and a message certificate as PayPal's: the key signs callbacks, the chain is served. */
export class Authority {
  private readonly root = generateKeyPairSync('rsa', { modulusLength: 2048 });
  readonly leaf = generateKeyPairSync('rsa', { modulusLength: 2048 });
  readonly rootPem: string;

  constructor(private readonly rootName = 'Emulated Authority') {
    this.rootPem = certificate({
      subject: rootName,
      issuer: rootName,
      publicKey: this.root.publicKey,
      signedBy: this.root.privateKey,
      isAuthority: true,
    });
  }

  /** The message certificate, made out as PayPal's unless said otherwise. */
  leafPem(changes: Partial<CertificateOptions> = {}): string {
    return certificate({
      subject: 'messageverificationcerts.sandbox.paypal.com',
      issuer: this.rootName,
      publicKey: this.leaf.publicKey,
      signedBy: this.root.privateKey,
      ...changes,
    });
  }
}
