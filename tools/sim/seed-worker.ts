import { type FromWorker, runHere, type ToWorker } from './run-seeds';

/** A process of a simulation of many seeds: asks its parent for one seed after another. */
const waiting: ((seed: number | undefined) => void)[] = [];
const send = (message: FromWorker): void => void process.send?.(message);
const next = (): Promise<number | undefined> =>
  new Promise((resolve) => {
    waiting.push(resolve);
    send({ wants: 'seed' });
  });

process.on('message', (message: ToWorker) => {
  if ('order' in message)
    runHere(message.order, next, (result) => send({ result })).then(
      () => process.disconnect(),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        process.exit(1);
      },
    );
  else waiting.shift()?.(message.seed);
});
// The parent is gone: nobody waits for the results.
process.once('disconnect', () => process.exit());
