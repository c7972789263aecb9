import { FarmError } from '@kkt/contracts';
import { type DeviceIdentity, type FnState, ModelList } from '@kkt/kkt-driver';
import type { AlertInput } from '@kkt/storage';
import type { DispatchPorts, LeasedRegister } from '../ports';
import { IdentityCheck } from './identity-check';
import { RegisterView } from './view';

const serial = '00106900000001';
const fnNumber = '9999078900000001';
const models = new ModelList([
  { code: 77, name: 'АТОЛ 42ФС', certainty: 'bench', description: 'atol-42fs' },
  { code: 62, name: 'АТОЛ 55Ф', certainty: 'header' },
]);

describe('Who is behind the port of a register', () => {
  let raised: AlertInput[];
  let closed: string[];

  /** `fn`: the number the FN tells; an error, how it refuses to. */
  const check = (seen: {
    serial?: string;
    fn: string | Error;
    state?: string;
    model?: string;
    modelCode?: number;
  }) => {
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
          modelCode: seen.modelCode ?? 77,
          modelName: 'АТОЛ',
        } as DeviceIdentity),
      fnState: () =>
        typeof fn === 'string' ? Promise.resolve({ fnNumber: fn } as FnState) : Promise.reject(fn),
    };
    const register = {
      registerId: 7,
      serial,
      fnNumber,
      state: seen.state ?? 'ready',
      model: seen.model ?? 'atol-42fs',
    };
    const view = new RegisterView(register as LeasedRegister);
    return new IdentityCheck({ alerts, models } as unknown as DispatchPorts, view, device).pass();
  };

  beforeEach(() => {
    raised = [];
    closed = [];
  });

  it('is let in when both numbers are those of the inventory; earlier alerts end', async () => {
    expect(await check({ fn: fnNumber })).toMatchObject({ serial, fnNumber });
    expect({ raised, closed }).toEqual({ raised: [], closed: ['wrong_module', 'wrong_model', 'wrong_fn'] });
  });

  it.each([
    ['another module', { serial: '00106900000002', fn: fnNumber }, 'wrong_module'],
    ['another FN', { fn: '9999078900000002' }, 'wrong_fn'],
  ] as const)('is kept out and told of: %s', async (_what, seen, alert) => {
    await expect(check(seen)).rejects.toMatchObject({ code: 'SYS-WRONG-DEVICE' });
    expect(raised.map((each) => each.class)).toEqual([alert]);
  });

  it('is kept out and told of: the right serial number on another model', async () => {
    await expect(check({ fn: fnNumber, modelCode: 62 })).rejects.toMatchObject({
      code: 'SYS-WRONG-MODEL',
      context: { serial, modelCode: 62, expected: 77 },
    });
    expect(raised).toMatchObject([
      { class: 'wrong_model', objectId: 7, facts: { modelCodeSeen: 62, modelExpected: 'АТОЛ 42ФС' } },
    ]);
    expect(closed).toEqual([]);
  });

  it('compares nothing with a word of the inventory that names no known model', async () => {
    expect(await check({ fn: fnNumber, model: 'касса у окна', modelCode: 62 })).toMatchObject({ serial });
    expect(raised).toEqual([]);
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
