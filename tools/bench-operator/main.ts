import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort, startPostgres } from '@kkt/embedded';
import { openDatabase } from '@kkt/storage';
import { fillDocuments } from './fill';
import { measureIntake } from './intake';
import { startOperator } from './operator-process';
import { measureRelay } from './relay';
import { measureSearches } from './searches';

const usage = `npm run bench:operator [-- options]
  --seconds N    how long the operator is fed (20)
  --kkts N       registers that send at once, each one document at a time (200)
  --documents N  documents in the operator's tables for the searches; 0: no searches (1000000)
  --no-intake, --no-relay   leave a part out

Figures go to stdout as one JSON object, progress to stderr. PostgreSQL runs with full durability.
`;

const tell = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '20' },
      kkts: { type: 'string', default: '200' },
      documents: { type: 'string', default: '1000000' },
      'no-intake': { type: 'boolean', default: false },
      'no-relay': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void process.stdout.write(usage);
  const dataDir = mkdtempSync(join(tmpdir(), 'kkt-bench-operator-'));
  const postgres = await startPostgres({
    dataDir: join(dataDir, 'postgres'),
    port: await freePort(),
    durability: 'full',
    maxConnections: 50,
  });
  const figures: Record<string, unknown> = {};
  try {
    const operator = await startOperator(postgres.url, dataDir);
    try {
      if (!values['no-intake']) {
        tell('feeding the operator…');
        figures.intake = await measureIntake(operator, {
          kkts: Number(values.kkts),
          seconds: Number(values.seconds),
        });
        tell(JSON.stringify(figures.intake));
      }
      const documents = Number(values.documents);
      if (documents > 0) {
        const database = openDatabase({ url: postgres.url, applicationName: 'bench', maxConnections: 2 });
        try {
          if (values['no-intake']) await measureIntake(operator, { kkts: 20, seconds: 2 });
          tell(`filling up to ${documents} documents…`);
          await fillDocuments(database, documents, tell);
          figures.searches = await measureSearches(operator, database, tell);
        } finally {
          await database.close();
        }
      }
    } finally {
      await operator.stop();
    }
    if (!values['no-relay']) {
      tell('relaying…');
      figures.relay = await measureRelay();
    }
  } finally {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
}

void main();
