import { FarmError, systemClock } from '@kkt/contracts';
import { Authority } from '../../../../hardware/payment-emulator/src';
import { connectionOf } from '../test/requests';
import { PaypalCertificates } from './certificates';
import type { AskProvider } from './http';

const live = connectionOf('paypal', {});
const test = connectionOf('paypal', {}, { mode: 'test' });
const path = '/v1/notifications/certs/CERT-1';
const authority = new Authority();

const serving = (pem: string, asked: string[] = []) => {
  const ask: AskProvider = (request) => {
    asked.push(`${request.host}${request.path}`);
    const isRoot = request.path === '/emulated-authority.pem';
    return Promise.resolve({ status: 200, text: isRoot ? authority.rootPem : pem });
  };
  return new PaypalCertificates({ ask, clock: systemClock, isEmulated: true });
};

describe('the certificate’s address', () => {
  it.each([
    ['http', `http://api.paypal.com${path}`],
    ['another host', `https://api.paypal.com.example.org${path}`],
    ['a name before', `https://api.paypal.com@example.org${path}`],
    ['a password', `https://user:x@api.paypal.com${path}`],
    ['another port', `https://api.paypal.com:8443${path}`],
    ['another path', 'https://api.paypal.com/v1/payments/certs/CERT-1'],
    ['a path upwards', 'https://api.paypal.com/v1/notifications/certs/../../x'],
    ['an escaped path', 'https://api.paypal.com/v1/notifications/certs/%2e%2e%2fx'],
    ['a query', `https://api.paypal.com${path}?x=1`],
    ['an anchor', `https://api.paypal.com${path}#x`],
    ['the sandbox for a live connection', `https://api.sandbox.paypal.com${path}`],
    ['no address', 'certificate'],
    ['a file', 'file:///etc/passwd'],
  ])('is never asked when it is %s', async (_what, address) => {
    const asked: string[] = [];
    await expect(serving(authority.leafPem(), asked).get(address, live)).rejects.toThrow(
      'CLIENT-CERTIFICATE',
    );
    expect(asked).toEqual([]);
  });

  it('is asked once while it is kept', async () => {
    const asked: string[] = [];
    const certificates = serving(authority.leafPem(), asked);
    const first = await certificates.get(`https://api.paypal.com${path}`, live);
    expect(await certificates.get(`https://api.paypal.com${path}`, live)).toBe(first);
    expect(asked).toEqual([`paypal${path}`, 'paypal/emulated-authority.pem']);
    await certificates.get(`https://api.sandbox.paypal.com${path}`, test);
    expect(asked).toContain(`paypal-test${path}`);
  });
});

describe('a certificate', () => {
  const day = 86_400_000;
  const stranger = new Authority('Emulated Authority');
  const middle = new Authority('Middle');

  it.each([
    ['of another authority with the same name', stranger.leafPem()],
    ['of somebody else', authority.leafPem({ subject: 'www.example.org' })],
    [
      'whose name only contains PayPal’s',
      authority.leafPem({ subject: 'messageverificationcerts.paypal.com.example.org' }),
    ],
    [
      'that is over',
      authority.leafPem({ from: new Date(Date.now() - 9 * day), to: new Date(Date.now() - day) }),
    ],
    [
      'that is not yet',
      authority.leafPem({ from: new Date(Date.now() + day), to: new Date(Date.now() + 9 * day) }),
    ],
    ['over an authority that is not given', middle.leafPem()],
    ['that is none', 'nothing'],
    ['that is broken', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
    ['over a leaf that is no authority', `${middle.leafPem()}${authority.leafPem({ subject: 'Middle' })}`],
  ])('%s is not PayPal’s', async (_what, pem) => {
    const refused = serving(pem).get(`https://api.paypal.com${path}`, live);
    await expect(refused).rejects.toThrow('CLIENT-CERTIFICATE');
  });

  it('is not decided when PayPal gives none', async () => {
    const ask = (): Promise<never> => Promise.reject(new FarmError('WIRE-PROVIDER', 'No answer'));
    const certificates = new PaypalCertificates({ ask, clock: systemClock });
    await expect(certificates.get(`https://api.paypal.com${path}`, live)).rejects.toThrow('WIRE-PROVIDER');
  });

  it('of an emulated authority is nothing without the emulator', async () => {
    const ask: AskProvider = () => Promise.resolve({ status: 200, text: authority.leafPem() });
    const certificates = new PaypalCertificates({ ask, clock: systemClock });
    await expect(certificates.get(`https://api.paypal.com${path}`, live)).rejects.toThrow(
      'trusted authority',
    );
  });
});
