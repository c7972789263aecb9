import { writeFile } from 'node:fs/promises';
import { receiptFieldsPage } from './page';

/** Writes the page into the file named: `npm run docs:fields`. */
async function main(): Promise<void> {
  const file = process.argv[2] ?? 'docs/reference/receipt-fields.md';
  await writeFile(file, receiptFieldsPage());
  process.stdout.write(`${file}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
