import { byWear, daysApart, planWear, type Wear } from './wear';

const perDay = 1000;

/** Plays a group: of each day's receipts some come one by one, so that dispatch has a choice; the rest keeps all busy. */
function endDays(left: readonly number[], choice: number, isPlanned: boolean): number[] {
  const drives: Wear[] = left.map((documentsLeft, at) => ({
    registerId: at + 1,
    groupId: 1,
    lastFd: 100_000 - documentsLeft,
    documentsLeft,
  }));
  const load = new Map(drives.map(({ registerId }) => [registerId, perDay]));
  const ends = new Map<number, number>();
  for (let day = 1; ends.size < drives.length && day < 2000; day++) {
    const alive = drives.filter(({ registerId }) => !ends.has(registerId));
    const plan = planWear(alive, isPlanned ? load : new Map());
    const total = perDay * left.length;
    // A register whose FN has ended gets a new one and keeps its part of the load.
    const share = alive.length / left.length;
    for (const drive of alive) use(drive, (total * (1 - choice)) / left.length);
    for (let part = 0; part < 50; part++) {
      const [first] = byWear(alive, () => plan);
      if (first) use(first, (total * choice * share) / 50);
    }
    for (const drive of alive) if ((drive.documentsLeft ?? 0) <= 0) ends.set(drive.registerId, day);
  }
  return [...ends.values()].sort((a, b) => a - b);
}

function use(drive: Wear, documents: number): void {
  drive.documentsLeft = (drive.documentsLeft ?? 0) - documents;
  drive.lastFd += documents;
}

const gaps = (ends: readonly number[]) => ends.slice(1).map((end, at) => end - (ends[at] as number));

describe('wear levelling', () => {
  it('lets FNs that began together end apart', () => {
    const apart = endDays([200_000, 200_000, 200_000, 200_000], 0.3, true);
    for (const gap of gaps(apart)) expect(gap).toBeGreaterThanOrEqual(daysApart / 2);
    expect(gaps(endDays([200_000, 200_000, 200_000, 200_000], 0.3, false)).every((gap) => gap <= 1)).toBe(
      true,
    );
  });

  it('spreads FNs that happen to end in one week', () => {
    const apart = endDays([150_000, 151_000, 153_000], 0.5, true);
    for (const gap of gaps(apart)) expect(gap).toBeGreaterThanOrEqual(daysApart / 2);
  });

  it('uses all alike without a forecast, the least used first', () => {
    const free = [
      { registerId: 1, groupId: 1, lastFd: 500, documentsLeft: 100 },
      { registerId: 2, groupId: 1, lastFd: 100, documentsLeft: 500 },
      { registerId: 3, groupId: 1, lastFd: 50, documentsLeft: undefined },
      { registerId: 4, groupId: 1, lastFd: 20, documentsLeft: undefined },
    ];
    expect(
      byWear(free.slice(0, 2), () => planWear(free, new Map())).map(({ registerId }) => registerId),
    ).toEqual([2, 1]);
    expect(
      byWear(free.slice(2), () => planWear(free, new Map())).map(({ registerId }) => registerId),
    ).toEqual([4, 3]);
  });
});
