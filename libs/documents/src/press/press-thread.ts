import { parentPort } from 'node:worker_threads';
import { draw, type PrintJob, type PrintResult } from './draw';

/** The thread that draws: one order after another, so that a flood of them takes one processor and no more. */
parentPort?.on('message', ({ id, kind, paper }: PrintJob) => {
  draw(kind, paper).then(
    (bytes) => parentPort?.postMessage({ id, bytes } satisfies PrintResult),
    (error: unknown) =>
      parentPort?.postMessage({
        id,
        error: error instanceof Error ? error.message : String(error),
      } satisfies PrintResult),
  );
});
