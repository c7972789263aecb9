import type { Day } from './days';
import { blocksAhead, maxBlocks, preparedShapes, type PreparedShape } from './kernels';
import type { Season } from './season';

/** Prior knowledge of the noise: worth so many half-observations. */
const priorWeight = 4;
const maxSteps = 4;
/** Prior size of a sudden change, log. */
const stepSize = 0.7;
/** What a sudden change must gain in log likelihood, beside the choice of its place. */
const stepPrice = 3.5;
const negligible = 0.01;

interface Candidate {
  logWeight: number;
  shape: PreparedShape;
  quadratic: number;
  alpha: Float64Array;
  steps: number[];
  stepVectors: Float64Array[];
  stepDivisors: number[];
}

/** The level of a load, past and to come, with its sudden changes. Buffers are reused. */
export class LevelModel {
  /** Expected log level of each block to come. */
  readonly ahead = new Float64Array(blocksAhead);
  /** Variance of the mean log level over blocks 0..h. */
  readonly meanVariance = new Float64Array(blocksAhead);
  blockDays = 7;
  /** First day of the new load and log of new ÷ old. */
  steps: { day: Day; size: number }[] = [];
  /** Log change per day by the trend, over the next weeks. */
  slopePerDay = 0;
  /** The shape that explains the history best. */
  shape = '';
  private readonly levels = new Float64Array(maxBlocks);
  private readonly alphas: Float64Array[] = [];
  private readonly prefix = new Float64Array(maxBlocks + 1);

  /** Fits the level to a season's days. */
  fit(season: Season): void {
    const { count } = season;
    const blockDays = count >= 35 ? 7 : count >= 14 ? 3 : 1;
    this.blockDays = blockDays;
    const blocks = Math.max(1, Math.min(maxBlocks, Math.floor(count / blockDays)));
    const recent = recentStep(season);
    const scale = Math.max(0.0025, season.noise / Math.sqrt(blockDays));
    const centre = this.readBlocks(season, blocks, recent, scale);
    const candidates = preparedShapes(blocks, blockDays).map((shape, at) =>
      this.weigh(shape, at, blocks, scale),
    );
    this.average(candidates, blocks, scale, centre);
    this.describe(season, candidates, blocks, scale, recent);
    if (recent) {
      const doubt = season.noise ** 2 / (count - recent.at);
      for (let h = 0; h < blocksAhead; h++) this.meanVariance[h] = (this.meanVariance[h] as number) + doubt;
    }
  }

  /** Log level of each block, oldest first, in units of a block's noise around the latest ones. */
  private readBlocks(
    season: Season,
    blocks: number,
    recent: { at: number; size: number } | undefined,
    scale: number,
  ): number {
    const { levels, blockDays } = this;
    const { count, values, expected, usable } = season;
    let isGap = false;
    for (let block = 0; block < blocks; block++) {
      const from = count - (blocks - block) * blockDays;
      let made = 0;
      let due = 0;
      for (let at = from; at < from + blockDays; at++) {
        if (usable[at] === 0) continue;
        const lift = recent && at < recent.at ? Math.exp(recent.size) : 1;
        made += (values[at] as number) * lift;
        due += expected[at] as number;
      }
      if (due < 0.18 * blockDays) {
        levels[block] = NaN;
        isGap = true;
      } else levels[block] = Math.log((made + 0.2) / due);
    }
    if (isGap) this.bridge(blocks);
    let centre = 0;
    const last = Math.min(4, blocks);
    for (let block = blocks - last; block < blocks; block++) centre += (levels[block] as number) / last;
    for (let block = 0; block < blocks; block++) levels[block] = ((levels[block] as number) - centre) / scale;
    return centre;
  }

  /** Blocks without a usable day take the line between their neighbours. */
  private bridge(blocks: number): void {
    const { levels } = this;
    let before = -1;
    for (let block = 0; block <= blocks; block++) {
      if (block < blocks && Number.isNaN(levels[block] as number)) continue;
      const right = block < blocks ? (levels[block] as number) : undefined;
      const left = before >= 0 ? (levels[before] as number) : right;
      for (let gap = before + 1; gap < block; gap++) {
        const part = (gap - before) / (block - before);
        levels[gap] = left === undefined ? 0 : left + ((right ?? left) - left) * part;
      }
      before = block;
    }
  }

