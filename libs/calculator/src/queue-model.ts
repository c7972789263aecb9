import { normalQuantile, type ServiceTime, serviceQuantile } from './service-time';

/** A load that rises from its ordinary rate to a peak of some minutes. Receipts a second. */
export interface PeakLoad {
  ordinaryPerS: number;
  peakPerS: number;
  peakS: number;
}

/** Parts of the tail that the time within one receipt's turn is cut into. */
const residualParts = 7;
const serviceParts = 25;
const settledBelow = 1e-7;
const maxStates = 40_000;

/**
 * Chance of 0, 1, … receipts coming within one service time: Poisson, and where service times differ, spread as if the
 * differences came with the receipts (negative binomial): that is what makes a queue as long as Pollaczek and Khinchine
 * say, while the counting stays the exact one of a queue with equal service times (Crommelin).
 */
export function arrivals(mean: number, variation: number): Float64Array {
  const spread = Math.sqrt(mean * (1 + variation));
  const most = Math.ceil(mean + 8 * spread + 12);
  const chances = new Float64Array(most + 1);
  // Begun at the mode, in logs: e^-mean is 0 for a large farm.
  const mode = Math.floor(mean);
  chances[mode] = 1;
  const size = variation > 0 ? mean / variation : 0;
  const up = (n: number) =>
    variation > 0 ? ((n + size) / (n + 1)) * (variation / (1 + variation)) : mean / (n + 1);
  for (let n = mode; n < most; n++) chances[n + 1] = (chances[n] as number) * up(n);
  for (let n = mode; n > 0; n--) chances[n - 1] = (chances[n] as number) / up(n - 1);
  let total = 0;
  for (const chance of chances) total += chance;
  for (let n = 0; n <= most; n++) chances[n] = (chances[n] as number) / total;
  return chances;
}

/** One service time later: up to `servers` receipts have left, new ones have come. */
function step(states: Float64Array, servers: number, coming: Float64Array): Float64Array {
  const left = Math.max(1, states.length - servers);
  let used = left + coming.length - 1;
  if (used > maxStates) used = maxStates;
  const next = new Float64Array(used);
  for (let n = 0; n < left; n++) {
    let chance = 0;
    if (n === 0)
      for (let low = 0; low <= Math.min(servers, states.length - 1); low++) chance += states[low] as number;
    else chance = states[n + servers] as number;
    if (chance < 1e-15) continue;
    const upTo = Math.min(coming.length, used - n);
    for (let came = 0; came < upTo; came++)
      next[n + came] = (next[n + came] as number) + chance * (coming[came] as number);
  }
  let last = next.length - 1;
  while (last > 0 && (next[last] as number) < 1e-13) last -= 1;
  return next.subarray(0, last + 1);
}

function difference(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < Math.max(a.length, b.length); n++) sum += Math.abs((a[n] ?? 0) - (b[n] ?? 0));
  return sum;
}

/** How many receipts one finds that comes within the peak: chances by number. */
function foundInPeak(load: PeakLoad, servers: number, service: ServiceTime): Float64Array {
  const { meanS, variation } = service;
  let states: Float64Array = Float64Array.of(1);
  const ordinary = arrivals(load.ordinaryPerS * meanS, variation);
  if (load.ordinaryPerS * meanS < servers)
    for (let round = 0; round < 2000; round++) {
      const next = step(states, servers, ordinary);
      const isSettled = difference(states, next) < 1e-5;
      states = next;
      if (isSettled) break;
    }
  const coming = arrivals(load.peakPerS * meanS, variation);
  const slots = Math.max(1, Math.round(load.peakS / meanS));
  let sum = new Float64Array(states.length);
  for (let slot = 0; slot < slots; slot++) {
    const next = step(states, servers, coming);
    if (next.length > sum.length) {
      const longer = new Float64Array(next.length + 64);
      longer.set(sum);
      sum = longer;
    }
    const rest = difference(states, next) < settledBelow ? slots - slot : 1;
    // Within a slot the crowd passes from one state to the other.
    for (let n = 0; n < states.length; n++) sum[n] = (sum[n] as number) + ((states[n] as number) * rest) / 2;
    for (let n = 0; n < next.length; n++) sum[n] = (sum[n] as number) + ((next[n] as number) * rest) / 2;
    states = next;
    if (rest > 1) break;
  }
  return sum.map((value) => value / slots);
}

/** Seconds from acceptance to the fiscal document that the share `chance` of the peak's receipts stays below. */
export function peakQuantileS(load: PeakLoad, servers: number, service: ServiceTime, chance: number): number {
  const { meanS, variation } = service;
  const found = foundInPeak(load, servers, service);
  const own = variation > 0 ? serviceParts : 1;
  const services = Array.from({ length: own }, (_, part) => serviceQuantile(service, (part + 0.5) / own));
  const times: number[] = [];
  const weights: number[] = [];
  const put = (wait: number, weight: number) => {
    for (const time of services) {
      times.push(wait + time);
      weights.push(weight / own);
    }
  };
  for (let n = 0; n < found.length; n++) {
    const weight = found[n] as number;
    if (weight < 1e-9) continue;
    if (n < servers) put(0, weight);
    else {
      // It waits for the (n − servers + 1)-th departure; within a round they come at even random moments.
      const before = n - servers;
      const turn = (before % servers) + 1;
      const middle = turn / (servers + 1);
      const spread = Math.sqrt((middle * (1 - middle)) / (servers + 2));
      for (let part = 0; part < residualParts; part++) {
        const at = (part + 0.5) / residualParts;
        const share = servers === 1 ? at : Math.min(1, Math.max(0, middle + spread * normalQuantile(at)));
        put(meanS * (Math.floor(before / servers) + share), weight / residualParts);
      }
    }
  }
  const order = times.map((_, at) => at).sort((a, b) => (times[a] as number) - (times[b] as number));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let below = 0;
  for (const at of order) {
    below += (weights[at] as number) / total;
    if (below >= chance) return times[at] as number;
  }
  return times[order[order.length - 1] as number] as number;
}
