import { FarmError } from '@kkt/contracts';
import type { CallbackPost } from '@kkt/callbacks';
import type { SimClock } from './clock';
import type { Dice } from './dice';
import type { SimProcess } from './process';

export type SinkMood = 'well' | 'error-500' | 'hangs' | 'no-connection' | 'slow';

interface Told {
  status: string;
  times: number;
}

/** Shops' addresses for results. */
export class CallbackSink {
  mood: () => SinkMood = () => 'well';
  /** By receipt id: what the shop took with a 2xx. */
  readonly told = new Map<string, Told>();
  /** Two calls that told different results of one receipt. */
  readonly contradictions: string[] = [];

  constructor(
    private readonly clock: SimClock,
    private readonly dice: Dice,
  ) {}

  postFrom(process: SimProcess): CallbackPost {
    return ({ body }) =>
      new Promise((resolve, reject) => {
        const mood = this.mood();
        const answer = (status: number, afterMs: number): void => {
          this.clock.setTimer(afterMs, () => process.enter(() => resolve({ status })));
        };
        const silence = (afterMs: number): void => {
          const error = new FarmError('WIRE-CALLBACK', 'нет ответа');
          this.clock.setTimer(afterMs, () => process.enter(() => reject(error)));
        };
        if (mood === 'no-connection') return silence(20);
        this.clock.setTimer(10, () => {
          if (mood === 'error-500') return answer(500, 10);
          if (mood === 'hangs') {
            if (this.dice.chance(0.5)) this.take(body);
            return silence(10_000);
          }
          this.take(body);
          answer(200, mood === 'slow' ? 8_000 : this.dice.int(5, 60));
        });
      });
  }

  private take(body: string): void {
    const { uuid, status } = JSON.parse(body) as { uuid: string; status: string };
    const told = this.told.get(uuid);
    if (told && told.status !== status) this.contradictions.push(uuid);
    this.told.set(uuid, { status, times: (told?.times ?? 0) + 1 });
  }
}
