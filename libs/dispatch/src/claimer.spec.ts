import { silentLog } from '@kkt/contracts';
import { Claimer } from './claimer';
import type { Assignment, ClaimSlot, DispatchPorts } from './ports';
import type { RegisterSession } from './session/session';

const group = 7;

/** A free register that keeps what it was given. */
class FreeRegister {
  readonly given: string[] = [];
  reserved = false;
  readonly groupId = group;
  readonly sleeping = false;
  readonly register: { registerId: number; fence: string };
  readonly view = { fnNumber: '9999078900000001', lastFd: 0, documentsLeft: 1_000 };

  constructor(registerId: number) {
    this.register = { registerId, fence: '1' };
  }

  get available(): boolean {
    return !this.reserved && this.given.length === 0;
  }

  assign({ receiptId }: Assignment): void {
    this.reserved = false;
    this.given.push(receiptId);
  }

  unreserve(): void {
    this.reserved = false;
  }

  wakeUp(): void {}
}

/** A queue in a database: a claim sees what was there when it was sent, its answer comes when the test says so. */
class Queue {
  readonly waiting: string[] = [];
  readonly answers: (() => void)[] = [];
  claims = 0;

  claim = (_owner: string, slots: readonly ClaimSlot[]): Promise<Assignment[]> => {
    this.claims += 1;
    const given = slots.flatMap(({ registerId }): Assignment[] => {
      const receiptId = this.waiting.shift();
      return receiptId === undefined ? [] : [{ registerId, receiptId } as Assignment];
    });
    return new Promise((resolve) => this.answers.push(() => resolve(given)));
  };

  groupsWaiting = (ids: readonly number[]): Promise<number[]> =>
    Promise.resolve(this.waiting.length > 0 ? [...ids] : []);

  explainWaiting = (): Promise<void> => Promise.resolve();
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function world(registers: number): { queue: Queue; claimer: Claimer; free: FreeRegister[] } {
  const queue = new Queue();
  const free = Array.from({ length: registers }, (_, n) => new FreeRegister(n + 1));
  const ports = { store: queue, owner: 'driver', log: silentLog } as unknown as DispatchPorts;
  return { queue, free, claimer: new Claimer(ports, () => free as unknown as RegisterSession[]) };
}

const givenOf = (free: readonly FreeRegister[]): string[] => free.flatMap(({ given }) => given).sort();

test('a receipt that comes while a claim is under way is claimed by the next one, not by the next sweep', async () => {
  const { queue, claimer, free } = world(3);
  queue.waiting.push('a');
  claimer.heat(group);
  await turn();
  expect(queue.claims).toBe(1);
  // Committed after the claim had looked; its wake-up comes before the claim's answer.
  queue.waiting.push('b');
  claimer.heat(group);
  queue.answers.shift()?.();
  await turn();
  expect(queue.claims).toBe(2);
  queue.answers.shift()?.();
  await turn();
  expect(givenOf(free)).toEqual(['a', 'b']);
});

test('so is one that a sweep finds while a claim is under way', async () => {
  const { queue, claimer, free } = world(3);
  queue.waiting.push('a');
  claimer.heat(group);
  await turn();
  queue.waiting.push('b');
  await claimer.sweep();
  queue.answers.shift()?.();
  await turn();
  queue.answers.shift()?.();
  await turn();
  expect(givenOf(free)).toEqual(['a', 'b']);
});

test('a group whose claim was not filled is left alone until it is woken again', async () => {
  const { queue, claimer } = world(3);
  queue.waiting.push('a');
  claimer.heat(group);
  await turn();
  queue.answers.shift()?.();
  await turn();
  claimer.kick();
  await turn();
  expect(queue.claims).toBe(1);
  claimer.heat(group);
  await turn();
  expect(queue.claims).toBe(2);
});

test('a group stays hot while its claims come back full', async () => {
  const { queue, claimer, free } = world(1);
  queue.waiting.push('a', 'b');
  claimer.heat(group);
  await turn();
  queue.answers.shift()?.();
  await turn();
  expect(givenOf(free)).toEqual(['a']);
  // The register has made it and is free.
  free[0]?.given.splice(0);
  claimer.kick();
  await turn();
  queue.answers.shift()?.();
  await turn();
  expect(givenOf(free)).toEqual(['b']);
});
