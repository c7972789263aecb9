import childProcess from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';

/**
 * Lets this process and every Node.js process that it starts from now on write a CPU and a sampled allocation profile
 * when it ends. Node.js refuses these options in NODE_OPTIONS, so they are put before the arguments of each child.
 * @returns writes the profiles of this process
 */
export function profileAll(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const options = ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--heap-prof', `--heap-prof-dir=${folder}`];
  const plain = childProcess.spawn;
  const spawn = (command: string, args?: unknown, more?: unknown): unknown =>
    command === process.execPath && Array.isArray(args)
      ? plain(command, [...options, ...(args as string[])], more as childProcess.SpawnOptions)
      : plain(command, args as string[], more as childProcess.SpawnOptions);
  Object.assign(childProcess, { spawn });
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.start');
  session.post('HeapProfiler.enable');
  session.post('HeapProfiler.startSampling');
  process.stderr.write(`profiles go to ${folder}; do not compare the figures of a profiled run\n`);
  return () => {
    // Callbacks of a session of one's own thread come before `post` returns.
    const write = (ending: string, profile: object): void =>
      writeFileSync(join(folder, `bench-${process.pid}.${ending}`), JSON.stringify(profile));
    session.post('Profiler.stop', (error, { profile } = { profile: {} as never }) => {
      if (!error) write('cpuprofile', profile);
    });
    session.post('HeapProfiler.stopSampling', (error, { profile } = { profile: {} as never }) => {
      if (!error) write('heapprofile', profile);
    });
  };
}
