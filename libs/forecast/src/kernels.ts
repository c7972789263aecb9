/**
 * The shapes a load's level may take, as Gaussian processes over blocks of days, in units of the noise of one block.
 * Everything that depends on the number of blocks alone (inverse, prediction weights) is made once and kept: a forecast of
 * one FN is then a few products. See docs/adr on the method.
 */

export interface Shape {
  name: string;
  /** Covariance of two blocks, `a` and `b` counted from the oldest one, `count` blocks in the history. */
  covariance: (a: number, b: number) => number;
  /** Log of the prior weight against the others. */
  logPrior: number;
}

/** Prior variance of the unknown level. */
const levelVariance = 1e4;
const slope = (perBlock: number, count: number) => (a: number, b: number) =>
  perBlock ** 2 * (a - count) * (b - count);
const walk = (variance: number) => (a: number, b: number) => variance * (Math.min(a, b) + 1);
/** Twice summed noise: a slope that wanders. */
const smoothWalk = (variance: number) => (a: number, b: number) => {
  const [low, high] = a < b ? [a + 1, b + 1] : [b + 1, a + 1];
  return variance * ((low * low * high) / 2 - (low * low * low) / 6);
};
/** Growth by so much a block, the same number each: a line, which bends in the logarithm. */
const line = (size: number, count: number) => (a: number, b: number) => {
  let total = 0;
  for (const growth of [0.7, 2, 6])
    total += Math.log1p((growth * (a + 0.5)) / count) * Math.log1p((growth * (b + 0.5)) / count);
  return size ** 2 * total;
};
/** Deviations that fade in `blocks`. */
const fading = (size: number, blocks: number) => (a: number, b: number) =>
  size ** 2 * Math.exp(-Math.abs(a - b) / blocks);
/** A start that settles: exp(-age/blocks). */
const launch = (size: number, blocks: number) => (a: number, b: number) =>
  size ** 2 * Math.exp(-(a + b) / blocks);
/** A rise (or fall) at an even rate that ended at a knee, somewhere in the history; level since. */
const settled = (size: number, count: number) => (a: number, b: number) => {
  let total = 0;
  for (const part of knees) {
    const knee = part * count;
    total += (Math.min((a + 0.5) / knee, 1) - 1) * (Math.min((b + 0.5) / knee, 1) - 1);
  }
  return (size ** 2 * total) / knees.length;
};
/** Where the knee may lie, in parts of the history. */
const knees = [0.25, 0.4, 0.55, 0.7];
const year = (size: number, blocksPerYear: number) => (a: number, b: number) =>
  size ** 2 * Math.cos((2 * Math.PI * (a - b)) / blocksPerYear);

type Covariance = (a: number, b: number) => number;
const sum =
  (...parts: Covariance[]): Covariance =>
  (a, b) => {
    let total = levelVariance;
    for (const part of parts) total += part(a, b);
    return total;
  };

function shapes(count: number, blockDays: number): Shape[] {
  const blocksPerYear = 365.25 / blockDays;
  const s = blockDays / 7;
  return [
    { name: 'flat', logPrior: 0, covariance: sum() },
    { name: 'slope', logPrior: -1, covariance: sum(slope(0.3 * s, count)) },
    { name: 'steep', logPrior: -1.5, covariance: sum(slope(1.5 * s, count)) },
    { name: 'walk', logPrior: -1, covariance: sum(walk(0.02 * s)) },
    { name: 'walk-more', logPrior: -1.5, covariance: sum(walk(0.3 * s)) },
    { name: 'fading', logPrior: -1.5, covariance: sum(fading(1.5, 4 / s)) },
    { name: 'curve', logPrior: -1.5, covariance: sum(slope(0.6 * s, count), smoothWalk(3e-4 * s ** 3)) },
    { name: 'curve-more', logPrior: -2, covariance: sum(slope(1 * s, count), smoothWalk(1e-2 * s ** 3)) },
    {
      name: 'launch',
      logPrior: -2.5,
      covariance: sum(launch(60, 1.5 / s), launch(60, 3 / s), launch(60, 6 / s), launch(60, 12 / s)),
    },
    { name: 'settled', logPrior: -2, covariance: sum(settled(40, count)) },
    { name: 'line', logPrior: -2, covariance: sum(line(15, count)) },
    { name: 'year', logPrior: -2.5, covariance: sum(year(7, blocksPerYear)) },
    { name: 'year-more', logPrior: -3, covariance: sum(year(25, blocksPerYear)) },
    { name: 'year-slope', logPrior: -3, covariance: sum(year(7, blocksPerYear), slope(0.6 * s, count)) },
  ];
}

/** One shape over a certain number of blocks, ready for use. Matrices are row by row. */
export interface PreparedShape {
  name: string;
  logPrior: number;
  /** Inverse of covariance + noise. */
  inverse: Float64Array;
  /**
   * Where the shape has only a few degrees of freedom: identity − inverse = Σ v v' over the `rank` vectors that stand here
   * one after the other; a product with the inverse then costs 2·rank·n instead of n². Absent where that is no gain.
   */
  few?: { rank: number; vectors: Float64Array };
  logDeterminant: number;
  /** `stepColumns[c*count + i]`: inverse × step vector, where the step lies before block `c` (blocks < c are 1). */
  stepColumns: Float64Array;
  /** `stepSizes[c]`: step(c)' inverse step(c). */
  stepSizes: Float64Array;
  /** `ahead[h*count + i]`: covariance of future block `h` with block `i`. */
  ahead: Float64Array;
  /** Variance of the mean of future blocks 0..h, given the history. */
  meanVariance: Float64Array;
  /** `stepAhead[h*count + c]`: mean over blocks 0..h of the prediction's share of step `c`. */
  stepAhead: Float64Array;
}

