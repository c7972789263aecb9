import { readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { loadSettings } from '@kkt/config';
import { FarmError } from '@kkt/contracts';
import {
  exportInventory,
  importInventory,
  type InventoryFile,
  parseInventory,
  renderInventory,
  usualInventory,
} from '@kkt/inventory';
import { openDatabase, type Sql } from '@kkt/storage';

const usage = `npm run inventory -- import FILE            take the hall in FILE into the database, all or nothing
npm run inventory -- export FILE [DC]       write a data centre (the only one, or DC) to FILE; - is the terminal
npm run inventory -- example FILE RACKS [filled]   write the usual hall with so many racks; filled: with 576 modules in each
`;

const EXIT = { ok: 0, refused: 1, usage: 64 } as const;

async function onlyCentre(sql: Sql): Promise<string> {
  const rows = await sql.query<{ code: string }>('select code from data_centres order by code');
  if (rows.length === 1 && rows[0]) return rows[0].code;
  throw new FarmError(
    'CLIENT-INVENTORY',
    rows.length === 0
      ? 'The database has no data centre yet'
      : `Say which: ${rows.map(({ code }) => code).join(', ')}`,
  );
}

/** Modules whose ports nobody opens: to see a large hall on the screens. */
function filled(file: InventoryFile): InventoryFile {
  let index = 0;
  return {
    ...file,
    racks: file.racks.map((rack) => ({
      ...rack,
      assemblies: rack.assemblies.map((assembly) => ({
        ...assembly,
        modules: Array.from({ length: 48 }, (_, slot) => {
          index += 1;
          return {
            slot: slot + 1,
            serial: String(206_000_000_000 + index).padStart(14, '0'),
            model: 'atol-42fs',
            driver: 'unattended',
            transport: { kind: 'tcp' as const, host: '127.0.0.1', port: 1 + (index % 65_000) },
          };
        }),
      })),
    })),
  };
}

async function main([verb, path, third, fourth]: string[]): Promise<number> {
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const write = (file: InventoryFile): void => {
    const text = renderInventory(file);
    if (path === '-') process.stdout.write(text);
    else writeFileSync(path ?? '', text);
  };
  if (!path || !['import', 'export', 'example'].includes(verb ?? '')) {
    process.stderr.write(usage);
    return EXIT.usage;
  }
  if (verb === 'example') {
    const racks = Number(third);
    if (!Number.isInteger(racks) || racks < 1 || racks > 1_000) {
      process.stderr.write(usage);
      return EXIT.usage;
    }
    const file = usualInventory(
      'dc-example',
      Array.from({ length: racks }, (_, index) => String(index + 1)),
    );
    write(fourth === 'filled' ? filled(file) : file);
    return EXIT.ok;
  }
  const settings = loadSettings('tool');
  const database = openDatabase({
    url: settings.databaseUrl,
    applicationName: 'inventory',
    maxConnections: 1,
    statementTimeoutMs: 120_000,
  });
  try {
    if (verb === 'export') {
      write(await exportInventory(database, third ?? (await onlyCentre(database))));
      return EXIT.ok;
    }
    const { added, changed, unchanged } = await importInventory(
      database,
      parseInventory(readFileSync(path, 'utf8')),
      { name: userInfo().username },
    );
    say(`added ${added}, changed ${changed}, unchanged ${unchanged}`);
    return EXIT.ok;
  } catch (error) {
    const isExpected = error instanceof FarmError || (error as NodeJS.ErrnoException).code !== undefined;
    process.stderr.write(`${isExpected ? (error as Error).message : (error as Error).stack}\n`);
    return EXIT.refused;
  } finally {
    await database.close();
  }
}

void main(process.argv.slice(2)).then((code) => (process.exitCode = code));
