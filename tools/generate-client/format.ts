import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawn } from 'node:child_process';

/** The repository, from the sources or from dist. */
export const repository = __dirname.includes(`${join('dist', 'tools')}`)
  ? join(__dirname, '..', '..', '..')
  : join(__dirname, '..', '..');

export const clientFolder = join(repository, 'libs', 'api-client', 'src');

/** The text as the project formats its code. */
export async function formatted(text: string): Promise<string> {
  const options = await readFile(join(repository, '.prettierrc.json'), 'utf8');
  const prettier = join(repository, 'node_modules', 'prettier', 'bin', 'prettier.cjs');
  return new Promise((done, fail) => {
    const { singleQuote, trailingComma, printWidth } = JSON.parse(options) as {
      singleQuote: boolean;
      trailingComma: string;
      printWidth: number;
    };
    const child = spawn(process.execPath, [
      prettier,
      '--parser=typescript',
      ...(singleQuote ? ['--single-quote'] : []),
      `--trailing-comma=${trailingComma}`,
      `--print-width=${printWidth}`,
    ]);
    let output = '';
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.once('error', fail);
    child.once('close', (code) => (code === 0 ? done(output) : fail(new Error(complaint))));
    child.stdin.end(text);
  });
}
