import { prometheusName } from './metric';
import { HISTORY, METRICS } from './registry';

const periods = {
  driver: 'known to the driver',
  minute: '1 min',
  'ten-minutes': '10 min',
  hour: '1 h',
} as const;

/** docs/reference/metrics.md: written from the registry, held to it by a test. */
export function metricsDocument(): string {
  const rows = METRICS.map((metric, index) => {
    const values = metric.values
      ? `: ${Object.entries(metric.values)
          .map(([value, meaning]) => `${value} ${meaning}`)
          .join(', ')}`
      : '';
    return `| ${index + 1} | \`${prometheusName(metric)}\` | ${metric.kind} | ${metric.en}${values} | ${metric.source} | ${periods[metric.period]} | ${metric.column === undefined ? '' : 'yes'} |`;
  });
  return `# Readings of a register

Written from \`libs/readings\`; do not edit (\`UPDATE_DOCUMENTS=1 npx jest --selectProjects unit -- libs/readings\` writes it). ${METRICS.length} readings of each register, ${HISTORY.length} of them with a history: every minute for 24 hours, every hour for 13 months. Names are those of \`/metrics/registers\` on the console; the Zabbix keys are \`farm.kkt.<reading>[serial]\`.

A register that sells is asked less often: a reading waits until the register is at rest, at most ten times its period.

| # | Name | Kind | Meaning | Source | Read every | History |
|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
}
