import type { LateRegister, OpenAlert } from '@kkt/storage';
import { UnsentWatch } from './unsent-watch';

const DAY_S = 86_400;

/** A month of one register, looked at every hour. */
class World {
  ageS = 0;
  readonly journal: string[] = [];
  readonly open = new Map<string, OpenAlert>();
  readonly watch = new UnsentWatch({
    operators: {
      late: (minAgeS) => Promise.resolve(this.ageS >= minAgeS ? [this.register()] : []),
    },
    alerts: {
      raise: (alert) => {
        this.journal.push(`day ${this.ageS / DAY_S}: raise ${alert.class} P${alert.severity}`);
        this.open.set(alert.class, { ...alert, objectId: String(alert.objectId) } as OpenAlert);
        return Promise.resolve();
      },
      close: (name) => {
        this.journal.push(`day ${this.ageS / DAY_S}: close ${name}`);
        this.open.delete(name);
        return Promise.resolve();
      },
      open: () => Promise.resolve([...this.open.values()]),
    },
  });

  private register(): LateRegister {
    return {
      registerId: 7,
      serial: '00106000000001',
      fnNumber: '9999000000000001',
      operatorName: 'ОФД',
      unsent: 5,
      ageS: this.ageS,
    };
  }

  async until(days: number): Promise<void> {
    for (; this.ageS <= days * DAY_S; this.ageS += 3_600) await this.watch.look();
  }
}

describe('the watch over unsent documents', () => {
  it('warns on days 1, 3, 20 and 29, once each, more and more urgently', async () => {
    const world = new World();
    await world.until(29.5);
    expect(world.journal).toEqual([
      'day 1: raise unsent_1d P3',
      'day 3: close unsent_1d',
      'day 3: raise unsent_3d P2',
      'day 20: close unsent_3d',
      'day 20: raise unsent_20d P2',
      'day 29: close unsent_20d',
      'day 29: raise unsent_29d P1',
    ]);
    expect([...world.open.values()][0]?.text).toContain('снята с приёма чеков');
  });

  it('is quiet again when the documents went out', async () => {
    const world = new World();
    await world.until(4);
    world.ageS = 0;
    await world.watch.look();
    expect([...world.open]).toEqual([]);
    expect(world.journal.at(-1)).toBe('day 0: close unsent_3d');
  });
});
