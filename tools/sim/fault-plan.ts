import type { SimFarm } from './farm';
import type { FaultKind } from './fault-kind';
import { faultKinds } from './fault-kinds';

/** The faults of one run: which, when, where, all drawn from the seed. */
export class FaultPlan {
  readonly happened: string[] = [];
  private readonly kinds: FaultKind[];
  private readonly undo: (() => void)[] = [];
  private isOver = false;

  constructor(
    private readonly farm: SimFarm,
    names: readonly string[],
    private readonly maxFaults: number,
  ) {
    this.kinds = faultKinds.filter(({ name }) => names.includes(name));
  }

  begin(spanMs: number): void {
    const { farm, kinds } = this;
    if (kinds.length === 0) return;
    const dice = farm.dice.fork();
    const count = dice.int(1, this.maxFaults);
    for (let n = 0; n < count; n += 1) {
      const kind = dice.pick(kinds);
      const own = dice.fork();
      farm.clock.setTimer(own.next() * spanMs * 0.95, () => {
        if (this.isOver) return;
        this.happened.push(`${Math.round(farm.clock.monotonicMs())} ${kind.numbers.join(',')} ${kind.name}`);
        farm.events.add('fault', kind.name);
        const undo = kind.strike(farm, own);
        if (undo) this.undo.push(undo);
      });
    }
  }

  /** Takes back what is still in force and lets nothing new happen. */
  end(): void {
    this.isOver = true;
    for (const undo of this.undo) undo();
  }
}
