import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { ConfigError, configExitCode, readSettings } from '@kkt/config';
import { FarmError, silentLog } from '@kkt/contracts';
import { type DriveTold, farmReconciler, findingsCsv } from '@kkt/reconcile';
import {
  type NotRead,
  openDatabase,
  ReconciliationStore,
  type ReconciliationTotals,
  type Database,
} from '@kkt/storage';

/**
 * Reconciles a running farm now: the FNs' archives, our database, the operator. Progress goes to stderr, one summary
 * line to stdout. Ends with 0 when everything is the same everywhere, 1 on a difference or an unread register, 2 when
 * the farm does not answer.
 */

const usage = `npm run reconcile [-- options]
  --register SERIAL  this register only
  --new              only documents after the last one proven the same everywhere
  --csv FILE         write the findings to a file
  --timeout-s N      give a register up that does not get on for N seconds (60)
  --last             run nothing: tell the last finished run (and write its --csv)
`;

const EXIT = { clean: 0, differences: 1, noAnswer: 2, usage: 64 } as const;

const tell = (text: string) => process.stderr.write(`${text}\n`);

interface Options {
  register?: string;
  csv?: string;
  isNew: boolean;
  isLast: boolean;
  timeoutMs: number;
}

function readOptions(): Options | undefined {
  try {
    const { values } = parseArgs({
      options: {
        register: { type: 'string' },
        csv: { type: 'string' },
        new: { type: 'boolean', default: false },
        last: { type: 'boolean', default: false },
        'timeout-s': { type: 'string', default: '60' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const timeoutS = Number(values['timeout-s']);
    if (values.help || !/^\d{1,6}$/.test(values['timeout-s']) || timeoutS < 1) return undefined;
    return {
      register: values.register,
      csv: values.csv,
      isNew: values.new,
      isLast: values.last,
      timeoutMs: timeoutS * 1000,
    };
  } catch (error) {
    tell((error as Error).message);
    return undefined;
  }
}

function tellDrive({ serial, fnNumber, documents, findings, notRead, done, of }: DriveTold): void {
  const verdict = [
    ...(findings > 0 ? [`${findings} findings`] : []),
    ...(notRead ? [`not read: ${notRead}`] : []),
  ];
  tell(
    `${String(done).padStart(String(of).length)}/${of}  ${serial}  FN ${fnNumber}  ${documents} documents  ${verdict.join(', ') || 'ok'}`,
  );
}

async function summary(
  store: ReconciliationStore,
  run: { id: string; totals: ReconciliationTotals; notRead: readonly NotRead[] },
  csvFile: string | undefined,
): Promise<number> {
  const findings = await store.findings(run.id);
  for (const { serial, fnNumber, fdNumber, toFd, kind, action } of findings.slice(0, 20))
    tell(
      `${serial}  FN ${fnNumber}  FD ${fdNumber}${toFd === fdNumber ? '' : `–${toFd}`}  ${kind}: ${action}`,
    );
  if (findings.length > 20) tell(`… and ${findings.length - 20} more${csvFile ? '' : ': give --csv FILE'}`);
  if (csvFile) writeFileSync(csvFile, findingsCsv(findings, run.notRead));
  const { totals } = run;
  process.stdout.write(
    `registers=${totals.registers} documents=${totals.documents} findings=${totals.findings} not_read=${totals.notRead} seconds=${totals.seconds}\n`,
  );
  return totals.findings + totals.notRead > 0 ? EXIT.differences : EXIT.clean;
}

async function work(database: Database, options: Options, reconcile: ReturnType<typeof farmReconciler>) {
  const store = new ReconciliationStore(database);
  if (options.isLast) {
    const run = (await store.runs(50)).find(
      ({ outcome }) => outcome === 'clean' || outcome === 'differences',
    );
    if (!run) throw new FarmError('SYS-NO-RUN', 'No run has finished yet');
    tell(`${run.kind} run of ${run.startedAt.toISOString()}`);
    return summary(store, run, options.csv);
  }
  if (!(await store.isDriverAlive()))
    throw new FarmError('SYS-NO-DRIVER', 'No driver holds a register: the hardware driver is not running');
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => interrupted.abort(new FarmError('SYS-STOPPED', `Stopped by ${signal}`)));
  const report = await reconcile.run({
    startedBy: `tool:${userInfo().username}`,
    depth: options.isNew ? 'new' : 'full',
    serial: options.register,
    idleTimeoutMs: options.timeoutMs,
    signal: interrupted.signal,
    onDrive: tellDrive,
  });
  return summary(store, { id: report.runId, ...report }, options.csv);
}

/** Without a running farm nobody has written where its database is. */
const isNobodyThere = (error: ConfigError): boolean =>
  error.faults.every((fault) => /^(DATABASE_URL|REDIS_URL|SECRET_KEY): must be set/.test(fault));

async function main(): Promise<number> {
  const options = readOptions();
  if (!options) {
    process.stderr.write(usage);
    return EXIT.usage;
  }
  let settings: ReturnType<typeof readSettings<'tool'>>;
  try {
    settings = readSettings('tool');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    if (!isNobodyThere(error)) {
      tell(error.message);
      return configExitCode;
    }
    tell('The farm does not answer. Start it with `npm start` and try again.');
    return EXIT.noAnswer;
  }
  const database = openDatabase({
    url: settings.databaseUrl,
    applicationName: 'reconcile',
    maxConnections: 4,
    statementTimeoutMs: 120_000,
  });
  try {
    return await work(database, options, farmReconciler(database, settings, silentLog));
  } catch (error) {
    tell(
      error instanceof FarmError ? error.message : `The farm does not answer: ${(error as Error).message}`,
    );
    return error instanceof FarmError && error.code === 'CLIENT-REGISTER-UNKNOWN'
      ? EXIT.usage
      : EXIT.noAnswer;
  } finally {
    await database.close();
  }
}

void main().then((code) => {
  process.exitCode = code;
});
