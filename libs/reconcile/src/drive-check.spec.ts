import { FarmError } from '@kkt/contracts';
import type { DatabaseRecord, DriveInScope } from '@kkt/storage';
import { VirtualClock } from '@kkt/testing';
import type { ArchiveAnswer, ArchiveWish } from './archive-desk';
import { checkDrive, defaultDriveCheckSettings } from './drive-check';
import type { FnFacts, OperatorFacts } from './facts';
import { Gate } from './gate';

const drive: DriveInScope = {
  registerId: 7,
  serial: '00106000000001',
  fnNumber: '9999000000000001',
  isInstalled: true,
  ofdInn: '7799999997',
  provenUpTo: 0,
};

const facts = (fdNumber: number) => ({
  fdNumber,
  form: 3,
  fiscalSign: fdNumber,
  totalKop: 100,
  at: '2026-11-23T11:59:00',
});

/** Three places that change while they are read. */
class World {
  readonly clock = new VirtualClock();
  readonly fn = new Map<number, FnFacts>();
  readonly database = new Map<number, DatabaseRecord>();
  readonly operator = new Map<number, OperatorFacts>();
  readonly wishes: [fromFd: number, toFd: number | null][] = [];
  readonly abort = new AbortController();
  /** Why the FN is not read, by the wish's place in their order. */
  refuses: (wish: number) => string | undefined = () => undefined;
  operatorFault: Error | undefined;
  /** Called before each look at the FN. */
  meanwhile: (look: number) => void = () => undefined;

  constructor(count: number) {
    for (let fd = 1; fd <= count; fd += 1) this.make(fd);
  }

  make(fd: number): void {
    this.fn.set(fd, { ...facts(fd), delivered: true });
    this.database.set(fd, { ...facts(fd), confirmed: true, receiptId: null });
    this.operator.set(fd, facts(fd));
  }

  async check(over: Partial<DriveInScope> = {}, fromFd = 1) {
    const settled = checkDrive({ ...drive, ...over }, fromFd, {
      clock: this.clock,
      store: {
        documents: (_, from, limit) =>
          Promise.resolve(
            [...this.database.values()]
              .filter(({ fdNumber }) => fdNumber >= from)
              .sort((a, b) => a.fdNumber - b.fdNumber)
              .slice(0, limit),
          ),
      },
      desk: { read: (wish) => Promise.resolve(this.read(wish)) },
      operatorOf: (inn) =>
        inn === drive.ofdInn
          ? {
              documents: (_, from) =>
                this.operatorFault
                  ? Promise.reject(this.operatorFault)
                  : Promise.resolve([...this.operator.values()].filter(({ fdNumber }) => fdNumber >= from)),
            }
          : undefined,
      gate: new Gate(1),
      settings: defaultDriveCheckSettings,
      signal: this.abort.signal,
    });
    let isSettled = false;
    void settled.then(
      () => (isSettled = true),
      () => (isSettled = true),
    );
    for (let n = 0; n < 20 && !isSettled; n += 1) await this.clock.advance(1_000);
    return settled;
  }

  private read({ fromFd, toFd }: ArchiveWish): ArchiveAnswer {
    this.wishes.push([fromFd, toFd]);
    this.meanwhile(this.wishes.length);
    const reason = this.refuses(this.wishes.length);
    if (reason) return { isRead: false, reason };
    const records = [...this.fn].filter(([fd]) => fd >= fromFd && fd <= (toFd ?? fd));
    return {
      isRead: true,
      lastFd: Math.max(0, ...this.fn.keys()),
      take: () => Promise.resolve(new Map(records)),
    };
  }
}

const kinds = ({ differences }: { differences: readonly { kind: string; fdNumber: number }[] }) =>
  differences.map(({ kind, fdNumber }) => `${kind} ${fdNumber}`);

