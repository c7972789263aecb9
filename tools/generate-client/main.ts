import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clientFolder, formatted } from './format';
import { writeClient } from './write-client';

/** Writes libs/api-client/src from the OpenAPI document: `node tools/run.mjs tools/generate-client`. */
async function main(): Promise<void> {
  for (const [name, text] of Object.entries(writeClient())) {
    await writeFile(join(clientFolder, name), await formatted(text));
    process.stdout.write(`libs/api-client/src/${name}\n`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
