import { formatWireAddress, parseWireAddress } from './address';

describe('wire address', () => {
  it.each([
    ['tcp://10.0.0.5', { kind: 'tcp', host: '10.0.0.5', port: 5555 }, 'tcp://10.0.0.5:5555'],
    [
      'tcp://module-7.rack.local:9100/',
      { kind: 'tcp', host: 'module-7.rack.local', port: 9100 },
      'tcp://module-7.rack.local:9100',
    ],
    ['tcp://[fe80::1]:5555', { kind: 'tcp', host: 'fe80::1', port: 5555 }, 'tcp://[fe80::1]:5555'],
    [
      '/dev/serial/by-id/usb-ATOL_0001-if00',
      { kind: 'serial', path: '/dev/serial/by-id/usb-ATOL_0001-if00' },
      '/dev/serial/by-id/usb-ATOL_0001-if00',
    ],
    [
      'serial:/dev/ttyACM0?baud=57600',
      { kind: 'serial', path: '/dev/ttyACM0', baudRate: 57600 },
      '/dev/ttyACM0?baud=57600',
    ],
    ['serial:///dev/ttyS1', { kind: 'serial', path: '/dev/ttyS1' }, '/dev/ttyS1'],
  ])('%s', (text, address, canonical) => {
    expect(parseWireAddress(text)).toEqual(address);
    expect(formatWireAddress(parseWireAddress(text))).toBe(canonical);
  });

  it.each([
    '',
    'tcp://',
    'tcp://host:0',
    'tcp://host:70000',
    'http://host',
    'ttyACM0',
    '/dev/ttyACM0?baud=12345',
  ])('refuses %j', (text) => {
    expect(() => parseWireAddress(text)).toThrow(/CLIENT-WIRE-ADDRESS/);
  });
});
