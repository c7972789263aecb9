import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { droppedLogLines } from './log';

/** A process's own registry: Node's default metrics, labelled with the application; more are added by its parts. */
export function createMetrics(app: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'kkt_log_dropped_lines',
    help: 'Log lines lost because nobody read the output',
    registers: [registry],
    collect() {
      this.set(droppedLogLines());
    },
  });
  return registry;
}

/** Shows numbers that a part of the process counts itself as gauges, read at each scrape. */
export function watchNumbers(
  registry: Registry,
  prefix: string,
  help: string,
  read: () => Record<string, number | boolean>,
): void {
  for (const name of Object.keys(read())) {
    new Gauge({
      name: `${prefix}_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
      help: `${help}: ${name}`,
      registers: [registry],
      collect() {
        this.set(Number(read()[name] ?? 0));
      },
    });
  }
}
