import { streebog } from '@kkt/security';

const tlv = (tag: number, ...parts: Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};
const seq = (...parts: Buffer[]) => tlv(0x30, ...parts);
const set = (...parts: Buffer[]) => tlv(0x31, ...parts);
const int = (value: number) => tlv(2, Buffer.from([value]));
const utf8 = (text: string) => tlv(0x0c, Buffer.from(text));
const octets = (bytes: Buffer) => tlv(4, bytes);
const time = (text: string) => tlv(0x17, Buffer.from(text));
const oid = (text: string): Buffer => {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const digits = (value: number): number[] => {
    const found = [value & 0x7f];
    for (let left = value >> 7; left > 0; left >>= 7) found.unshift((left & 0x7f) | 0x80);
    return found;
  };
  return tlv(6, Buffer.from([first * 40 + second, ...rest].flatMap(digits)));
};

const gost = { digest: '1.2.643.7.1.1.2.2', signature: '1.2.643.7.1.1.1.1' };
const name = (common: string, inn?: string): Buffer =>
  seq(
    set(seq(oid('2.5.4.3'), utf8(common))),
    ...(inn ? [set(seq(oid('1.2.643.100.4'), tlv(0x12, Buffer.from(inn))))] : []),
  );
const certificate = (serial: number, subject: Buffer): Buffer =>
  seq(
    seq(
      tlv(0xa0, int(2)),
      int(serial),
      seq(oid(gost.signature)),
      name('УЦ'),
      seq(time('261101000000Z'), time('271101000000Z')),
      subject,
      seq(seq(oid(gost.signature)), tlv(3, Buffer.alloc(67))),
    ),
    seq(oid(gost.signature)),
    tlv(3, Buffer.alloc(65)),
  );

/**
 * A detached GOST signature of a document by Ivanov of the company with INN 5544332219, as crypto providers write it
 * (no tool here makes one); its last bytes are of nobody's key.
 * @param change another serial number of the signer's certificate than any in the file; other signed attributes
 */
export const gostSignature = (
  of: Buffer,
  change: { serial?: number; attributes?: Buffer[] } = {},
): Buffer => {
  const signer = seq(
    int(1),
    seq(name('УЦ'), int(change.serial ?? 7)),
    seq(oid(gost.digest)),
    tlv(
      0xa0,
      ...(change.attributes ?? [
        seq(oid('1.2.840.113549.1.9.3'), set(oid('1.2.840.113549.1.7.1'))),
        seq(oid('1.2.840.113549.1.9.4'), set(octets(streebog(of, 256)))),
      ]),
    ),
    seq(oid(gost.signature)),
    octets(Buffer.alloc(64, 1)),
  );
  return seq(
    oid('1.2.840.113549.1.7.2'),
    tlv(
      0xa0,
      seq(
        int(1),
        set(seq(oid(gost.digest))),
        seq(oid('1.2.840.113549.1.7.1')),
        // The authority's certificate comes first, as providers put it.
        tlv(0xa0, certificate(1, name('УЦ')), certificate(7, name('Иванов Иван', '5544332219'))),
        set(signer),
      ),
    ),
  );
};
