import { median } from './row';

/** What a stretch of a soak looked like. */
export interface Sample {
  /** Since the beginning. */
  minute: number;
  donePerS: number;
  /** Requests that were not answered by 200. */
  refused: number;
  acceptP50Ms: number;
  acceptP99Ms: number;
  /** From accept to the receipt's end. */
  doneP50Ms: number;
  doneP99Ms: number;
  /** Memory of each process. */
  rssMib: Readonly<Record<string, number>>;
}

export interface Growth {
  what: string;
  firstThird: number;
  lastThird: number;
  hasGrown: boolean;
}

/** Beyond these a difference between the thirds is growth and not the breath of a machine. */
const memoryGrowth = { factor: 1.15, least: 20 };
const latencyGrowth = { factor: 1.5, least: 20 };

/** Medians of the first third of the samples beside those of the last one. */
export function growth(samples: readonly Sample[]): Growth[] {
  const third = Math.floor(samples.length / 3);
  if (third === 0) return [];
  const [head, tail] = [samples.slice(0, third), samples.slice(-third)];
  const compare = (
    what: string,
    pick: (sample: Sample) => number,
    { factor, least } = latencyGrowth,
  ): Growth => {
    const [firstThird, lastThird] = [median(head.map(pick)), median(tail.map(pick))];
    const hasGrown = lastThird > firstThird * factor && lastThird - firstThird > least;
    return { what, firstThird, lastThird, hasGrown };
  };
  return [
    compare('accept p50, ms', (sample) => sample.acceptP50Ms),
    compare('accept p99, ms', (sample) => sample.acceptP99Ms),
    compare('accept → done p50, ms', (sample) => sample.doneP50Ms),
    compare('accept → done p99, ms', (sample) => sample.doneP99Ms),
    ...Object.keys(samples[0]?.rssMib ?? {}).map((part) =>
      compare(`memory of ${part}, MiB`, ({ rssMib }) => rssMib[part] ?? NaN, memoryGrowth),
    ),
  ];
}

/** One line of the series. */
export function tellSamples(sample: Sample): string {
  const memory = Object.entries(sample.rssMib).map(([part, mib]) => `${part} ${mib.toFixed(0)}`);
  const latency = `accept ${sample.acceptP50Ms.toFixed(0)}/${sample.acceptP99Ms.toFixed(0)} ms, done ${sample.doneP50Ms.toFixed(0)}/${sample.doneP99Ms.toFixed(0)} ms`;
  return `${sample.minute.toFixed(1)} min: ${sample.donePerS.toFixed(1)}/s, ${sample.refused} refused, ${latency}; MiB: ${memory.join(', ')}`;
}
