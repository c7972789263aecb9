import { growth, type Sample } from './soak-samples';

const series = (of: (n: number) => Partial<Sample>): Sample[] =>
  Array.from({ length: 12 }, (_, n) => ({
    minute: n,
    donePerS: 68,
    refused: 0,
    acceptP50Ms: 4,
    acceptP99Ms: 20,
    doneP50Ms: 400,
    doneP99Ms: 900,
    rssMib: { worker: 150 },
    ...of(n),
  }));

const grown = (samples: Sample[]): string[] =>
  growth(samples)
    .filter(({ hasGrown }) => hasGrown)
    .map(({ what }) => what);

test('a steady series has not grown, nor one that breathes', () => {
  expect(grown(series(() => ({})))).toEqual([]);
  expect(
    grown(series((n) => ({ rssMib: { worker: 150 + (n % 2) * 30 }, doneP99Ms: 900 + (n % 2) * 400 }))),
  ).toEqual([]);
});

test('memory that grows in each step is found, and so is a queue that grows', () => {
  expect(grown(series((n) => ({ rssMib: { worker: 150 + n * 10 } })))).toEqual(['memory of worker, MiB']);
  expect(grown(series((n) => ({ doneP50Ms: 400 + n * 60 })))).toEqual(['accept → done p50, ms']);
});

test('a single bad moment is no growth, a difference of a few milliseconds neither', () => {
  expect(grown(series((n) => ({ acceptP99Ms: n === 11 ? 5_000 : 20 })))).toEqual([]);
  expect(grown(series((n) => ({ acceptP50Ms: 4 + n })))).toEqual([]);
});

test('too few samples say nothing', () => {
  expect(growth(series(() => ({})).slice(0, 2))).toEqual([]);
});