  private weigh(shape: PreparedShape, at: number, n: number, scale: number): Candidate {
    const { levels, prefix } = this;
    const { inverse, stepColumns, stepSizes } = shape;
    const alpha = (this.alphas[at] ??= new Float64Array(maxBlocks));
    if (shape.few) fewProduct(shape.few, levels, n, alpha);
    else fullProduct(inverse, levels, n, alpha);
    let quadratic = 0;
    for (let i = 0; i < n; i++) quadratic += (alpha[i] as number) * (levels[i] as number);
    const power = priorWeight + n / 2;
    const likelihood = (quad: number, logDeterminant: number) =>
      -0.5 * logDeterminant - power * Math.log(priorWeight + 0.5 * Math.max(quad, 0));
    let logDeterminant = shape.logDeterminant;
    let best = likelihood(quadratic, logDeterminant);
    const variance = (stepSize / scale) ** 2;
    const steps: number[] = [];
    const stepVectors: Float64Array[] = [];
    const stepDivisors: number[] = [];
    const sums: Float64Array[] = [];
    const price = stepPrice + Math.log(n);
    const perVariance = 1 / variance;
    while (steps.length < maxSteps && n >= 5) {
      prefix[0] = 0;
      for (let i = 0; i < n; i++) prefix[i + 1] = (prefix[i] as number) + (alpha[i] as number);
      const worth = (priorWeight + 0.5 * Math.max(quadratic, 0)) * Math.exp(-price / power);
      let place = 0;
      let placeGain = 0;
      let placeForm = 0;
      // What a step must take off the quadratic form to be worth its price; without it no logarithm is needed.
      const need = quadratic - 2 * (worth - priorWeight);
      for (let c = 1; c < n; c++) {
        const along = prefix[c] as number;
        let form = stepSizes[c] as number;
        if (sums.length === 0 && along * along < need * (perVariance + form)) continue;
        for (let s = 0; s < sums.length; s++)
          form -= ((sums[s] as Float64Array)[c] as number) ** 2 / (stepDivisors[s] as number);
        if (form <= 1e-9 || along * along < need * (perVariance + form) || steps.includes(c)) continue;
        const quad = quadratic - (along * along) / (perVariance + form);
        const gain = likelihood(quad, logDeterminant + Math.log(1 + variance * form)) - best - price;
        if (gain > placeGain) {
          placeGain = gain;
          place = c;
          placeForm = form;
        }
      }
      if (place === 0) break;
      const vector = stepColumns.slice(place * n, place * n + n);
      for (let s = 0; s < stepVectors.length; s++) {
        const share = ((sums[s] as Float64Array)[place] as number) / (stepDivisors[s] as number);
        const earlier = stepVectors[s] as Float64Array;
        for (let i = 0; i < n; i++) vector[i] = (vector[i] as number) - share * (earlier[i] as number);
      }
      const divisor = perVariance + placeForm;
      const along = prefix[place] as number;
      for (let i = 0; i < n; i++) alpha[i] = (alpha[i] as number) - ((vector[i] as number) * along) / divisor;
      quadratic -= along ** 2 / divisor;
      logDeterminant += Math.log(1 + variance * placeForm);
      best += placeGain;
      steps.push(place);
      stepVectors.push(vector);
      sums.push(prefixOf(vector, n));
      stepDivisors.push(divisor);
    }
    return {
      logWeight: best + shape.logPrior,
      shape,
      quadratic,
      alpha,
      steps,
      stepVectors,
      stepDivisors,
    };
  }

  /** Every shape speaks with the weight that the history gives it. */
  private average(candidates: readonly Candidate[], n: number, scale: number, centre: number): void {
    const { ahead, meanVariance } = this;
    ahead.fill(0);
    meanVariance.fill(0);
    const top = Math.max(...candidates.map(({ logWeight }) => logWeight));
    const heard = candidates.filter(({ logWeight }) => Math.exp(logWeight - top) > negligible);
    let total = 0;
    for (const { logWeight } of heard) total += Math.exp(logWeight - top);
    const squares = new Float64Array(blocksAhead);
    const means = new Float64Array(blocksAhead);
    for (const { logWeight, shape, quadratic, alpha, steps, stepVectors, stepDivisors } of heard) {
      const weight = Math.exp(logWeight - top) / total;
      const unit = ((priorWeight + 0.5 * Math.max(quadratic, 0)) / (priorWeight + n / 2)) * scale * scale;
      let run = 0;
      for (let h = 0; h < blocksAhead; h++) {
        let value = 0;
        for (let i = 0; i < n; i++) value += (shape.ahead[h * n + i] as number) * (alpha[i] as number);
        const level = value * scale;
        run += level;
        const mean = run / (h + 1);
        ahead[h] = (ahead[h] as number) + weight * level;
        let variance = shape.meanVariance[h] as number;
        const along: number[] = [];
        for (let s = 0; s < steps.length; s++) {
          let part = shape.stepAhead[h * n + (steps[s] as number)] as number;
          for (let e = 0; e < s; e++) {
            let cross = 0;
            const vector = stepVectors[e] as Float64Array;
            for (let i = 0; i < (steps[s] as number); i++) cross += vector[i] as number;
            part -= (cross / (stepDivisors[e] as number)) * (along[e] as number);
          }
          along.push(part);
          variance += part ** 2 / (stepDivisors[s] as number);
        }
        means[h] = (means[h] as number) + weight * mean;
        squares[h] = (squares[h] as number) + weight * (variance * unit + mean * mean);
      }
    }
    for (let h = 0; h < blocksAhead; h++) {
      meanVariance[h] = Math.max(0, (squares[h] as number) - (means[h] as number) ** 2);
      ahead[h] = (ahead[h] as number) + centre;
    }
  }

