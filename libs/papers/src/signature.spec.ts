import { gostSignature } from '@kkt/testing';
import { readDetachedSignature } from './index';

/** Made by `openssl cms -sign` over the word below, with a certificate that names a company's INN (1.2.643.100.4). */
const document = Buffer.from('Договор');
const detached =
  'MIID7gYJKoZIhvcNAQcCoIID3zCCA9sCAQExDTALBglghkgBZQMEAgEwCwYJKoZIhvcNAQcBoIIB3DCCAdgwggF9AhQi0S6DgMVy/vY5FY4PBVPMzvNTFjAKBggqhkjOPQQDAjBuMTcwNQYDVQQDDC7Qn9GA0LjQvNC10YDQvtCy0LAg0JDQvdC90LAg0KHQtdGA0LPQtdC10LLQvdCwMRwwGgYDVQQKDBPQntCe0J4g0J/RgNC40LzQtdGAMRUwEwYFKoUDZAQMCjU1NDQzMzIyMTkwHhcNMjYxMTI3MTE0MDQ0WhcNMzYxMTI0MTE0MDQ0WjBuMTcwNQYDVQQDDC7Qn9GA0LjQvNC10YDQvtCy0LAg0JDQvdC90LAg0KHQtdGA0LPQtdC10LLQvdCwMRwwGgYDVQQKDBPQntCe0J4g0J/RgNC40LzQtdGAMRUwEwYFKoUDZAQMCjU1NDQzMzIyMTkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQBnrTFahklni2mDxmRmTo8aYSsJQpE9vGEFE09ea/qww05B7jk7Tu/XitHwJc2ursLoKXBECqDuseBHk2zc8QeMAoGCCqGSM49BAMCA0kAMEYCIQDw9KG7Cte0INIWsnLm6jGQcQTpoF+p1CW13IyeKprj4QIhAPcqRHrhkruiyJk7niL1x7+5bVTeu/y86r9B4ZdCtzcOMYIB2DCCAdQCAQEwgYYwbjE3MDUGA1UEAwwu0J/RgNC40LzQtdGA0L7QstCwINCQ0L3QvdCwINCh0LXRgNCz0LXQtdCy0L3QsDEcMBoGA1UECgwT0J7QntCeINCf0YDQuNC80LXRgDEVMBMGBSqFA2QEDAo1NTQ0MzMyMjE5AhQi0S6DgMVy/vY5FY4PBVPMzvNTFjALBglghkgBZQMEAgGggeQwGAYJKoZIhvcNAQkDMQsGCSqGSIb3DQEHATAcBgkqhkiG9w0BCQUxDxcNMjYxMTI3MTE0MDQ0WjAvBgkqhkiG9w0BCQQxIgQgWMh9KWtBnsCA3Pkpvn50Mh5Y2wdrraVNP/hPsDMdGNUweQYJKoZIhvcNAQkPMWwwajALBglghkgBZQMEASowCwYJYIZIAWUDBAEWMAsGCWCGSAFlAwQBAjAKBggqhkiG9w0DBzAOBggqhkiG9w0DAgICAIAwDQYIKoZIhvcNAwICAUAwBwYFKw4DAgcwDQYIKoZIhvcNAwICASgwCgYIKoZIzj0EAwIERjBEAiBNQXb70pmgMXCrUHmMby1HDRqH5lQhCMEG5DrJ775pEQIgC0trVREPwBgTGHdAbkoFAzyh/WDNYirKhSnrTyHlVfE=';
const attached =
  'MIIEAgYJKoZIhvcNAQcCoIID8zCCA+8CAQExDTALBglghkgBZQMEAgEwHQYJKoZIhvcNAQcBoBAEDtCU0L7Qs9C+0LLQvtGAoIIB3DCCAdgwggF9AhQi0S6DgMVy/vY5FY4PBVPMzvNTFjAKBggqhkjOPQQDAjBuMTcwNQYDVQQDDC7Qn9GA0LjQvNC10YDQvtCy0LAg0JDQvdC90LAg0KHQtdGA0LPQtdC10LLQvdCwMRwwGgYDVQQKDBPQntCe0J4g0J/RgNC40LzQtdGAMRUwEwYFKoUDZAQMCjU1NDQzMzIyMTkwHhcNMjYxMTI3MTE0MDQ0WhcNMzYxMTI0MTE0MDQ0WjBuMTcwNQYDVQQDDC7Qn9GA0LjQvNC10YDQvtCy0LAg0JDQvdC90LAg0KHQtdGA0LPQtdC10LLQvdCwMRwwGgYDVQQKDBPQntCe0J4g0J/RgNC40LzQtdGAMRUwEwYFKoUDZAQMCjU1NDQzMzIyMTkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQBnrTFahklni2mDxmRmTo8aYSsJQpE9vGEFE09ea/qww05B7jk7Tu/XitHwJc2ursLoKXBECqDuseBHk2zc8QeMAoGCCqGSM49BAMCA0kAMEYCIQDw9KG7Cte0INIWsnLm6jGQcQTpoF+p1CW13IyeKprj4QIhAPcqRHrhkruiyJk7niL1x7+5bVTeu/y86r9B4ZdCtzcOMYIB2jCCAdYCAQEwgYYwbjE3MDUGA1UEAwwu0J/RgNC40LzQtdGA0L7QstCwINCQ0L3QvdCwINCh0LXRgNCz0LXQtdCy0L3QsDEcMBoGA1UECgwT0J7QntCeINCf0YDQuNC80LXRgDEVMBMGBSqFA2QEDAo1NTQ0MzMyMjE5AhQi0S6DgMVy/vY5FY4PBVPMzvNTFjALBglghkgBZQMEAgGggeQwGAYJKoZIhvcNAQkDMQsGCSqGSIb3DQEHATAcBgkqhkiG9w0BCQUxDxcNMjYxMTI3MTE0MDQ0WjAvBgkqhkiG9w0BCQQxIgQgWMh9KWtBnsCA3Pkpvn50Mh5Y2wdrraVNP/hPsDMdGNUweQYJKoZIhvcNAQkPMWwwajALBglghkgBZQMEASowCwYJYIZIAWUDBAEWMAsGCWCGSAFlAwQBAjAKBggqhkiG9w0DBzAOBggqhkiG9w0DAgICAIAwDQYIKoZIhvcNAwICAUAwBwYFKw4DAgcwDQYIKoZIhvcNAwICASgwCgYIKoZIzj0EAwIESDBGAiEAunrVWHq3dtWPwate1M/XGVwNU34ijqdLM7eirrLLhpkCIQC/o+uunvWD67vp6TiB2gZmdQiJ1VoktIrSVDoOWbIUGg==';

const der = (text: string) => Buffer.from(text, 'base64');

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
