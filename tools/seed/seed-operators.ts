import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '@kkt/config';
import { FarmError } from '@kkt/contracts';
import { OperatorStore, type Sql } from '@kkt/storage';
import { parse } from 'yaml';
import { z } from 'zod';

const directorySchema = z.array(
  z.object({
    inn: z.string().regex(/^(\d{10}|\d{12})$/),
    name: z.string().min(1).max(256),
    host: z.string().min(1),
    port: z.number().int().min(1).max(65_535),
    enabled: z.boolean(),
  }),
);

/** Puts the published operators and the reference one into the directory; what people changed there stays. */
export async function seedOperators(
  sql: Sql,
  settings: Settings<'tool'>,
  reference: { inn: string; name: string; receiptUrl: string },
): Promise<number> {
  const path = join(__dirname, '..', '..', 'hardware', 'models', 'operators.yaml');
  const published = directorySchema.safeParse(parse(await readFile(path, 'utf8')));
  if (!published.success) {
    const [issue] = published.error.issues;
    throw new FarmError('SYS-OPERATORS', `${path}: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const store = new OperatorStore(sql);
  const known = new Set((await store.list()).map(({ inn, host }) => `${inn}/${host}`));
  const fresh = published.data.filter(({ inn, host }) => !known.has(`${inn}/${host}`));
  for (const operator of fresh) {
    await store.save({ ...operator, receiptUrl: null, note: 'адрес не проверен' });
  }
  // The operator's port may have been moved since the last start.
  await sql.query(`update operators set port = $2 where inn = $1 and host = '127.0.0.1'`, [
    reference.inn,
    settings.ofdTcpPort,
  ]);
  await store.save({
    ...reference,
    host: '127.0.0.1',
    port: settings.ofdTcpPort,
    enabled: true,
    note: 'эталонный оператор этой фермы',
  });
  return fresh.length;
}
