import { mkdirSync, mkdtempSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeBinaries, findBinaries } from './postgres-binaries';

describe('PostgreSQL from npm', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kkt-pg-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** As npm unpacks it with install scripts switched off: no links, no execute bits. */
  function unpacked(name: string): string {
    const native = join(folder, name);
    mkdirSync(join(native, 'bin'), { recursive: true });
    mkdirSync(join(native, 'lib'));
    for (const program of ['initdb', 'postgres'])
      writeFileSync(join(native, 'bin', program), '', { mode: 0o644 });
    writeFileSync(join(native, 'lib', 'libpq.so.5.18'), '');
    const source = 'native/lib/libpq.so.5.18';
    writeFileSync(
      join(native, 'pg-symlinks.json'),
      JSON.stringify(['native/lib/libpq.so', 'native/lib/libpq.so.5'].map((target) => ({ source, target }))),
    );
    return native;
  }

  it.each(['native', 'postgresql-18.4.0'])(
    'gets its links and execute bits in %s, as often as asked',
    (name) => {
      const native = unpacked(name);
      for (let time = 0; time < 2; time++) {
        expect(completeBinaries(native)).toBe(true);
        expect(readlinkSync(join(native, 'lib', 'libpq.so'))).toBe('libpq.so.5.18');
        expect(readlinkSync(join(native, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
        expect(statSync(join(native, 'bin', 'postgres')).mode & 0o111).toBe(0o111);
      }
    },
  );

  it('is found for this machine, complete', () => {
    expect(findBinaries()).toMatchObject({
      complete: true,
      version: expect.stringMatching(/^18\./) as string,
    });
  });
});
