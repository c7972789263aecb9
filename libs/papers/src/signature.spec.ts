import { streebog } from '@kkt/security';
import { readDetachedSignature } from './index';

/** Made by `openssl cms -sign` over the word below, with a certificate that names a company's INN (1.2.643.100.4). */
const document = Buffer.from('Договор');
const detached =
  'MIID7gYJKoZIhvcNAQcCoIID3zCCA9sCAQExDTALBglghkgBZQMEAgEwCwYJKoZIhvcNAQcBoIIB3DCCAdgwggF9AhQi0S6DgMVy/vY5FY4PBVPMzvNTFjAKBggqhkjOPQQDAjBuMTcwNQYDVQQDDC7Qn9GA0LjQvNC10YDQvtCy0LAg0JDQvdC90LAg0KHQtdGA0LPQtdC10LLQvdCwMRwwGgYDVQQKDBPQntCe0J4g0J/RgNC40LzQtdGAMRUwEwYFKoUDZAQMCjU1NDQzMzIyMTkwHhcNMjYxMTI3MTE0MDQ0WhcNMzYxMTI0MTE0MDQ0WjBuMTcwNQYDVQQDDC7Qn9GA0LjQvNC10YDQvtCy0LAg0JDQvdC90LAg0KHQtdGA0LPQtdC10LLQvdCwMRwwGgYDVQQKDBPQntCe0J4g0J/RgNC40LzQtdGAMRUwEwYFKoUDZAQMCjU1NDQzMzIyMTkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQBnrTFahklni2mDxmRmTo8aYSsJQpE9vGEFE09ea/qww05B7jk7Tu/XitHwJc2ursLoKXBECqDuseBHk2zc8QeMAoGCCqGSM49BAMCA0kAMEYCIQDw9KG7Cte0INIWsnLm6jGQcQTpoF+p1CW13IyeKprj4QIhAPcqRHrhkruiyJk7niL1x7+5bVTeu/y86r9B4ZdCtzcOMYIB2DCCAdQCAQEwgYYwbjE3MDUGA1UEAwwu0J/RgNC40LzQtdGA0L7QstCwINCQ0L3QvdCwINCh0LXRgNCz0LXQtdCy0L3QsDEcMBoGA1UECgwT0J7QntCeINCf0YDQuNC80LXRgDEVMBMGBSqFA2QEDAo1NTQ0MzMyMjE5AhQi0S6DgMVy/vY5FY4PBVPMzvNTFjALBglghkgBZQMEAgGggeQwGAYJKoZIhvcNAQkDMQsGCSqGSIb3DQEHATAcBgkqhkiG9w0BCQUxDxcNMjYxMTI3MTE0MDQ0WjAvBgkqhkiG9w0BCQQxIgQgWMh9KWtBnsCA3Pkpvn50Mh5Y2wdrraVNP/hPsDMdGNUweQYJKoZIhvcNAQkPMWwwajALBglghkgBZQMEASowCwYJYIZIAWUDBAEWMAsGCWCGSAFlAwQBAjAKBggqhkiG9w0DBzAOBggqhkiG9w0DAgICAIAwDQYIKoZIhvcNAwICAUAwBwYFKw4DAgcwDQYIKoZIhvcNAwICASgwCgYIKoZIzj0EAwIERjBEAiBNQXb70pmgMXCrUHmMby1HDRqH5lQhCMEG5DrJ775pEQIgC0trVREPwBgTGHdAbkoFAzyh/WDNYirKhSnrTyHlVfE=';
