import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planModules, readRack } from '../rack/plan';
import { placeOf } from '../rack/place';
import { loadCatalog, MODELS_DIR } from './catalog';

describe('model files', () => {
  it('of the repository are right', () => {
    const catalog = loadCatalog();
    expect(catalog.kkt('atol-42fs')).toMatchObject({ code: 77, ffd: [2, 3, 4], serialDigits: 14 });
    expect(catalog.fnModels.map(({ id, months, keyDays }) => [id, months, keyDays])).toEqual([
      ['fn-1.1-15', 15, 470],
      ['fn-1.2-13', 13, 410],
      ['fn-1.2-15', 15, 470],
      ['fn-1.2-36', 36, 1110],
    ]);
    expect(() => catalog.fn('fn-9')).toThrow('SYS-MODEL-UNKNOWN');
  });

  describe('of somebody else', () => {
    let dir: string;
    beforeEach(() => {
      dir = mkdtempSync(join(tmpdir(), 'kkt-models-'));
      cpSync(MODELS_DIR, dir, { recursive: true });
    });
    afterEach(() => rmSync(dir, { recursive: true }));
    const edit = (file: string, from: string, to: string): void => {
      const path = join(dir, file);
      writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
    };

    it.each([
      ['fn/fn-1.2-15.yaml', 'keyDays: 470', 'keyDays: many', 'keyDays'],
      ['fn/fn-1.2-15.yaml', 'keyDays: 470', 'keyDay: 470', 'keyDay'],
      ['kkt/atol-42fs.yaml', 'code: 77', 'code: 777', 'code'],
      ['kkt/atol-42fs.yaml', 'bootMs: 1500', '', 'bootMs'],
    ])('%s: a wrong field is named', (file, from, to, field) => {
      edit(file, from, to);
      try {
        loadCatalog(dir);
        throw new Error('was taken');
      } catch (error) {
        expect(error).toMatchObject({ code: 'SYS-MODEL-FILE' });
        const { context } = error as { context: { field?: string; problem?: string; file?: string } };
        expect(context.file).toContain(file);
        expect(`${context.field} ${context.problem}`).toContain(field);
      }
    });

    it('may not have one id twice', () => {
      edit('fn/fn-1.2-15.yaml', 'id: fn-1.2-15', 'id: fn-1.2-13');
      expect(() => loadCatalog(dir)).toThrow('one id');
    });
  });
});

describe('racks', () => {
  it('hold twelve assemblies of 48', () => {
    expect(placeOf(0, 'dc1')).toEqual({ dc: 'dc1', rack: 1, assembly: 1, slot: 1 });
    expect(placeOf(47, 'dc1')).toEqual({ dc: 'dc1', rack: 1, assembly: 1, slot: 48 });
    expect(placeOf(48, 'dc1')).toEqual({ dc: 'dc1', rack: 1, assembly: 2, slot: 1 });
    expect(placeOf(575, 'dc1')).toEqual({ dc: 'dc1', rack: 1, assembly: 12, slot: 48 });
    expect(placeOf(576, 'dc1')).toEqual({ dc: 'dc1', rack: 2, assembly: 1, slot: 1 });
  });

  it('are planned slot by slot, every second module on a serial line when mixed', () => {
    expect(planModules(3, 'mixed').map(({ carrier }) => carrier)).toEqual(['tcp', 'pty', 'tcp']);
  });

  it('can be described in a file', () => {
    const plan = readRack(join(MODELS_DIR, '../racks/demo.yaml'));
    expect(plan).toHaveLength(576);
    expect(plan[0]?.place).toEqual({ dc: 'dc1', rack: 1, assembly: 1, slot: 1 });
    expect(plan.at(-1)?.place).toEqual({ dc: 'dc1', rack: 1, assembly: 12, slot: 48 });
    expect(new Set(plan.map(({ fnModel }) => fnModel)).size).toBeGreaterThan(1);
  });
});
