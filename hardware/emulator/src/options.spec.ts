import { join } from 'node:path';
import { MODELS_DIR } from './catalog/catalog';
import { parseOptions } from './options';

describe('the command line', () => {
  it('makes one assembly on mixed ports by default', () => {
    const options = parseOptions([]);
    expect(options.plan).toHaveLength(48);
    expect(options.plan.filter(({ carrier }) => carrier === 'pty')).toHaveLength(24);
    expect(options).toMatchObject({ tcpBasePort: 9100, controlPort: 8090, protocol: 'v3', memory: 'honest' });
    expect(options.pace.receiptMs).toBe(350);
  });

  it.each([
    [['--racks', '1'], 576],
    [['--assemblies', '2'], 96],
    [['--racks', '1', '--assemblies', '1'], 624],
    [['--modules', '5'], 5],
    [['--rack-file', join(MODELS_DIR, '../racks/demo.yaml')], 576],
  ])('%j makes %i modules', (argv, modules) => {
    expect(parseOptions(argv).plan).toHaveLength(modules);
  });

  it.each([
    ['instant', 0],
    ['realistic', 350],
    ['100', 100],
  ])('--pace %s: %i ms a receipt', (pace, receiptMs) => {
    expect(parseOptions(['--pace', pace]).pace.receiptMs).toBe(receiptMs);
  });

  it.each([
    [['--transport', 'usb']],
    [['--pace', 'fast']],
    [['--modules', 'x']],
    [['--series', '500']],
    [['--series', 'mine']],
    [['--nonsense']],
    [['--rack-file', '/nonexistent']],
  ])('refuses %j', (argv) => {
    expect(() => parseOptions(argv)).toThrow();
  });
});