const attached =
  'MIIEAgYJKoZIhvcNAQcCoIID8zCCA+8CAQExDTALBglghkgBZQMEAgEwHQYJKoZIhvcNAQcBoBAEDtCU0L7Qs9C+0LLQvtGAoIIB3DCCAdgwggF9AhQi0S6DgMVy/vY5FY4PBVPMzvNTFjAKBggqhkjOPQQDAjBuMTcwNQYDVQQDDC7Qn9GA0LjQvNC10YDQvtCy0LAg0JDQvdC90LAg0KHQtdGA0LPQtdC10LLQvdCwMRwwGgYDVQQKDBPQntCe0J4g0J/RgNC40LzQtdGAMRUwEwYFKoUDZAQMCjU1NDQzMzIyMTkwHhcNMjYxMTI3MTE0MDQ0WhcNMzYxMTI0MTE0MDQ0WjBuMTcwNQYDVQQDDC7Qn9GA0LjQvNC10YDQvtCy0LAg0JDQvdC90LAg0KHQtdGA0LPQtdC10LLQvdCwMRwwGgYDVQQKDBPQntCe0J4g0J/RgNC40LzQtdGAMRUwEwYFKoUDZAQMCjU1NDQzMzIyMTkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQBnrTFahklni2mDxmRmTo8aYSsJQpE9vGEFE09ea/qww05B7jk7Tu/XitHwJc2ursLoKXBECqDuseBHk2zc8QeMAoGCCqGSM49BAMCA0kAMEYCIQDw9KG7Cte0INIWsnLm6jGQcQTpoF+p1CW13IyeKprj4QIhAPcqRHrhkruiyJk7niL1x7+5bVTeu/y86r9B4ZdCtzcOMYIB2jCCAdYCAQEwgYYwbjE3MDUGA1UEAwwu0J/RgNC40LzQtdGA0L7QstCwINCQ0L3QvdCwINCh0LXRgNCz0LXQtdCy0L3QsDEcMBoGA1UECgwT0J7QntCeINCf0YDQuNC80LXRgDEVMBMGBSqFA2QEDAo1NTQ0MzMyMjE5AhQi0S6DgMVy/vY5FY4PBVPMzvNTFjALBglghkgBZQMEAgGggeQwGAYJKoZIhvcNAQkDMQsGCSqGSIb3DQEHATAcBgkqhkiG9w0BCQUxDxcNMjYxMTI3MTE0MDQ0WjAvBgkqhkiG9w0BCQQxIgQgWMh9KWtBnsCA3Pkpvn50Mh5Y2wdrraVNP/hPsDMdGNUweQYJKoZIhvcNAQkPMWwwajALBglghkgBZQMEASowCwYJYIZIAWUDBAEWMAsGCWCGSAFlAwQBAjAKBggqhkiG9w0DBzAOBggqhkiG9w0DAgICAIAwDQYIKoZIhvcNAwICAUAwBwYFKw4DAgcwDQYIKoZIhvcNAwICASgwCgYIKoZIzj0EAwIESDBGAiEAunrVWHq3dtWPwate1M/XGVwNU34ijqdLM7eirrLLhpkCIQC/o+uunvWD67vp6TiB2gZmdQiJ1VoktIrSVDoOWbIUGg==';

const der = (text: string) => Buffer.from(text, 'base64');

/** Values of DER, for signatures that no tool here makes. */
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
const name = (common: string, inn?: string) =>
  seq(
    set(seq(oid('2.5.4.3'), utf8(common))),
    ...(inn ? [set(seq(oid('1.2.643.100.4'), tlv(0x12, Buffer.from(inn))))] : []),
  );
const certificate = (serial: number, subject: Buffer) =>
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

/** A GOST signature as crypto providers write it; its last bytes are of nobody's key. */
const gostSignature = (of: Buffer, change: { serial?: number; attributes?: Buffer[] } = {}) => {
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

describe('readDetachedSignature', () => {
  it('tells who signed for whom, in DER and in Base64', () => {
    for (const file of [der(detached), Buffer.from(detached)])
      expect(readDetachedSignature(file, document)).toMatchObject({
        signer: 'Примерова Анна Сергеевна',
        inns: ['5544332219'],
        algorithm: 'sha256',
        digest: 'matches',
        mathematics: 'checked',
      });
  });

  it('compares the digest of a GOST signature, and says that its mathematics was not checked', () => {
    expect(readDetachedSignature(gostSignature(document), document)).toEqual({
      signer: 'Иванов Иван',
      inns: ['5544332219'],
      validFrom: '2026-11-01',
      validTo: '2027-11-01',
      algorithm: 'streebog256',
      digest: 'matches',
      mathematics: 'not_checked',
    });
    const wrong = (file: Buffer) => () => readDetachedSignature(file, document);
    expect(wrong(gostSignature(Buffer.from('Другой')))).toThrow('другого документа');
    expect(wrong(gostSignature(document, { serial: 8 }))).toThrow('сертификата подписавшего');
    expect(wrong(gostSignature(document, { attributes: [] }))).toThrow('отпечатка документа');
  });

  it('refuses a signature that does not fit its certificate’s key', () => {
    const forged = der(detached);
    const last = forged.length - 1;
    forged.writeUInt8(forged.readUInt8(last) ^ 1, last);
    expect(() => readDetachedSignature(forged, document)).toThrow('ключом сертификата');
  });

  it('refuses a signature of another document, one with the document inside, and what is no signature', () => {
    expect(() => readDetachedSignature(der(detached), Buffer.from('Другой'))).toThrow('другого документа');
    expect(() => readDetachedSignature(der(attached), document)).toThrow('отсоединённая');
    for (const wrong of [Buffer.alloc(0), Buffer.from('подпись'), der(detached).subarray(0, 100)])
      expect(() => readDetachedSignature(wrong, document)).toThrow('не подпись CMS');
  });
});
