import { type Metric, type MetricValue, numberOf, prometheusName } from './metric';
import { METRICS } from './registry';

/** A register with what was read of it last. */
export interface ReadRegister {
  labels: Readonly<Record<string, string>>;
  values: Readonly<Record<string, MetricValue>>;
}

const escapeLabel = (text: string): string =>
  text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');

const labelText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${escapeLabel(value)}"`)
    .join(',');

const typeOf = ({ kind }: Metric): string => (kind === 'counter' ? 'counter' : 'gauge');

/** Money is shown in kopecks, as it is stored: no fraction is ever made. */
function* linesOf(
  metric: Metric,
  registers: readonly ReadRegister[],
  labels: readonly string[],
): Iterable<string> {
  const name = prometheusName(metric);
  let isFirst = true;
  for (const [index, { values }] of registers.entries()) {
    const value = values[metric.key];
    const number = numberOf(value);
    const isText = metric.kind === 'text' && typeof value === 'string' && value !== '';
    if (!isText && number === undefined) continue;
    if (isFirst) yield `# HELP ${name} ${metric.en} (${metric.source})\n# TYPE ${name} ${typeOf(metric)}\n`;
    isFirst = false;
    yield isText
      ? `${name}{${labels[index]},value="${escapeLabel(value)}"} 1\n`
      : `${name}{${labels[index]}} ${number}\n`;
  }
}

/**
 * Text of `/metrics/registers` in parts, one metric each, so that a hall of 17,280 registers never stands in memory as
 * one text. `keys` narrows it to some metrics.
 */
export function* prometheusText(
  registers: readonly ReadRegister[],
  keys?: ReadonlySet<string>,
): Iterable<string> {
  const labels = registers.map((register) => labelText(register.labels));
  for (const metric of METRICS) {
    if (keys && !keys.has(metric.key)) continue;
    const lines = [...linesOf(metric, registers, labels)];
    if (lines.length > 0) yield lines.join('');
  }
}

/** The sixteen that alerts and walls need: what a large hall should scrape every minute. */
export const FLEET_KEYS: ReadonlySet<string> = new Set([
  'up',
  'serving',
  'state',
  'command_p95',
  'command_errors',
  'reconnects',
  'receipts',
  'shift_open',
  'shift_left',
  'clock_offset',
  'fn_phase',
  'fn_critical',
  'fn_documents',
  'fn_documents_left',
  'ofd_unsent',
  'ofd_unsent_age',
]);
