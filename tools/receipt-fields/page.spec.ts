import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { receiptFields } from '@kkt/domain';
import { receiptFieldsPage } from './page';

const file = join(__dirname, '../../docs/reference/receipt-fields.md');

describe('the page of receipt fields', () => {
  it('is what the field table says now', async () => {
    expect(await readFile(file, 'utf8')).toBe(receiptFieldsPage());
  });

  it('has a row for every row of the table, each with as many cells as the heading', () => {
    const rows = receiptFieldsPage().split('\n');
    const fieldRows = rows.filter((row) => /^\| `[a-z_]/.test(row) && row.split(' | ').length > 5);
    expect(fieldRows.length).toBeGreaterThanOrEqual(receiptFields.length);
    for (const row of fieldRows) expect(row.split(/(?<!\\)\|/).length).toBe(11);
  });
});
