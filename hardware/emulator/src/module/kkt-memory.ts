import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What the KKT itself keeps without power. */
export interface KktData {
  /** Device clock against the host's, beyond the zone of the place. */
  clockOffsetMs: number;
  /** Cells of tables by `table/row/field`, hex. */
  cells: Record<string, string>;
  cashInKop: number;
  cashOutKop: number;
  cashIns: number;
  cashOuts: number;
  cancelled: number;
}

export interface KktMemory {
  load(): KktData;
  save(data: KktData): void;
}

export const factoryData = (): KktData => ({
  clockOffsetMs: 0,
  cells: {},
  cashInKop: 0,
  cashOutKop: 0,
  cashIns: 0,
  cashOuts: 0,
  cancelled: 0,
});

export const ramKktMemory = (): KktMemory => {
  let kept = factoryData();
  return { load: () => structuredClone(kept), save: (data) => (kept = structuredClone(data)) };
};

/** One JSON file, replaced whole. */
export const fileKktMemory = (path: string): KktMemory => ({
  load() {
    try {
      return { ...factoryData(), ...(JSON.parse(readFileSync(path, 'utf8')) as Partial<KktData>) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return factoryData();
      throw error;
    }
  },
  save(data) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, JSON.stringify(data));
    renameSync(`${path}.new`, path);
  },
});
