import { parseArgs } from 'node:util';

/** What the command line of `npm start` asks for. */
export interface FarmOptions {
  /** Delete the data folder first. */
  fresh: boolean;
  /** Stop in order and end with 0 as soon as everything was ready: for tests. */
  onceReady: boolean;
  help: boolean;
}

export const usage = `npm start -- [options]

  --fresh        delete the data folder first (asks nothing, says what it deletes)
  --once-ready   stop again as soon as everything answers; exit code 0
  --help         this text

Settings are environment variables; .env.example lists them all.
`;

/** @throws TypeError on an unknown option, with a message for people */
export function parseOptions(args: readonly string[]): FarmOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      fresh: { type: 'boolean', default: false },
      'once-ready': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return { fresh: values.fresh, onceReady: values['once-ready'], help: values.help };
}
