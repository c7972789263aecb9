import {
  encodeV2Control,
  encodeV2Frame,
  stepV2,
  V2_IDLE,
  V2Parser,
  type V2Effect,
  type V2Input,
  type V2State,
} from '@kkt/atol-protocol';
import type { Clock, Timer } from '@kkt/contracts';
import type { FaultBox } from '../faults/fault-box';
import { spoil } from '../faults/line-faults';
import type { HostLink, HostSession } from './host-link';
import { OutPipe } from './out-pipe';

export interface V2Owner {
  readonly clock: Clock;
  readonly faults: FaultBox;
  readonly isBusy: boolean;
  /** Executes a task; `undefined` = the answer is lost. */
  executeDirect(task: Buffer, done: (answer: Buffer | undefined) => void): void;
  released(session: HostSession): void;
}

/** One host on transport v2: one command at a time, no task buffer. */
export class SessionV2 implements HostSession {
  private readonly parser = new V2Parser();
  private readonly pipe: OutPipe;
  private state: V2State = V2_IDLE;
  private timer: Timer | undefined;

  constructor(
    private readonly owner: V2Owner,
    link: HostLink,
  ) {
    this.pipe = new OutPipe(link, owner.clock, owner.faults);
  }

  receive(bytes: Buffer): void {
    if (this.owner.faults.isHanging) return;
    for (const event of this.parser.push(spoil(this.owner.faults, bytes, 'in'))) {
      if (event.type === 'control' && event.control === 'enq' && this.isBusy()) {
        this.pipe.send(encodeV2Control('nak'));
      } else if (event.type !== 'discarded') this.step(event);
    }
  }

  closed(): void {
    this.timer?.cancel();
    this.pipe.close();
    this.owner.released(this);
  }

  private isBusy(): boolean {
    if (this.state.at !== 'idle') return false;
    return this.owner.isBusy || this.owner.faults.take('busy') !== undefined;
  }

  private step(input: V2Input): void {
    const next = stepV2('device', this.state, input);
    if (!next) return;
    this.state = next.state;
    for (const effect of next.effects) this.apply(effect);
  }

  private apply(effect: V2Effect): void {
    switch (effect.type) {
      case 'sendControl':
        return this.pipe.send(encodeV2Control(effect.control));
      case 'sendFrame':
        return this.pipe.send(encodeV2Frame(effect.payload));
      case 'wait':
        this.timer?.cancel();
        this.timer = this.owner.clock.setTimer(effect.ms, () => {
          this.parser.reset();
          this.step({ type: 'silence' });
        });
        return;
      case 'stopWaiting':
        this.timer?.cancel();
        return;
      case 'deliver':
        return this.owner.executeDirect(effect.data, (answer) => {
          if (answer) this.step({ type: 'send', payload: answer });
          else this.state = V2_IDLE;
        });
      case 'delivered':
      case 'failed':
        return;
    }
  }
}
