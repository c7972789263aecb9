import type { Random } from '@kkt/contracts';
import type { PeakLoad } from './queue-model';

export interface SimulatedPeaks {
  /** Receipts that came within peaks. */
  receipts: number;
  p50S: number;
  p99S: number;
  maxS: number;
  /** Busy time of the registers within peaks ÷ all. */
  utilisation: number;
}

/**
 * Plays peaks receipt by receipt: random arrivals, the first free register takes the next receipt, first come first
 * served. Each peak is led in by ordinary load. What the calculator says is checked against this.
 */
export function simulatePeaks(
  load: PeakLoad,
  servers: number,
  options: { serviceS: (random: Random) => number; leadInS: number; peaks: number; random: Random },
): SimulatedPeaks {
  const { random, serviceS, leadInS, peaks } = options;
  const times: number[] = [];
  let busyS = 0;
  const most = Math.max(load.ordinaryPerS, load.peakPerS);
  for (let peak = 0; peak < peaks; peak++) {
    // Moments at which each register is free, as a heap.
    const free = new Float64Array(servers);
    for (let at = 0; ;) {
      at += -Math.log(1 - random.next()) / most;
      if (at >= leadInS + load.peakS) break;
      const rate = at < leadInS ? load.ordinaryPerS : load.peakPerS;
      if (random.next() * most > rate) continue;
      const startS = Math.max(at, free[0] as number);
      const taken = serviceS(random);
      replaceTop(free, startS + taken);
      if (at < leadInS) continue;
      times.push(startS + taken - at);
      busyS += taken;
    }
  }
  times.sort((a, b) => a - b);
  const quantile = (chance: number) =>
    times[Math.min(times.length - 1, Math.floor(chance * times.length))] ?? 0;
  return {
    receipts: times.length,
    p50S: quantile(0.5),
    p99S: quantile(0.99),
    maxS: times[times.length - 1] ?? 0,
    utilisation: busyS / (peaks * load.peakS * servers),
  };
}

/** Puts a value in the place of the smallest one and restores the heap. */
function replaceTop(heap: Float64Array, value: number): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && (heap[child + 1] as number) < (heap[child] as number)) child += 1;
    if ((heap[child] as number) >= value) break;
    heap[at] = heap[child] as number;
    at = child;
  }
  heap[at] = value;
}
