import type { Random } from '@kkt/contracts';
import { faultSpecSchema, type Fault, type FaultName, type FaultSpec } from './fault-spec';

export interface ActiveFault {
  id: number;
  fault: Fault;
  /** How often it still happens; undefined = until removed. */
  left: number | undefined;
  /** How often it happened. */
  fired: number;
}

type OfName<N extends FaultName> = Extract<Fault, { name: N }>;

/** Names that happen once unless told otherwise. */
const ONCE: ReadonlySet<FaultName> = new Set([
  'loseAnswerBeforeCommit',
  'loseAnswerAfterCommit',
  'staleReply',
  'powerOff',
  'unplug',
  'foreignHost',
]);

/** A hang at a point happens once; one without a point is in force until it is removed. */
const isOnce = (fault: Fault): boolean =>
  ONCE.has(fault.name) || (fault.name === 'hang' && fault.at !== 'idle');

/** The faults of one module that are waiting or in force. */
export class FaultBox {
  private active: ActiveFault[] = [];
  private lastId = 0;

  constructor(private readonly random: Random) {}

  add(spec: FaultSpec): ActiveFault {
    const fault = faultSpecSchema.parse(spec);
    const times = 'times' in fault ? fault.times : undefined;
    this.lastId += 1;
    const added = { id: this.lastId, fault, left: times ?? (isOnce(fault) ? 1 : undefined), fired: 0 };
    this.active.push(added);
    return added;
  }

  remove(id: number): ActiveFault | undefined {
    const found = this.active.find((entry) => entry.id === id);
    this.active = this.active.filter((entry) => entry !== found);
    return found;
  }

  list(): readonly ActiveFault[] {
    return this.active;
  }

  get isEmpty(): boolean {
    return this.active.length === 0;
  }

  find<N extends FaultName>(name: N): OfName<N> | undefined {
    return this.active.find((entry) => entry.fault.name === name)?.fault as OfName<N> | undefined;
  }

  /** Takes one happening of a fault; undefined when none of this name (and condition) is waiting. */
  take<N extends FaultName>(name: N, when?: (fault: OfName<N>) => boolean): OfName<N> | undefined {
    const entry = this.active.find(
      ({ fault }) => fault.name === name && (when === undefined || when(fault as OfName<N>)),
    );
    if (!entry) return undefined;
    entry.fired += 1;
    if (entry.left !== undefined) {
      entry.left -= 1;
      if (entry.left === 0) this.active = this.active.filter((other) => other !== entry);
    }
    return entry.fault as OfName<N>;
  }

  /** The module is deaf and dumb now; a hang that waits for its point does not count. */
  get isHanging(): boolean {
    return this.active.some(({ fault }) => fault.name === 'hang' && fault.at === 'idle');
  }

  chance(rate: number): boolean {
    return rate > 0 && this.random.next() < rate;
  }

  randomByte(): number {
    return Math.floor(this.random.next() * 256);
  }
}
