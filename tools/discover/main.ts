import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FarmError, silentLog, systemClock, systemRandom } from '@kkt/contracts';
import { discover, formatWireAddress, parseWireAddress, readModelList } from '@kkt/kkt-driver';
import { linesOf } from './lines';

const usage = `npm run discover -- ADDRESS…
Who stands behind each address: tcp://host[:port], /dev/serial/by-id/…, /dev/ttyACM0[?baud=115200]. Asks only; nothing
is written to a register or its FN. Ends with 1 when an address stayed silent or has a model that is not in
hardware/models/kkt-codes.yaml.
`;
const limitMs = 60_000;

/** `npm run discover`. Programs are started from the repository's root. */
async function main(): Promise<number> {
  const addresses = process.argv.slice(2);
  if (addresses.length === 0 || addresses.includes('--help')) {
    process.stdout.write(usage);
    return addresses.length === 0 ? 64 : 0;
  }
  const models = readModelList(
    readFileSync(join(process.cwd(), 'hardware', 'models', 'kkt-codes.yaml'), 'utf8'),
  );
  let isGood = true;
  for (const address of addresses.map(parseWireAddress)) {
    const found = await discover(address, {
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      signal: AbortSignal.timeout(limitMs),
      models,
    });
    isGood &&= 'identity' in found && found.model !== undefined;
    process.stdout.write(`${linesOf(formatWireAddress(address), found).join('\n')}\n`);
  }
  return isGood ? 0 : 1;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    const said =
      error instanceof FarmError ? `${error.message} ${JSON.stringify(error.context)}` : String(error);
    process.stderr.write(`${said}\n`);
    process.exitCode = 2;
  },
);
