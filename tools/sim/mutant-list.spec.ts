import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { mutants } from './mutant-list';

const root = resolve(__dirname, '..', '..');

describe('the guards that are taken out', () => {
  it('each have a test of their own where another guard hides them from the simulation', () => {
    const hidden = mutants.filter(({ secondWall }) => secondWall !== undefined);
    expect(hidden.length).toBeGreaterThan(0);
    for (const { name, test } of hidden) {
      const path = join(root, test?.file ?? name);
      expect({
        name,
        isThere: existsSync(path) && readFileSync(path, 'utf8').includes(test?.title ?? name),
      }).toEqual({
        name,
        isThere: true,
      });
    }
  });
});
