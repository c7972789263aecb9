import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readModelList } from './model-list';

const models = resolve(__dirname, '../../../hardware/models');

describe('the list of model codes', () => {
  const list = readModelList(readFileSync(join(models, 'kkt-codes.yaml'), 'utf8'));

  it.each([
    [61, 'АТОЛ 30Ф', 'header'],
    [76, 'Казначей ФА', 'capture'],
    [77, 'АТОЛ 42ФС', 'bench'],
  ])('names model %i', (code, name, certainty) => {
    expect(list.of(code)).toMatchObject({ name, certainty });
  });

  it('does not name what nobody has seen', () => {
    expect(list.of(200)).toBeUndefined();
  });

  it('knows a model by its name and by the id of its data file, however they are spaced', () => {
    expect(list.named('АТОЛ 42ФС')?.code).toBe(77);
    expect(list.named('Атол  42фс ')?.code).toBe(77);
    expect(list.named('atol-42fs')?.code).toBe(77);
    expect(list.named('АТОЛ 55Ф')?.code).toBe(62);
    expect(list.named('cash desk')).toBeUndefined();
  });

  it('points to data files that are there', () => {
    const described = list.models.filter(({ description }) => description !== undefined);
    expect(described.length).toBeGreaterThan(0);
    for (const { code, description } of described) {
      const file = join(models, 'kkt', `${description}.yaml`);
      expect(existsSync(file) && readFileSync(file, 'utf8')).toContain(`code: ${code}`);
    }
  });

  it.each([
    ['- { code: 300, name: A, certainty: one }', '0.code'],
    ['- { code: 3, name: A, certainty: sure }', '0.certainty'],
  ])('names the field that is wrong: %s', (yaml, field) => {
    expect(() => readModelList(yaml)).toThrow(
      expect.objectContaining({
        code: 'SYS-MODEL-FILE',
        context: expect.objectContaining({ field }) as unknown,
      }),
    );
  });

  it('takes no code twice', () => {
    const line = '- { code: 3, name: A, certainty: one }\n';
    expect(() => readModelList(line + line)).toThrow('one code');
  });
});
