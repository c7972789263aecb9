import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clientFolder, formatted } from './format';
import { writeClient } from './write-client';

describe('the generated client', () => {
  it.each(Object.entries(writeClient()))('%s is what the OpenAPI document says now', async (name, text) => {
    expect(await readFile(join(clientFolder, name), 'utf8')).toBe(await formatted(text));
  });
});
