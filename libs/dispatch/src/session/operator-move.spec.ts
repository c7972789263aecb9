import { silentLog } from '@kkt/contracts';
import type { FiscalDevice, OfdQueueState } from '@kkt/kkt-driver';
import { seededRandom, VirtualClock } from '@kkt/testing';
import { defaultDispatchSettings } from '../settings';
import type { DispatchPorts, LeasedRegister } from '../ports';
import type { OfdPump } from './ofd-pump';
import { OperatorMover } from './operator-move';
import { RegisterView } from './view';

/** One register that moves, with an FN and rows in memory. */
class World {
  readonly log: string[] = [];
  readonly view: RegisterView;
  readonly pump = { unsent: 0 };
  fnUnsent = 0;
  forms = new Map<number, number>();
  canSwitch = true;
  reportFails: Error | undefined;

  constructor(state: 'draining' | 'registering' = 'draining', fdBefore: number | null = null) {
    this.view = new RegisterView({
      registerId: 1,
      serial: 's',
      state: 'ready',
      group: { id: 1 },
      operatorChange: { id: '5', state, fdBefore, toInn: '7709364346', toName: 'Другой' },
    } as unknown as LeasedRegister);
    this.view.lastFd = 10;
    this.view.shift = { open: false } as RegisterView['shift'];
  }

  /** A process that starts anew knows the row and the FN only. */
  mover(): OperatorMover {
    const clock = new VirtualClock();
    const ports = {
      clock,
      random: seededRandom(1),
      log: silentLog,
      settings: defaultDispatchSettings,
      operators: {
        switchOver: (id: string, _fn: string, fd: number) => {
          if (this.canSwitch) this.log.push(`switch ${id} after ${fd}`);
          return Promise.resolve(this.canSwitch);
        },
        changeDone: (id: string) => Promise.resolve(void this.log.push(`done ${id}`)),
        noteChange: (_: string, note: string) => Promise.resolve(void this.log.push(`note ${note}`)),
      },
    } as unknown as DispatchPorts;
    const device = {
      ofdQueue: () => Promise.resolve({ unsent: this.fnUnsent, firstFdNumber: 0 } as OfdQueueState),
      document: (fd: number) =>
        Promise.resolve(this.forms.has(fd) ? { form: this.forms.get(fd) } : undefined),
    } as unknown as FiscalDevice;
    const steps = {
      closeShift: () => {
        this.log.push('close shift');
        this.view.shift = { open: false } as RegisterView['shift'];
        this.view.lastFd += 1;
        this.fnUnsent += 1;
        this.pump.unsent += 1;
        return Promise.resolve();
      },
      report: () => {
        if (this.reportFails) return Promise.reject(this.reportFails);
        this.log.push('report');
        this.view.lastFd += 1;
        this.forms.set(this.view.lastFd, 11);
        return Promise.resolve();
      },
    };
    return new OperatorMover(
      ports,
      this.view,
      device,
      this.pump as OfdPump,
      steps,
      new AbortController().signal,
    );
  }
}

describe('a register that moves to another operator', () => {
  it('takes no receipts, closes its shift, delivers what waits, then reports and is back', async () => {
    const world = new World();
    world.view.shift = { open: true } as RegisterView['shift'];
    const mover = world.mover();
    expect(world.view.obstacle({ clock: new VirtualClock(), settings: defaultDispatchSettings })).toBe(
      'operator_change',
    );
    expect(await mover.step()).toBe(true);
    expect(await mover.step()).toBe(false);
    expect(world.log).toEqual(['close shift']);
    world.pump.unsent = 0;
    // The FN knows of one more than the pump.
    expect(await mover.step()).toBe(false);
    expect(world.pump.unsent).toBe(1);
    world.pump.unsent = 0;
    world.fnUnsent = 0;
    while (await mover.step());
    expect(world.log).toEqual(['close shift', 'switch 5 after 11', 'report', 'done 5']);
    expect(world.view.register.operatorChange).toBeNull();
  });

  it('waits while a row still says that a message is under way', async () => {
    const world = new World();
    world.canSwitch = false;
    expect(await world.mover().step()).toBe(false);
    expect(world.log).toEqual([]);
  });

  it('finds its report in the FN after a crash, and makes no second one', async () => {
    const world = new World('registering', 10);
    world.view.lastFd = 11;
    world.forms.set(11, 11);
    await world.mover().step();
    expect(world.log).toEqual(['done 5']);
  });

  it('makes the report when the crash came before it', async () => {
    const world = new World('registering', 10);
    await world.mover().step();
    expect(world.log).toEqual(['report', 'done 5']);
  });

  it('is not done while the report fails', async () => {
    const world = new World('registering', 10);
    world.reportFails = new Error('line broke');
    await expect(world.mover().step()).rejects.toThrow('line broke');
    expect(world.log).toEqual([]);
    world.reportFails = undefined;
    await world.mover().step();
    expect(world.log).toEqual(['report', 'done 5']);
  });
});
