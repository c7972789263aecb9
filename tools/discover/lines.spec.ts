import { FarmError } from '@kkt/contracts';
import type { Discovered } from '@kkt/kkt-driver';
import { linesOf } from './lines';

const found = (modelCode: number, more: Partial<Discovered> = {}): Discovered => ({
  address: { kind: 'tcp', host: '10.0.0.5', port: 5555 },
  protocol: 'v3',
  identity: { modelCode, modelName: 'АТОЛ', firmware: '5.8.1', serial: '00106', fnNumber: '9999' },
  ...more,
});

describe('what is said of an address', () => {
  it('names a model, how it is known and whether it was tried', () => {
    const model = { code: 61, name: 'АТОЛ 30Ф', certainty: 'header' as const };
    const text = linesOf('tcp://10.0.0.5:5555', found(61, { model })).join('\n');
    expect(text).toContain('serial 00106');
    expect(text).toContain('model 61 АТОЛ 30Ф, known by the driver’s header alone; without a data file');
  });

  it('names the code of a model that is not known, and the way out', () => {
    expect(linesOf('tcp://10.0.0.5:5555', found(200)).join('\n')).toMatch(
      /unknown model code 200: .*kkt-models\.md/,
    );
  });

  it('says why nobody was found and what was tried', () => {
    const reason = new FarmError('WIRE-NO-DEVICE', 'Nobody answers in a known protocol');
    expect(linesOf('/dev/ttyACM0', { reason, baudRates: [115200, 9600] })).toEqual([
      '/dev/ttyACM0: nobody (Nobody answers in a known protocol (WIRE-NO-DEVICE)); speeds tried: 115200, 9600',
    ]);
  });
});
