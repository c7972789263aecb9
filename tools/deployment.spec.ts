import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { variables } from '@kkt/config';

/** What is deployed in containers must name processes and settings that exist: nobody runs these files in a test. */
const root = join(__dirname, '..');
const text = (path: string): string => readFileSync(join(root, 'docker', path), 'utf8');

interface Service {
  image: string;
  command?: string[];
  environment?: Record<string, string>;
}
const compose = parse(text('compose/compose.yaml'), { merge: true }) as { services: Record<string, Service> };
const ours = Object.values(compose.services).filter(({ image }) => image.includes('kkt-farm'));
const values = parse(text('helm/kkt-farm/values.yaml')) as {
  processes: Record<string, { port: number }>;
};

/** Processes that the image can run, and the program of each. */
const entries = new Map<string, string>();
for (const [, names, entry] of text('images/entrypoint.sh').matchAll(/^ {2}([a-z| -]+)\) entry="([^"]+)"/gm))
  for (const name of (names ?? '').split('|').map((one) => one.trim()))
    entries.set(name, (entry ?? '').replace('$1', name));

const isSetting = (name: string): boolean =>
  name in variables || (name.endsWith('_FILE') && name.slice(0, -'_FILE'.length) in variables);

describe('the deployment files', () => {
  it('run programs that exist', () => {
    expect(entries.size).toBeGreaterThan(8);
    for (const entry of entries.values())
      expect([entry, existsSync(join(root, `${entry}.ts`))]).toEqual([entry, true]);
  });

  it('run every process of a farm, and only what the image knows', () => {
    const commands = ours.map(({ command }) => command?.[0] ?? '');
    for (const command of commands) expect([command, entries.has(command)]).toEqual([command, true]);
    const needed = [
      'receipt-api',
      'hardware-driver',
      'ofd-relay',
      'worker',
      'rental-cabinet',
      'admin-console',
    ];
    expect(commands).toEqual(expect.arrayContaining(needed));
    expect([...Object.keys(values.processes), 'hardware-driver'].sort()).toEqual([...needed].sort());
  });

  it('set only variables that exist', () => {
    const inCompose = ours.flatMap(({ environment }) => Object.keys(environment ?? {}));
    const inHelm = ['templates/_helpers.tpl', 'templates/drivers.yaml', 'templates/migrate.yaml'].flatMap(
      (file) =>
        [...text(`helm/kkt-farm/${file}`).matchAll(/\{ name: ([A-Z_]+),/g)].map(([, name]) => name ?? ''),
    );
    expect(inHelm).toContain('DRIVER_ID');
    expect([...inCompose, ...inHelm].filter((name) => !isSetting(name))).toEqual([]);
  });

  it('look for health at the port each process listens on', () => {
    const ports: Record<string, number> = {
      'receipt-api': Number(variables.RECEIPT_API_PORT.standard),
      'ofd-relay': Number(variables.RELAY_PORT.standard),
      worker: Number(variables.WORKER_PORT.standard),
      'rental-cabinet': Number(variables.CABINET_PORT.standard),
      'admin-console': Number(variables.CONSOLE_PORT.standard),
    };
    expect(
      Object.fromEntries(Object.entries(values.processes).map(([name, { port }]) => [name, port])),
    ).toEqual(ports);
  });
});