/** Blocks foretold one by one; beyond, the level stays where the last of them left it. */
export const blocksAhead = 20;
export const maxBlocks = 110;

function invert(matrix: Float64Array, n: number): number {
  // Cholesky, then the inverse in place; returns the log of the determinant.
  const low = new Float64Array(n * n);
  let logDeterminant = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let value = matrix[i * n + j] as number;
      for (let k = 0; k < j; k++) value -= (low[i * n + k] as number) * (low[j * n + k] as number);
      if (i === j) {
        const root = Math.sqrt(Math.max(value, 1e-12));
        low[i * n + i] = root;
        logDeterminant += 2 * Math.log(root);
      } else low[i * n + j] = value / (low[j * n + j] as number);
    }
  }
  const column = new Float64Array(n);
  for (let c = 0; c < n; c++) {
    for (let i = 0; i < n; i++) {
      let value = i === c ? 1 : 0;
      for (let k = 0; k < i; k++) value -= (low[i * n + k] as number) * (column[k] as number);
      column[i] = value / (low[i * n + i] as number);
    }
    for (let i = n - 1; i >= 0; i--) {
      let value = column[i] as number;
      for (let k = i + 1; k < n; k++) value -= (low[k * n + i] as number) * (column[k] as number);
      column[i] = value / (low[i * n + i] as number);
    }
    for (let i = 0; i < n; i++) matrix[i * n + c] = column[i] as number;
  }
  return logDeterminant;
}

/** What is left of the diagonal below this is rounding. */
const negligible = 1e-9;

/** Pivoted Cholesky of identity − inverse; undefined when its rank is too high to gain anything. */
function factorOf(inverse: Float64Array, n: number): PreparedShape['few'] {
  const mostRank = Math.floor(n / 4);
  const left = new Float64Array(n);
  for (let i = 0; i < n; i++) left[i] = 1 - (inverse[i * n + i] as number);
  const vectors: Float64Array[] = [];
  for (;;) {
    let pivot = 0;
    for (let i = 1; i < n; i++) if ((left[i] as number) > (left[pivot] as number)) pivot = i;
    const size = left[pivot] as number;
    if (size < negligible) break;
    if (vectors.length === mostRank) return undefined;
    const root = Math.sqrt(size);
    const vector = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let value = (i === pivot ? 1 : 0) - (inverse[pivot * n + i] as number);
      for (const earlier of vectors) value -= (earlier[pivot] as number) * (earlier[i] as number);
      vector[i] = value / root;
      left[i] = (left[i] as number) - (vector[i] as number) ** 2;
    }
    left[pivot] = 0;
    vectors.push(vector);
  }
  const all = new Float64Array(vectors.length * n);
  vectors.forEach((vector, at) => all.set(vector, at * n));
  return { rank: vectors.length, vectors: all };
}

function prepare(shape: Shape, n: number): PreparedShape {
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) inverse[i * n + j] = shape.covariance(i, j) + (i === j ? 1 : 0);
  const logDeterminant = invert(inverse, n);

  const stepColumns = new Float64Array(n * n);
  for (let c = 1; c < n; c++)
    for (let i = 0; i < n; i++)
      stepColumns[c * n + i] =
        (stepColumns[(c - 1) * n + i] as number) + (inverse[i * n + (c - 1)] as number);
  const stepSizes = new Float64Array(n);
  for (let c = 1; c < n; c++)
    for (let i = 0; i < c; i++) stepSizes[c] = (stepSizes[c] as number) + (stepColumns[c * n + i] as number);

  const ahead = new Float64Array(blocksAhead * n);
  const meanVariance = new Float64Array(blocksAhead);
  const stepAhead = new Float64Array(blocksAhead * n);
  const meanCovariance = new Float64Array(n);
  const product = new Float64Array(n);
  let own = 0;
  for (let h = 0; h < blocksAhead; h++) {
    for (let i = 0; i < n; i++) {
      const value = shape.covariance(n + h, i);
      ahead[h * n + i] = value;
      meanCovariance[i] = (meanCovariance[i] as number) + value;
    }
    own += shape.covariance(n + h, n + h);
    for (let g = 0; g < h; g++) own += 2 * shape.covariance(n + h, n + g);
    const scale = 1 / (h + 1);
    let explained = 0;
    for (let i = 0; i < n; i++) {
      let value = 0;
      for (let j = 0; j < n; j++) value += (inverse[i * n + j] as number) * (meanCovariance[j] as number);
      product[i] = value;
      explained += value * (meanCovariance[i] as number);
    }
    meanVariance[h] = Math.max(0, (own - explained) * scale * scale);
    let run = 0;
    for (let c = 1; c < n; c++) {
      run += product[c - 1] as number;
      stepAhead[h * n + c] = run * scale;
    }
  }
  return {
    name: shape.name,
    logPrior: shape.logPrior,
    inverse,
    few: factorOf(inverse, n),
    logDeterminant,
    stepColumns,
    stepSizes,
    ahead,
    meanVariance,
    stepAhead,
  };
}

const kept = new Map<string, readonly PreparedShape[]>();

/** The shapes for `count` blocks of `blockDays` days. */
export function preparedShapes(count: number, blockDays: number): readonly PreparedShape[] {
  const key = `${count}/${blockDays}`;
  let found = kept.get(key);
  if (!found) {
    found = shapes(count, blockDays).map((shape) => prepare(shape, count));
    kept.set(key, found);
  }
  return found;
}
