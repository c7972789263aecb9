import type { World } from '../rack/world';

/** Prometheus text: sums over all modules. */
export function metricsText(world: World): string {
  const { modules } = world;
  const sum = (of: (module: (typeof modules)[number]) => number): number =>
    modules.reduce((total, module) => total + of(module), 0);
  const lines: [name: string, type: string, help: string, value: number][] = [
    ['emulator_modules', 'gauge', 'Modules in the emulator', modules.length],
    ['emulator_modules_powered', 'gauge', 'Modules with power', sum((module) => (module.isPowered ? 1 : 0))],
    [
      'emulator_modules_with_host',
      'gauge',
      'Modules a host is connected to',
      sum((module) => (module.hasHost ? 1 : 0)),
    ],
    [
      'emulator_documents_total',
      'counter',
      'Fiscal documents in all FNs',
      sum((module) => module.fn?.state.lastFd ?? 0),
    ],
    [
      'emulator_unsent_documents',
      'gauge',
      'Documents without an operator receipt',
      sum((module) => module.fn?.state.unsent.length ?? 0),
    ],
    ['emulator_faults_active', 'gauge', 'Faults in force', sum((module) => module.faults.list().length)],
    ['emulator_rss_bytes', 'gauge', 'Memory of the process', process.memoryUsage.rss()],
  ];
  return lines
    .map(([name, type, help, value]) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`)
    .join('');
}