  private describe(
    season: Season,
    candidates: readonly Candidate[],
    n: number,
    scale: number,
    recent: { at: number; size: number } | undefined,
  ): void {
    let best = candidates[0] as Candidate;
    for (const candidate of candidates) if (candidate.logWeight > best.logWeight) best = candidate;
    this.shape = best.shape.name;
    const far = Math.min(blocksAhead - 1, Math.max(1, Math.round(56 / this.blockDays)));
    this.slopePerDay = ((this.ahead[far] as number) - (this.ahead[0] as number)) / (far * this.blockDays);
    const end = season.firstDay + season.count;
    this.steps = best.steps
      .map((place) => {
        const width = Math.min(3, place, n - place);
        let size = 0;
        for (let i = 0; i < width; i++)
          size += ((this.levels[place + i] as number) - (this.levels[place - 1 - i] as number)) / width;
        return { day: end - (n - place) * this.blockDays, size: size * scale };
      })
      .filter(({ size }) => Math.abs(size) > 0.1)
      .sort((a, b) => a.day - b.day);
    if (recent) this.steps.push({ day: season.firstDay + recent.at, size: recent.size });
  }
}

/** `out` = inverse × levels, two rows at a time. */
function fullProduct(inverse: Float64Array, levels: Float64Array, n: number, out: Float64Array): void {
  let i = 0;
  for (; i + 1 < n; i += 2) {
    const row = i * n;
    const next = row + n;
    let first = 0;
    let second = 0;
    for (let j = 0; j < n; j++) {
      const level = levels[j] as number;
      first += (inverse[row + j] as number) * level;
      second += (inverse[next + j] as number) * level;
    }
    out[i] = first;
    out[i + 1] = second;
  }
  if (i < n) {
    let value = 0;
    for (let j = 0; j < n; j++) value += (inverse[i * n + j] as number) * (levels[j] as number);
    out[i] = value;
  }
}

/** The same by the few vectors of a shape: levels − Σ v (v'levels). */
function fewProduct(
  { rank, vectors }: NonNullable<PreparedShape['few']>,
  levels: Float64Array,
  n: number,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i++) out[i] = levels[i] as number;
  for (let r = 0; r < rank; r++) {
    const from = r * n;
    let along = 0;
    for (let i = 0; i < n; i++) along += (vectors[from + i] as number) * (levels[i] as number);
    for (let i = 0; i < n; i++) out[i] = (out[i] as number) - along * (vectors[from + i] as number);
  }
}

function prefixOf(vector: Float64Array, n: number): Float64Array {
  const sums = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) sums[i + 1] = (sums[i] as number) + (vector[i] as number);
  return sums;
}

/** A change within the last two weeks, to the day: blocks would see it too late. */
function recentStep(season: Season): { at: number; size: number } | undefined {
  const { count, values, expected, usable, noise } = season;
  const from = Math.max(0, count - 28);
  if (count - from < 14) return undefined;
  const differences = new Float64Array(count - from).fill(NaN);
  for (let at = from; at < count; at++)
    if (usable[at] === 1 && (expected[at] as number) > 0.25)
      differences[at - from] = Math.log(((values[at] as number) + 0.3) / (expected[at] as number));
  let best = 0;
  let found: { at: number; size: number } | undefined;
  for (let at = Math.max(from + 7, count - 13); at <= count - 3; at++) {
    let before = 0;
    let beforeDays = 0;
    let after = 0;
    let afterDays = 0;
    for (let day = from; day < count; day++) {
      const value = differences[day - from] as number;
      if (Number.isNaN(value)) continue;
      if (day < at) {
        before += value;
        beforeDays += 1;
      } else {
        after += value;
        afterDays += 1;
      }
    }
    if (beforeDays < 5 || afterDays < 3) continue;
    const size = after / afterDays - before / beforeDays;
    const clarity = Math.abs(size) / (Math.max(noise, 0.02) * Math.sqrt(1 / afterDays + 1 / beforeDays));
    if (clarity > (afterDays < 5 ? 8 : 5.5) && Math.abs(size) > 0.15 && clarity > best) {
      best = clarity;
      found = { at, size };
    }
  }
  return found;
}