describe('checking one FN', () => {
  it('reads once what is the same everywhere', async () => {
    const world = new World(30);
    expect(await world.check()).toEqual({ differences: [], documents: 30, provenUpTo: 30, fromFd: 1 });
    expect(world.wishes).toEqual([[1, null]]);
  });

  it('lets settle what was under way', async () => {
    const world = new World(30);
    world.fn.set(31, { ...facts(31), delivered: false });
    world.operator.set(31, facts(31));
    world.meanwhile = (look) => look === 2 && world.make(31);
    expect(await world.check()).toEqual({ differences: [], documents: 31, provenUpTo: 31, fromFd: 1 });
    expect(world.wishes).toEqual([
      [1, null],
      [31, 31],
    ]);
  });

  it('accuses nobody of what appears in a later look only', async () => {
    const world = new World(30);
    world.database.delete(4);
    // A busy register: there is always one document that is not everywhere yet.
    world.meanwhile = (look) => {
      world.make(29 + look);
      world.operator.set(30 + look, facts(30 + look));
    };
    expect(kinds(await world.check())).toEqual(['missing_in_database 4']);
  });

  it('looks again a few times and keeps what persists, reading only around it', async () => {
    const world = new World(300);
    for (const fd of [5, 8, 200]) world.database.delete(fd);
    expect(kinds(await world.check())).toEqual([
      'missing_in_database 5',
      'missing_in_database 8',
      'missing_in_database 200',
    ]);
    const again = [
      [5, 8],
      [200, 200],
    ];
    expect(world.wishes).toEqual([[1, null], ...again, ...again, ...again]);
    expect(world.clock.monotonicMs()).toBeGreaterThanOrEqual(9_000);
  });

  it('compares the rest and says why, when the FN is not read', async () => {
    const world = new World(30);
    world.operator.delete(7);
    world.refuses = () => 'no_answer_from_register';
    const verdict = await world.check();
    expect(kinds(verdict)).toEqual(['confirmed_though_operator_lacks 7']);
    expect(verdict).toMatchObject({ notRead: 'no_answer_from_register', provenUpTo: 0 });
  });

  it('takes back what the FN said when it cannot be asked again', async () => {
    const world = new World(30);
    world.fn.set(31, { ...facts(31), delivered: false });
    world.refuses = (wish) => (wish > 1 ? 'DEVICE-FN-FAULT' : undefined);
    expect(await world.check()).toMatchObject({ differences: [], notRead: 'DEVICE-FN-FAULT' });
  });

  it('says so when the operator does not answer or is not known', async () => {
    const world = new World(30);
    world.operatorFault = new FarmError('OFD-SILENT', 'no answer');
    expect(await world.check()).toMatchObject({ differences: [], notRead: 'OFD-SILENT', provenUpTo: 0 });
    const verdict = await new World(30).check({ ofdInn: '7700000000' });
    expect(verdict).toMatchObject({ differences: [], notRead: 'no_client_for_operator' });
  });

  it('does not ask the register for an FN that has left it', async () => {
    const world = new World(30);
    expect(await world.check({ isInstalled: false })).toMatchObject({ differences: [], provenUpTo: 30 });
    expect(world.wishes).toEqual([]);
  });

  it('begins where it is told, or where an FN ends that has lost what was proven of it', async () => {
    const world = new World(30);
    world.database.delete(4);
    expect(await world.check({}, 21)).toMatchObject({ differences: [], documents: 10, fromFd: 21 });
    for (const fd of [28, 29, 30]) world.fn.delete(fd);
    const verdict = await world.check({}, 31);
    expect(kinds(verdict)).toEqual(['missing_in_fn 28', 'missing_in_fn 29', 'missing_in_fn 30']);
    expect(verdict).toMatchObject({ fromFd: 28, provenUpTo: 27 });
  });

  it('ends when it is told to', async () => {
    const world = new World(30);
    world.database.delete(4);
    world.meanwhile = () => world.abort.abort(new FarmError('SYS-STOPPED', 'stop'));
    await expect(world.check()).rejects.toThrow('stop');
  });
});
