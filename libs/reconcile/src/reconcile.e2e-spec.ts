import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Shop, TestFarm } from '@kkt/testing';

jest.setTimeout(240_000);

const tool = resolve(__dirname, '..', '..', '..', 'dist', 'tools', 'reconcile.js');

interface Ended {
  code: number | null;
  summary: Record<string, number>;
  stdout: string;
  stderr: string;
}

interface Register {
  id: number;
  serial: string;
  fn: string;
}

describe('npm run reconcile on a running farm', () => {
  let farm: TestFarm;
  let shop: Shop;
  let folder: string;
  let registers: Register[];

  const run = (...args: string[]): Promise<Ended> =>
    new Promise((done) => {
      const child = spawn(process.execPath, [tool, ...args], {
        env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...farm.env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
      child.once('close', (code) => {
        const stdout = Buffer.concat(out).toString();
        const pairs = stdout
          .trim()
          .split(' ')
          .map((pair) => pair.split('='));
        const summary = Object.fromEntries(pairs.map(([name, value]) => [name ?? '', Number(value)]));
        done({ code, summary, stdout, stderr: Buffer.concat(err).toString() });
      });
    });

  const findings = () =>
    farm.database.query<{ serial: string; fd: number; kind: string; form: number; state: string }>(
      `select k.serial, f.fd_number as fd, f.kind, f.form, f.state from findings f
       join registers k on k.id = f.register_id order by k.id, f.fd_number, f.kind`,
    );

  /** Everything that was sold is in the FN, in the database and at the operator. */
  const settled = () =>
    farm.until('all documents are confirmed', 60_000, async () => {
      const [row] = await farm.database.query<{ open: number }>(
        `select (select count(*) from documents where confirmed_at is null)::int
              + (select count(*) from receipts where state <> 'done')::int as open`,
      );
      return row?.open === 0;
    });

  const sell = async (name: string, count: number) => {
    for (let n = 0; n < count; n += 1) {
      const sold = await shop.sell({
        externalId: `${name}-${n}`,
        group: n % 2 ? 'demo-v5' : 'demo-v4',
        priceRub: 10 + n,
      });
      expect(sold.status).toBe(200);
    }
    await settled();
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kkt-reconcile-'));
    farm = await TestFarm.start({ modules: 4, pace: '30' });
    shop = await Shop.open(farm);
    registers = await farm.database.query<Register>(
      `select id, serial, fn_number as fn from registers where state = 'ready' order by id`,
    );
    await sell('first', 40);
  });

  afterAll(async () => {
    await farm?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('finds nothing on a farm that is well, and accounts for every document', async () => {
    const ended = await run();
    expect(ended.stderr).not.toContain('not read');
    expect(ended.code).toBe(0);
    const [count] = await farm.database.query<{ documents: number }>(
      'select count(*)::int as documents from documents',
    );
    expect(ended.summary).toMatchObject({
      registers: registers.length,
      documents: count?.documents,
      findings: 0,
      not_read: 0,
    });
    expect(ended.stdout).toMatch(/^registers=\d+ documents=\d+ findings=0 not_read=0 seconds=[\d.]+\n$/);
    // Nothing of the readings is kept, and all is proven.
    const [left] = await farm.database.query<{ reads: number; proven: number }>(
      `select (select count(*) from archive_reads)::int as reads,
              (select sum(up_to_fd) from reconciled_drives)::int as proven`,
    );
    expect(left).toEqual({ reads: 0, proven: count?.documents });
  });

  it('finds nothing while receipts are being made', async () => {
    const selling = sell('meanwhile', 60);
    const ended = await run();
    await selling;
    expect(ended.stderr).toContain('ok');
    expect({ code: ended.code, findings: ended.summary.findings }).toEqual({ code: 0, findings: 0 });
  });

  it('reads only what is new when asked so, and one register when asked so', async () => {
    await sell('later', 10);
    await run();
    expect((await run('--new')).summary).toMatchObject({ documents: 0, findings: 0 });
    const one = await run('--register', registers[0]?.serial ?? '');
    expect(one.summary).toMatchObject({ registers: 1, findings: 0 });
    expect(one.summary.documents).toBeGreaterThan(0);
    expect((await run('--register', 'nobody')).code).toBe(64);
  });

  it('finds a foreign document, a row that is gone here and one that is gone there, each by its name', async () => {
    const [foreign, lostHere, lostThere] = [...registers, ...registers];
    if (!foreign || !lostHere || !lostThere) throw new Error('no registers');
    const before = (await farm.fnDocuments(foreign.serial)).length;
    await farm.emulator(`/modules/${foreign.serial}/faults`, {
      method: 'POST',
      body: JSON.stringify({ name: 'foreignHost', does: 'document' }),
    });
    await farm.until(
      'the foreign document',
      5_000,
      async () => (await farm.fnDocuments(foreign.serial)).length > before,
    );
    const made = (await farm.fnDocuments(foreign.serial)).slice(before);
    const [here] = await farm.database.query<{ fd: number }>(
      `delete from documents where (fn_number, fd_number) =
         (select fn_number, max(fd_number) - 1 from documents where fn_number = $1 group by 1) returning fd_number as fd`,
      [lostHere.fn],
    );
    const [there] = await farm.database.query<{ fd: number }>(
      `select min(fd_number) + 1 as fd from ofd.documents where fn_number = $1`,
      [lostThere.fn],
    );
    for (const table of ['tax_deliveries', 'items', 'documents'])
      await farm.database.query(`delete from ofd.${table} where fn_number = $1 and fd_number = $2`, [
        lostThere.fn,
        there?.fd,
      ]);

    const csv = join(folder, 'found.csv');
    const ended = await run('--csv', csv);
    expect(ended.code).toBe(1);
    const expected = [
      ...made.map(({ fd, form }) => ({ serial: foreign.serial, fd, kind: 'missing_in_database', form })),
      { serial: lostHere.serial, fd: here?.fd, kind: 'missing_in_database' },
      { serial: lostThere.serial, fd: there?.fd, kind: 'confirmed_though_operator_lacks' },
    ];
    const found = await findings();
    expect(found).toHaveLength(expected.length);
    expect(found).toEqual(
      expect.arrayContaining(
        expected.map((each) => expect.objectContaining({ ...each, state: 'open' }) as object),
      ),
    );
    expect(made.map(({ form }) => form)).toContain(3);
    expect(ended.summary).toMatchObject({ findings: expected.length, not_read: 0 });

    const lines = readFileSync(csv, 'utf8').trimEnd().split('\r\n');
    expect(lines[0]).toBe('serial,fn,fd,to_fd,kind,form,details,action,state,found_at');
    expect(lines).toHaveLength(expected.length + 1);
    expect((await run('--last', '--csv', csv)).stdout).toBe(ended.stdout);

    const alerts = await farm.database.query<{ id: string; severity: number }>(
      `select object_id as id, severity from alerts where class = 'receipt_missing_in_database' and closed_at is null
       order by 1`,
    );
    const alerted = new Set([foreign.id, lostHere.id]);
    expect(alerts.map(({ id }) => id).sort()).toEqual([...alerted].map(String).sort());
    expect(alerts.every(({ severity }) => severity === 1)).toBe(true);
  });

  it('has put nothing right by itself, and finds the same again', async () => {
    const before = await findings();
    const ended = await run();
    expect(ended.code).toBe(1);
    expect(await findings()).toEqual(before);
  });

  it('says of a register that is offline that it was not read', async () => {
    const silent = registers.at(-1);
    if (!silent) throw new Error('no registers');
    await farm.emulator(`/modules/${silent.serial}/unplug`, { method: 'POST', body: '{}' });
    const ended = await run('--register', silent.serial, '--timeout-s', '4');
    expect(ended.code).toBe(1);
    expect(ended.summary.not_read).toBe(1);
    expect(ended.stderr).toContain('no_answer_from_register');
    await farm.emulator(`/modules/${silent.serial}/replug`, { method: 'POST', body: '{}' });
    // The wish waits for the register to come back.
    const back = await run('--register', silent.serial, '--timeout-s', '60');
    expect(back.summary.not_read).toBe(0);
  });

  it('is served by the next driver when a driver is killed meanwhile', async () => {
    const running = run('--timeout-s', '60');
    await new Promise((go) => setTimeout(go, 700));
    await farm.part('hardware-driver').kill('SIGKILL');
    await farm.part('hardware-driver').start();
    expect((await running).summary.not_read).toBe(0);
  });

  it('ends with 2 when the farm does not answer', async () => {
    await farm.part('hardware-driver').kill('SIGTERM');
    const ended = await run();
    expect(ended).toMatchObject({ code: 2, stdout: '' });
  });
});
