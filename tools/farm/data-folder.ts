import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { FarmError } from '@kkt/contracts';
import { wipePostgres } from '@kkt/embedded';
import { endLeftover } from './kept-process';

/** The folder of `npm start`: everything the farm keeps on this machine is below it. */
export class DataFolder {
  readonly path: string;
  readonly run: string;
  readonly logs: string;
  readonly postgres: string;
  readonly redis: string;
  /** Says that the folder was made by us, so that `--fresh` never empties one that was not. */
  private readonly marker: string;

  constructor(path: string) {
    this.path = resolve(path);
    this.run = join(this.path, 'run');
    this.logs = join(this.path, 'logs');
    this.postgres = join(this.path, 'postgres');
    this.redis = join(this.path, 'redis');
    this.marker = join(this.path, '.kkt-farm');
  }

  make(): void {
    const isNew = !existsSync(this.path);
    for (const folder of [this.path, this.run, this.logs]) mkdirSync(folder, { recursive: true });
    if (isNew || readdirSync(this.path).every((name) => name === 'run' || name === 'logs'))
      writeFileSync(this.marker, 'Data of KKT Farm; npm start -- --fresh deletes this folder.\n');
  }

  /** Ends the processes of a supervisor that was killed. The caller holds the run folder. */
  async endLeftovers(): Promise<string[]> {
    const records = readdirSync(this.run).filter(
      (name) => name.endsWith('.json') && !name.startsWith('owner'),
    );
    const ended = await Promise.all(
      records.map(async (name) =>
        (await endLeftover(join(this.run, name))) ? name.replace(/\.json$/, '') : '',
      ),
    );
    return ended.filter(Boolean);
  }

  /**
   * Deletes everything in the folder but the lock we hold.
   * @throws FarmError SYS-NOT-OUR-FOLDER when the folder was not made by us
   */
  async wipe(): Promise<void> {
    if (!existsSync(this.marker))
      throw new FarmError('SYS-NOT-OUR-FOLDER', `${this.path} was not made by KKT Farm: delete it yourself`, {
        path: this.path,
      });
    await wipePostgres(this.postgres);
    for (const name of readdirSync(this.path))
      if (name !== 'run' && name !== '.kkt-farm')
        rmSync(join(this.path, name), { recursive: true, force: true });
    this.make();
  }

  /** The farm's own key, made at the first start. */
  secretKey(): Buffer {
    const file = join(this.path, 'secret.key');
    if (!existsSync(file)) writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
    return Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
  }
}
