import { resolve } from 'node:path';

/** The checkout, whether this file is run from its source (tests) or compiled (the bench). */
const root = resolve(
  __dirname,
  ...(/[\\/]dist[\\/]libs[\\/]/.test(__dirname) ? ['..'] : []),
  '..',
  '..',
  '..',
  '..',
);

/** Compiled programs. */
export const dist = resolve(root, 'dist');

/** A cluster made once per machine by the tests' set-up; copied instead of running initdb. */
export const clusterTemplate = resolve(root, '.cache', 'test-servers', 'template');
