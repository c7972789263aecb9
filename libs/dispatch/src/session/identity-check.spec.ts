import { FarmError } from '@kkt/contracts';
import type { DeviceIdentity, FnState } from '@kkt/kkt-driver';
import type { AlertInput } from '@kkt/storage';
import type { DispatchPorts, LeasedRegister } from '../ports';
import { IdentityCheck } from './identity-check';
import { RegisterView } from './view';

const serial = '00106900000001';
const fnNumber = '9999078900000001';

describe('Who is behind the port of a register', () => {
  let raised: AlertInput[];
  let closed: string[];

  /** `fn`: the number the FN tells; an error, how it refuses to. */
  const check = (seen: { serial?: string; fn: string | Error; state?: string; register?: object }) => {
    const alerts = {
      raise: (alert: AlertInput) => Promise.resolve(void raised.push(alert)),
      close: (alertClass: string) => Promise.resolve(void closed.push(alertClass)),
    };
    const { fn } = seen;
    const device = {
      identity: () =>
        Promise.resolve({
          serial: seen.serial ?? serial,
          fnNumber: typeof fn === 'string' ? fn : '',
        } as DeviceIdentity),
      fnState: () =>
        typeof fn === 'string' ? Promise.resolve({ fnNumber: fn } as FnState) : Promise.reject(fn),
    };
    const register = { registerId: 7, serial, fnNumber, state: seen.state ?? 'ready' };
    const view = new RegisterView(register as LeasedRegister);
    return new IdentityCheck({ alerts } as unknown as DispatchPorts, view, device).pass();
  };

  beforeEach(() => {
    raised = [];
    closed = [];
  });

  it('is let in when both numbers are those of the inventory; earlier alerts end', async () => {
    expect(await check({ fn: fnNumber })).toMatchObject({ serial, fnNumber });
    expect({ raised, closed }).toEqual({ raised: [], closed: ['wrong_module', 'wrong_fn'] });
  });

  it.each([
    ['another module', { serial: '00106900000002', fn: fnNumber }, 'wrong_module'],
    ['another FN', { fn: '9999078900000002' }, 'wrong_fn'],
  ] as const)('is kept out and told of: %s', async (_what, seen, alert) => {
    await expect(check(seen)).rejects.toMatchObject({ code: 'SYS-WRONG-DEVICE' });
    expect(raised.map((each) => each.class)).toEqual([alert]);
  });

  it.each(['DEVICE-FN-FAULT', 'DEVICE-FN-LINK'] as const)(
    'is kept out by the cause the module names when its FN tells no number: %s',
    async (code) => {
      await expect(check({ fn: new FarmError(code, 'refused') })).rejects.toMatchObject({ code });
      expect({ raised, closed }).toEqual({ raised: [], closed: [] });
    },
  );

  it('leaves an empty slot and another FN to the workflow of a swap', async () => {
    const error = new FarmError('DEVICE-FN-LINK', 'refused');
    expect(await check({ fn: error, state: 'swap' })).toMatchObject({ fnNumber: '' });
    expect(await check({ fn: '9999078900000002', state: 'swap' })).toMatchObject({
      fnNumber: '9999078900000002',
    });
    expect(raised).toEqual([]);
  });
});
