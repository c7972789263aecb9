import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

jest.setTimeout(60_000);

const repository = join(__dirname, '..');

describe('the build', () => {
  let tree: string;
  afterEach(() => rmSync(tree, { recursive: true, force: true }));
  beforeEach(() => {
    tree = mkdtempSync(join(tmpdir(), 'kkt-build-'));
    mkdirSync(join(tree, 'tools'));
    for (const name of readdirSync(__dirname).filter((file) => file.endsWith('.mjs')))
      cpSync(join(__dirname, name), join(tree, 'tools', name));
    for (const name of ['.swcrc', 'package.json', 'package-lock.json'])
      cpSync(join(repository, name), join(tree, name));
    symlinkSync(join(repository, 'node_modules'), join(tree, 'node_modules'));
    put('libs/words/src/index.ts', `export const word: string = 'receipt';`);
    put(
      'apps/door/src/main.ts',
      `import { word } from '@kkt/words';\nimport table from './table.json';\nconsole.log(word, table.size, process.argv[2]);`,
    );
    put('apps/door/src/table.json', '{"size":3}');
    put('apps/door/src/main.spec.ts', `it('is not built', () => undefined);`);
  });

  function put(path: string, text: string): void {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }

  function node(...args: string[]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: tree, encoding: 'utf8' });
    return { status, stdout, stderr };
  }

  const build = () => node('tools/build.mjs');
  const program = (...args: string[]) => node('tools/run.mjs', 'apps/door/src/main', ...args);

  it('makes programs that run by themselves, and leaves alone what has not changed', () => {
    expect(build()).toMatchObject({ status: 0, stdout: '' });
    expect(node('dist/apps/door/src/main.js', 'now').stdout).toBe('receipt 3 now\n');
    expect(existsSync(join(tree, 'dist/apps/door/src/main.spec.js'))).toBe(false);
    expect(build().stderr).toContain('built 0 files');

    utimesSync(join(tree, 'libs/words/src/index.ts'), new Date(), new Date());
    expect(build().stderr).toContain('built 0 files');
    put('libs/words/src/index.ts', `export const word: string = 'correction';`);
    expect(build().stderr).toContain('built 1 file ');
    expect(node('dist/apps/door/src/main.js', 'now').stdout).toBe('correction 3 now\n');
  });

  it('removes what lost its source, and makes anew what was deleted from dist', () => {
    build();
    rmSync(join(tree, 'apps/door/src/main.ts'));
    build();
    expect(existsSync(join(tree, 'dist/apps/door/src/main.js'))).toBe(false);
    rmSync(join(tree, 'dist'), { recursive: true });
    build();
    expect(existsSync(join(tree, 'dist/libs/words/src/index.js'))).toBe(true);
  });

  it('fails on a syntax error, names the file, and does not forget it', () => {
    put('apps/door/src/main.ts', 'const = 3;');
    for (let time = 0; time < 2; time++) {
      const { status, stderr } = build();
      expect(status).toBe(1);
      expect(stderr).toContain('apps/door/src/main.ts');
    }
  });

  it('runs a program with nothing but its own words on stdout, and its exit code', () => {
    expect(program('x')).toMatchObject({ status: 0, stdout: 'receipt 3 x\n' });
    put('apps/door/src/main.ts', `process.stdout.write('{}'); process.exitCode = 7;`);
    expect(program()).toMatchObject({ status: 7, stdout: '{}' });
    expect(node('tools/run.mjs', 'apps/none')).toMatchObject({ status: 66, stdout: '' });
  });
});
