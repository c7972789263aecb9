import type { RunResult } from './simulate';

/** The line of a run. */
export function lineOf(result: RunResult): string {
  const { seed, accepted, documents, lost, doubled, outOfOrder, undecided, done, failed, digest } = result;
  const { blocked, waited } = result;
  return JSON.stringify({
    seed,
    accepted,
    documents,
    lost,
    doubled,
    outOfOrder,
    undecided,
    done,
    failed,
    digest,
    blocked,
    waited,
  });
}

export const isGood = ({ faults, lost, doubled, outOfOrder, undecided }: RunResult): boolean =>
  faults.length === 0 && lost + doubled + outOfOrder + undecided === 0;
